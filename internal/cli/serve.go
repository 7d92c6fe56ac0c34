package cli

import (
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"collateral/internal/collateral"
)

func newServe(p Process) *cobra.Command {
	settings := slices.Concat(storeSettings(), serverSettings(), mailSettings(), webhookSettings(), privacySettings())
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the registry",
		Long: `Serve the registry. SIGTERM, or Ctrl-C, lets running requests and jobs finish; a second one ends at once.

Only one process may serve a data folder; the other commands work beside it.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			if err := cfg.setChildren(); err != nil {
				return err
			}
			log := cfg.logger(p.Stderr)
			slog.SetDefault(log)
			warnOfMail(cfg, log)
			return Serve(cmd.Context(), cfg, log, func(at Running) {
				collectSeldom(p.Getenv) // from now on: what the start left behind goes as it would
				text := fmt.Sprintf("The registry listens on %s\n", at.URL)
				if !at.HasUsers {
					text += fmt.Sprintf(howToBegin, at.SetupURL, firstAdmin(p.Args[0], cfg), collateral.MinPassword)
				}
				say(p.Stdout, "%s", text)
			})
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

// howToBegin takes the address of the page, a command line and the least length of a password.
const howToBegin = `
Nobody has an account yet. Whoever opens this address first becomes the admin; it holds until then, for as long as this
process runs:

  %s

Without a browser, make the first admin with

  %s

and type a password of at least %d characters, then Enter.
`
