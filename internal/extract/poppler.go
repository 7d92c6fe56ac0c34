package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// errNotStarted means that the tool never got to see the document.
var errNotStarted = errors.New("extract: pdftotext does not start")

// popplerForbidden is how pdftotext exits when the author forbade copying of text.
const popplerForbidden = 3

// readPDFByPoppler has pdftotext read the document and kills it when ctx ends.
func readPDFByPoppler(ctx context.Context, tool string, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	f, done, err := asFile(r, size)
	if err != nil {
		return Result{}, err
	}
	defer done()
	ctx, kill := context.WithCancel(ctx)
	defer kill()

	// One page more than may be kept, so that the collector notices when there are more.
	cmd := exec.CommandContext(ctx, tool, "-enc", "UTF-8", "-eol", "unix", "-l", strconv.Itoa(lim.Pages+1), f.Name(), "-")
	cmd.Stdin = f // in a child, the document's name is /dev/stdin
	var said beginning
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Result{}, fmt.Errorf("connecting to pdftotext: %w", err)
	}
	dieWithParent(cmd)
	runtime.LockOSThread() // the "parent" it dies with is a thread
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return Result{}, fmt.Errorf("%w: %v", errNotStarted, err)
	}
	text, readErr := io.ReadAll(io.LimitReader(out, 2*lim.Output))
	if int64(len(text)) == 2*lim.Output {
		kill()
		_ = cmd.Wait() // it was killed: there is enough text
	} else if err := cmd.Wait(); err != nil {
		return Result{}, popplerFailure(ctx, err, said.String())
	}
	if readErr != nil {
		return Result{}, fmt.Errorf("reading from pdftotext: %w", readErr)
	}

	c := collector{lim: lim}
	for page := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\f")), []byte("\f")) {
		if !c.add(string(page)) {
			break
		}
	}
	withoutRunningLines(c.pages)
	return c.result("pdftotext"), nil
}

func popplerFailure(ctx context.Context, err error, said string) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &exit):
		return fmt.Errorf("waiting for pdftotext: %w", err)
	case exit.ExitCode() == popplerForbidden, strings.Contains(said, "Incorrect password"):
		return fmt.Errorf("%w: %s", Encrypted, said)
	case strings.Contains(said, "Couldn't open file"):
		return fmt.Errorf("%w: %s", errNotStarted, said)
	case outOfMemory(said):
		return fmt.Errorf("%w: pdftotext needs more memory than it may have", TooLarge)
	default:
		return fmt.Errorf("%w: pdftotext: %v: %s", Damaged, err, said)
	}
}

// outOfMemory recognises the last words of programs that reach their memory limit.
func outOfMemory(said string) bool {
	for _, words := range []string{"out of memory", "Out of memory", "cannot allocate memory", "bad_alloc", "stack exceeds"} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return false
}
