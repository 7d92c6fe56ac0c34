package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"collateral/internal/store"
)

func newMigrate(p Process) *cobra.Command {
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Make the database, or bring it up to date",
		Long:  "Make the database, or bring it up to date. Every other command does so too before it begins.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			s, err := store.Open(cmd.Context(), cfg.DatabaseURL)
			if err != nil {
				return err
			}
			return errors.Join(migrate(cmd.Context(), s, p.Stdout), s.Close())
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

// migrate brings the database up to date and says what that was.
func migrate(ctx context.Context, s *store.Store, out io.Writer) error {
	before, err := s.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	after, err := s.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	switch before {
	case 0:
		say(out, "Made the database, with schema %d.\n", after)
	case after:
		say(out, "The database is up to date already, at schema %d.\n", after)
	default:
		say(out, "Brought the database from schema %d to %d.\n", before, after)
	}
	return nil
}
