package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"collateral/internal/cli"
)

// TestMain lets the measured program and the bare server be this binary.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		fail(serveBare(os.Args[2], os.Stdout))
		return
	}
	testscript.Main(m, map[string]func(){"collateral": func() {
		os.Exit(cli.Main(cli.UntilSignal(), cli.Process{
			Args: os.Args, Getenv: os.Getenv, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		}))
	}})
}

// TestEverythingIsMeasured runs each experiment as small as it goes: what it measures means nothing, that it can does.
func TestEverythingIsMeasured(t *testing.T) {
	t.Parallel()
	for _, e := range experiments() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := run(t.Context(), []string{"-quick", "-program", "collateral", "-run", "^" + e.name + "$"}, &out); err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			if !strings.Contains(out.String(), e.title) {
				t.Errorf("got no table of %q:\n%s", e.title, &out)
			}
		})
	}
}

func TestTableSaysWhetherAimsAreMet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	tables := []table{{experiment: experiment{title: "Walking"}, rows: []row{
		{what: "to the door", measured: "3 s", checks: []check{atMost(4, 3, " s", "p50"), atLeast(0.5, 0.4, "of running")}, limit: "legs"},
		skipped("to the moon", "there is no bridge"),
	}}}
	if err := keep(path, machine{processor: "abacus"}, tables); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"abacus", "## Walking",
		"| to the door | 3 s | met: 3 s p50 (aim: at most 4 s); MISSED: 0.4 of running (aim: at least 0.5) | legs |",
		"| to the moon | not measured: there is no bridge |",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got a table without %q:\n%s", want, text)
		}
	}
}
