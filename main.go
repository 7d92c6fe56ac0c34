// Collateral is a registry of sales collateral. See internal/cli for its commands.
package main

import (
	"os"

	"collateral/internal/cli"
)

func main() {
	os.Exit(cli.Main(cli.UntilSignal(), cli.Process{
		Args: os.Args, Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}))
}
