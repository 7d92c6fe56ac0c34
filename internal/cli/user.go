package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/store"
)

func newUser(p Process) *cobra.Command {
	return group(&cobra.Command{Use: "user", Short: "Accounts"}, newUserAdd(p), newUserData(p), newUserAnonymise(p))
}

func newUserAdd(p Process) *cobra.Command {
	var (
		person    collateral.NewUser
		roles     []string
		fromStdin bool
		settings  = storeSettings()
	)
	cmd := &cobra.Command{
		Use:   "add EMAIL --name NAME --role ROLE... [--password-stdin]",
		Short: "Make an account",
		Long: `Make an account. It may be called before the first serve, and beside a running one.

The roles are rep, marketer, approver, leader and admin; a person may hold several, but never marketer with approver.
Without --password-stdin a password is made up and printed once.`,
		Example: `  echo 'correct horse battery' | collateral user add ada@example.com --name "Ada Lane" --role admin,leader --password-stdin`,
		Args:    oneAddress,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			person.Email = args[0]
			for _, r := range roles {
				person.Roles = append(person.Roles, collateral.Role(strings.TrimSpace(r)))
			}
			password := ""
			if fromStdin {
				if password, err = readPassword(p.Stdin); err != nil {
					return err
				}
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error {
				return addUser(cmd.Context(), s, person, password, p.Stdout)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&person.Name, "name", "", "the person's `NAME`")
	flags.StringVar(&person.Team, "team", "", "the person's `TEAM`")
	flags.StringSliceVar(&roles, "role", nil, "`ROLE` to give: repeat it, or separate several by commas")
	flags.BoolVar(&fromStdin, "password-stdin", false, "read the password from standard input")
	addFlags(flags, settings)
	return cmd
}

// addUser makes the account, without a password with one that is made up and told.
func addUser(ctx context.Context, s *store.Store, person collateral.NewUser, password string, out io.Writer) error {
	user, initial, err := access.New(s).CreateUser(ctx, nil, person, password)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Added %s as %s.\n", user.Email, join(user.Roles))
	if password == "" {
		text += fmt.Sprintf("The password, shown this once: %s\n", initial)
	}
	_, err = io.WriteString(out, text)
	return err
}

// oneAddress takes the address, and explains the likeliest mistake: roles one after another.
func oneAddress(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return usageError("Give the e-mail address of the new account.")
	case len(args) > 1:
		return usageError(fmt.Sprintf("One e-mail address is expected, and %q came too. Give several roles as --role rep,leader or --role rep --role leader.", args[1]))
	}
	return nil
}

// maxPasswordInput bounds what is read from standard input, in bytes.
const maxPasswordInput = 4*collateral.MaxPassword + 2

// readPassword reads one line. A password that is missing is refused: an empty one would be made up instead.
func readPassword(stdin io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(stdin, maxPasswordInput)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", errors.New("standard input holds no password")
	}
	return password, nil
}

func join(roles []collateral.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
