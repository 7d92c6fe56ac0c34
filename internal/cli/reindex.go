package cli

import (
	"context"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"collateral/internal/store"
)

func newReindex(p Process) *cobra.Command {
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Have the search index brought up to date with the database",
		Long: `Have the search index brought up to date with the database: everything published is put in again, everything else
taken out. On a search server a new index is made beside the one that answers, and swapped in when it is complete. A running
server does the work, or the next one: this command only asks for it.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error { return reindex(cmd.Context(), s, p.Stdout) })
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

func reindex(ctx context.Context, s *store.Store, out io.Writer) error {
	published, err := s.PublishedIDs(ctx)
	if err != nil {
		return err
	}
	if err := s.Enqueue(ctx, jobReindex, uuid.Nil); err != nil {
		return err
	}
	say(out, "The running server, or the next one, brings the search index up to date with what is published: %d now.\n", len(published))
	return nil
}
