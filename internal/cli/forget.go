package cli

import (
	"context"

	"github.com/spf13/cobra"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/privacy"
	"collateral/internal/sharing"
	"collateral/internal/store"
)

func newUserData(p Process) *cobra.Command {
	return privacyCommand(p, &cobra.Command{
		Use:   "data EMAIL",
		Short: "Write everything that is kept of a person, as JSON",
		Long: `Write everything that is kept of a person to standard output, as JSON, for whoever has to answer that person. That it was
done is audited. People with an account get the same by themselves, on the page of their account.`,
		Example: `  collateral user data rita@example.com >data.json`,
	}, func(ctx context.Context, s *store.Store, email string) error {
		return onPerson(ctx, s, email, func(erasing *privacy.Privacy, user collateral.User) error {
			return erasing.WriteData(ctx, user.ID, p.Stdout)
		})
	})
}

func newUserAnonymise(p Process) *cobra.Command {
	account := false
	cmd := privacyCommand(p, &cobra.Command{
		Use:   "anonymise EMAIL [--account]",
		Short: "Forget who a person was in uses and searches, or altogether",
		Long: `Forget who a person was in all uses and searches so far. A running server does it, or the next one that runs; no figure of a
piece changes. With --account the account is anonymised as well, which must have been deactivated: name, address, team and
password are replaced by nobody's. Neither can be undone.`,
	}, func(ctx context.Context, s *store.Store, email string) error {
		return onPerson(ctx, s, email, func(erasing *privacy.Privacy, user collateral.User) error {
			forget, said := erasing.ForgetUses, "Uses and searches of %s will forget who it was.\n"
			if account {
				forget, said = erasing.ForgetAccount, "The account of %s is anonymised. Uses and searches follow.\n"
			}
			if err := forget(ctx, nil, user.ID); err != nil {
				return err
			}
			say(p.Stdout, said, email)
			return nil
		})
	})
	cmd.Flags().BoolVar(&account, "account", false, "the account as well, of somebody who left")
	return cmd
}

func newVisitor(p Process) *cobra.Command {
	return group(&cobra.Command{Use: "visitor", Short: "Buyers who came by a link"}, privacyCommand(p, &cobra.Command{
		Use:   "forget ADDRESS",
		Short: "Forget a buyer's e-mail address",
		Long: `Take a buyer's e-mail address out of visits, and out of links that were for it, with the name there. Visits stay and tell of
nobody. It cannot be undone.`,
	}, func(ctx context.Context, s *store.Store, email string) error {
		forgotten, err := (&sharing.Sharing{Store: s}).ForgetAddress(ctx, nil, email)
		if err != nil {
			return err
		}
		say(p.Stdout, "The address is forgotten: %d visitors and %d links had it.\n", forgotten.Visitors, forgotten.Links)
		return nil
	}))
}

// privacyCommand is a command on the database about one address.
func privacyCommand(p Process, cmd *cobra.Command, run func(ctx context.Context, s *store.Store, email string) error) *cobra.Command {
	settings := storeSettings()
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("Give one e-mail address.")
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
		if err != nil {
			return err
		}
		return withStore(cmd.Context(), cfg, func(s *store.Store) error { return run(cmd.Context(), s, args[0]) })
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

// onPerson does something about the person with the address.
func onPerson(ctx context.Context, s *store.Store, email string, do func(erasing *privacy.Privacy, user collateral.User) error) error {
	user, err := access.New(s).UserByEmail(ctx, email)
	if err != nil {
		return err
	}
	return do(&privacy.Privacy{Store: s}, user)
}
