// Package cli is the program: its commands, its configuration, and the one place where engines are opened and put
// together with the use cases. It decides nothing about collateral.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"collateral/internal/collateral"
)

// Process is what the program gets from whoever starts it.
type Process struct {
	Args   []string // the name it was called by comes first
	Getenv func(string) string
	Stdin  *os.File
	Stdout io.Writer
	Stderr io.Writer
}

// The exit codes of Main.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // called in a way that it cannot be
)

// Main runs one command until it is done or ctx ends, says on standard error what went wrong, and returns the exit code.
func Main(ctx context.Context, p Process) int {
	root := newRoot(p) //nolint:contextcheck // commands get theirs from ExecuteContextC
	root.SetArgs(p.Args[1:])
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)

	cmd, err := root.ExecuteContextC(ctx)
	var misuse usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &misuse):
		say(p.Stderr, "%s\nSee %s --help.\n", misuse, cmd.CommandPath())
		return exitUsage
	default:
		say(p.Stderr, "%s: %s\n", cmd.CommandPath(), explain(err))
		return exitFailed
	}
}

func newRoot(p Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "collateral",
		Short: "A registry of sales collateral: signed off by Sales, found by buying stage, measured in the field",
		Long: `A registry of sales collateral: signed off by Sales, found by buying stage, measured in the field.

Every setting is a flag, else an environment variable, else its default. DATA stands for the folder of --data.

Settings of every command:
` + settingsTable(storeSettings()) + `
Settings of the commands that serve:
` + settingsTable(serverSettings()) + `
Settings of serve, to mail notices:
` + settingsTable(mailSettings()) + `
Settings of serve, to tell other systems:
` + settingsTable(webhookSettings()) + `
Settings of serve, for the pages on what is recorded:
` + settingsTable(privacySettings()),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError(err.Error()) })
	group(root, newServe(p), newDemo(p), newReady(p), newMigrate(p), newReindex(p), newExport(p), newImport(p), newImportLibrary(p),
		newExportLibrary(p), newReport(p), newJudgeVisits(p), newUser(p), newVisitor(p), newExtractChild(p), newMarkChild(p))
	return root
}

// group makes cmd a name for its subcommands, which does nothing itself.
func group(cmd *cobra.Command, subcommands ...*cobra.Command) *cobra.Command {
	cmd.AddCommand(subcommands...)
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		message := fmt.Sprintf("There is no command %q.", args[0])
		if close := cmd.SuggestionsFor(args[0]); len(close) > 0 {
			message += " Did you mean " + strings.Join(close, " or ") + "?"
		}
		return usageError(message)
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// noArgs refuses words that are not flags.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(fmt.Sprintf("This command takes no arguments, and got %q.", args[0]))
	}
	return nil
}

// explain writes an error for whoever typed the command: a refusal's fields a line each, named without the slash. What
// does not answer is told with everything known about it: here is who can mend it.
func explain(err error) string {
	var refusal *collateral.Error
	if !errors.As(err, &refusal) || refusal.Kind == collateral.Unavailable || refusal.Kind == collateral.Full {
		return err.Error()
	}
	lines := []string{refusal.Message}
	for _, f := range refusal.Fields {
		if f.Detail != refusal.Message {
			lines = append(lines, "  "+strings.TrimLeft(f.Pointer, "/?")+": "+f.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

// say writes to whoever is at the terminal. One that is gone is no reason to fail.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
