package cli

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
)

func newReindex(p Process) *cobra.Command {
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "reindex",
		Short: "Have the search index brought up to date with the database",
		Long: `Have the search index brought up to date with the database: everything published is put in again, everything else
taken out. The running server does the work, or the next one: this command only asks for it.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			s, err := openStore(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer s.Close()
			published, err := s.PublishedIDs(cmd.Context())
			if err != nil {
				return err
			}
			if err := s.Enqueue(cmd.Context(), jobReindex, uuid.Nil); err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, "The running server, or the next one, brings the search index up to date with what is published: %d now.\n", len(published))
			return nil
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}
