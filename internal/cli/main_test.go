package cli_test

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"collateral/internal/cli"
)

// TestMain lets scripts and tests call this binary as "collateral": as the program itself.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"collateral": func() {
		os.Exit(cli.Main(cli.UntilSignal(), cli.Process{
			Args: os.Args, Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		}))
	}})
}
