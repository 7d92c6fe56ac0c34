package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"collateral/internal/machines"
	"collateral/internal/sharing"
	"collateral/internal/store"
)

func newJudgeVisits(p Process) *cobra.Command {
	settings := storeSettings()
	var dry bool
	cmd := &cobra.Command{
		Use:   "judge-visits",
		Short: "Judge the visits of links again by the rules of this program",
		Long: `Judge the visits of links again by the rules of this program: which were of people, and which of machines. Visits that
ended and were judged by other rules are looked at. What changes moves figures of the past, so a note is written that is shown
with them. A server may run meanwhile. Broken off, the next call goes on.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error { return judgeVisits(cmd.Context(), s, dry, p.Stdout) })
		},
	}
	addFlags(cmd.Flags(), settings)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "tell what would change, and change nothing")
	return cmd
}

func judgeVisits(ctx context.Context, s *store.Store, dry bool, out io.Writer) error {
	rules, err := machines.Default()
	if err != nil {
		return err
	}
	note, err := (&sharing.Sharing{Store: s, Rules: rules}).JudgeAgain(ctx, dry)
	if err != nil {
		return err
	}
	switch {
	case note.Visits == 0:
		say(out, "All visits that ended were judged by rules %s already.\n", note.Rules)
	case dry:
		say(out, "By rules %s, of %d visits %d would count that did not, and %d would no longer count.\n", note.Rules, note.Visits, note.CameIn, note.FellOut)
	default:
		say(out, "%s\n", sharing.SayNote(note))
	}
	return nil
}
