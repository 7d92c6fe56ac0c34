package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// experiment is something to measure, with all that has to be set up for it.
type experiment struct {
	name    string // for --run
	title   string
	measure func(*bench, context.Context) ([]row, error)
}

func experiments() []experiment {
	return []experiment{
		{"search", "Search", (*bench).searches},
		{"page", "The page for searching", (*bench).pages},
		{"publish", "From the signature to being found", (*bench).publications},
		{"files", "Files", (*bench).files},
		{"stored", "Files in an S3 store", (*bench).stored},
		{"events", "Uses", (*bench).events},
		{"flood", "Uses without a pause", (*bench).floods},
		{"report", "The report of what goes unused", (*bench).reports},
		{"import", "A library brought in whole", (*bench).imports},
		{"start", "Starting", (*bench).starting},
		{"replicas", "Several replicas", (*bench).replicas},
	}
}

// bench is one run.
type bench struct {
	options
	scale    scale
	machine  machine
	self     string // path of this program, which is the bare server too
	folder   string // holds everything that is made
	postgres string // address of a server; empty when there is none
	out      io.Writer

	libraries map[int]*library // see libraryOf
}

// scale is how much is done.
type scale struct {
	libraries    []int         // pieces in the libraries that are searched, the smallest first
	round        time.Duration // of load at a time
	rounds       int           // of each side of a comparison, in turns
	history      int           // uses in the report
	pieces       int           // that the report is about
	reports      int
	publications int // timed
	queue        int // documents that wait meanwhile
	largeFile    int64
	object       int64         // bytes of a file in an S3 store
	storedRounds int           // of each side of a comparison there
	storedAge    time.Duration // that a file there has when it is fetched again and again
	batches      int
	settle       time.Duration // after which an idle server's memory is read
	imported     int           // files
	killEvery    time.Duration // of replicas
	kills        int
}

func fullScale() scale {
	return scale{
		libraries: []int{10_000, 100_000}, round: time.Second, rounds: 3,
		history: 1_000_000, pieces: 10_000, reports: 40,
		publications: 40, queue: 1000, largeFile: 2 << 30, object: 100 << 20, storedRounds: 5, storedAge: time.Minute, batches: 20,
		settle: time.Minute, imported: 3500, killEvery: 10 * time.Second, kills: 3,
	}
}

func quickScale() scale {
	return scale{
		libraries: []int{50}, round: 20 * time.Millisecond, rounds: 1,
		history: 500, pieces: 50, reports: 2,
		publications: 1, queue: 2, largeFile: 2 << 20, object: 9 << 20, storedRounds: 1, batches: 1,
		settle: 10 * time.Millisecond, imported: 5, killEvery: 10 * time.Millisecond, kills: 1,
	}
}

// newBench builds the program, unless it is given, and makes a folder to work in.
func newBench(ctx context.Context, o options, out io.Writer) (_ *bench, err error) {
	b := &bench{options: o, scale: fullScale(), postgres: os.Getenv("TEST_DATABASE_URL"), out: out, libraries: make(map[int]*library)}
	if o.quick {
		b.scale = quickScale()
		b.flood = b.scale.round
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.folder, err = os.MkdirTemp("", "collateral-bench-"); err != nil {
		return nil, err
	}
	if b.program == "" {
		b.program = filepath.Join(b.folder, "collateral")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.program, ".")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, errors.Join(fmt.Errorf("building the program: %w: %s", err, out), b.close())
		}
	}
	if b.machine, err = describeMachine(b.folder); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) close() error { return os.RemoveAll(b.folder) }

// place makes a folder of its own.
func (b *bench) place(name string) (string, error) { return os.MkdirTemp(b.folder, name+"-") }

// say tells what is going on, since a run takes long.
func (b *bench) say(format string, args ...any) {
	tell(b.out, "... "+format+"\n", args...)
}

// tell writes to whoever looks on; when nobody does any more, measuring goes on.
func tell(out io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(out, format, args...)
}
