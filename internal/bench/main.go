// Command bench measures the program as the people who use it meet it: it builds the binary, fills registries with an
// invented library, starts servers on them and asks over HTTP. What can be compared is compared within the same run: with
// the bare search index, a bare file server, plain inserts. It prints a table, and a full run keeps it.
//
// It knows the program by its command line, its contract and its tables; the only parts of it that it calls are those a
// figure stands beside. It is no test: it fails when something cannot be measured, not when it is slow.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		fail(serveBare(os.Args[2], os.Stdout))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fail(run(ctx, os.Args[1:], os.Stdout))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what the command line asks for.
type options struct {
	wanted  *regexp.Regexp // of experiments' names
	quick   bool
	program string        // path of the binary; empty to build it
	keep    string        // path of the document; empty to keep nothing
	flood   time.Duration // of uses without a pause; 0 for none
}

func readOptions(args []string, out io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	pattern := flags.String("run", ".", "measure only what matches this `REGEXP`; then nothing is kept")
	flags.BoolVar(&o.quick, "quick", false, "measure as little as possible: to see that it works, not for the figures; nothing is kept")
	flags.StringVar(&o.program, "program", "", "measure this `BINARY` instead of building one")
	flags.StringVar(&o.keep, "keep", "", "keep the table of a full run in this `FILE`")
	flags.DurationVar(&o.flood, "flood", 0, "report uses without a pause for that `TIME`, an hour at most")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if o.flood < 0 || o.flood > time.Hour {
		return o, fmt.Errorf("reading --flood: %s is not between 0 and an hour", o.flood)
	}
	if o.wanted, err = regexp.Compile(*pattern); err != nil {
		return o, fmt.Errorf("reading --run: %w", err)
	}
	if o.quick || *pattern != "." {
		o.keep = ""
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := readOptions(args, out)
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	var tables []table
	for _, e := range experiments() {
		if !o.wanted.MatchString(e.name) {
			continue
		}
		rows, err := e.measure(b, ctx)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", e.name, err)
		}
		t := table{experiment: e, rows: rows}
		t.print(out)
		tables = append(tables, t)
	}
	if o.keep == "" {
		return nil
	}
	return keep(o.keep, b.machine, tables)
}
