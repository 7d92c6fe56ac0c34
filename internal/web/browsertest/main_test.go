package browsertest_test

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"collateral/internal/cli"
	"collateral/internal/web/browsertest"
)

// TestMain lets tests call this binary as "collateral": as the program itself.
func TestMain(m *testing.M) {
	testscript.Main(ended{m}, map[string]func(){"collateral": func() {
		os.Exit(cli.Main(cli.UntilSignal(), cli.Process{
			Args: os.Args, Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		}))
	}})
}

// ended runs the tests of a binary, and ends afterwards what they share.
type ended struct{ m *testing.M }

func (e ended) Run() int {
	defer shared.end()
	return browsertest.Run(e.m)
}
