package extract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"time"
)

// Runner extracts in a child process, so that a document that loops, crashes or eats memory harms nobody else. The
// zero Runner with Limits set extracts in this process.
type Runner struct {
	// Command starts this program so that it calls ChildMain with the arguments that follow; typically its own path
	// and the name of a hidden command. Empty: no child.
	Command []string

	Limits Limits
}

// grace is what a child has beyond the limit on time to start, to notice by itself, and to answer.
const grace = 2 * time.Second

// Extract reads a document as the function of that name does, with the same results and errors. An *os.File is
// handed to the child as it is; from anything else the bytes are copied to a temporary file first.
func (x Runner) Extract(ctx context.Context, mediaType string, r io.ReaderAt, size int64) (Result, error) {
	// What can be refused at once needs no child.
	if len(x.Command) == 0 || !Supported(mediaType) || size > x.Limits.Input {
		return Extract(ctx, mediaType, r, size, x.Limits)
	}
	f, done, err := asFile(r, size)
	if err != nil {
		return Result{}, err
	}
	defer done()
	limits, err := json.Marshal(x.Limits)
	if err != nil {
		return Result{}, fmt.Errorf("writing down limits: %w", err)
	}

	timed, cancel := context.WithTimeout(ctx, x.Limits.Time+grace)
	defer cancel()
	out := capped{left: maxAnswer(x.Limits)}
	var said beginning
	cmd := exec.CommandContext(timed, x.Command[0], append(x.Command[1:len(x.Command):len(x.Command)], mediaType, string(limits))...)
	cmd.Stdin = f
	cmd.Stdout = &out
	cmd.Stderr = &said
	cmd.WaitDelay = time.Second // what the child started may hold its pipes open
	dieWithParent(cmd)

	runtime.LockOSThread() // the "parent" it dies with is a thread
	defer runtime.UnlockOSThread()
	if err := cmd.Run(); err != nil {
		switch {
		case ctx.Err() != nil:
			return Result{}, ctx.Err()
		case timed.Err() != nil:
			return Result{}, fmt.Errorf("%w: the reading process was killed", TimedOut)
		case out.left < 0:
			return Result{}, fmt.Errorf("%w: the reading process does not stop talking", TooLarge)
		}
		return Result{}, childFailure(err, said.String())
	}
	return readAnswer(out.kept.Bytes())
}

// childFailure tells a document that broke its reader from a reader that could not do its work.
func childFailure(err error, said string) error {
	var exit *exec.ExitError
	switch {
	case !errors.As(err, &exit), exit.ExitCode() == 1: // what ChildMain's caller exits with when that returns an error
		return fmt.Errorf("running the reading process: %w: %s", err, said)
	case outOfMemory(said), exit.ExitCode() == -1: // killed, and not by us: the system ran out of memory
		return fmt.Errorf("%w: the reading process needs more memory than it may have", TooLarge)
	default:
		return fmt.Errorf("%w: the reading process ended with %v: %s", Damaged, err, said)
	}
}

// maxAnswer is how long the child's answer may be: in JSON a character takes twice its room at most, since control
// characters do not get there.
func maxAnswer(lim Limits) int64 { return 2*lim.Output + 8*int64(lim.Pages) + 64<<10 }

// capped is a buffer that takes so much and no more.
type capped struct {
	kept bytes.Buffer
	left int64
}

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		return 0, io.ErrShortWrite
	}
	return c.kept.Write(p)
}
