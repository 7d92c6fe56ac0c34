package office

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// contained sets limits that hold for whatever is started within, and becomes the program. What is left to itself, as when this
// process was killed, ends when it has used up its time on the processor. Others who want the processor come first.
const contained = `ulimit -c 0 && ulimit -d "$1" && ulimit -f "$2" && ulimit -t "$3" || exit 126
shift 3
exec nice -n 10 "$@"`

// What a shell exits with that cannot start a program. Anything else is LibreOffice's word on the file.
const (
	notStarted = 126
	notFound   = 127
)

// run has LibreOffice convert what is in the room.
func (c *Converter) run(ctx context.Context, f format, in room) error {
	timed, cancel := context.WithTimeout(ctx, c.limits.Time)
	defer cancel()
	var said beginning
	runtime.LockOSThread() // the "parent" that the process ends with is a thread
	defer runtime.UnlockOSThread()
	cmd := c.command(timed, f, in, &said)
	apart(cmd)
	err := cmd.Start()
	if err != nil { // not everywhere may a user have namespaces
		cmd = c.command(timed, f, in, &said)
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("starting LibreOffice: %w", err)
	}
	err = cmd.Wait()
	endGroup(cmd)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case timed.Err() != nil:
		return fmt.Errorf("%w: it takes longer than %s", ErrNone, c.limits.Time)
	case errors.Is(err, exec.ErrWaitDelay):
		return nil // it ended well, and something that it started held on to its output
	case !errors.As(err, &exit), exit.ExitCode() == notStarted, exit.ExitCode() == notFound:
		return fmt.Errorf("running %s: %w: %s", c.program, err, said.String())
	default:
		return fmt.Errorf("%w: LibreOffice ended with %v: %s", ErrNone, err, said.String())
	}
}

// command is LibreOffice in its limits, in a group of processes that ends with ctx.
func (c *Converter) command(ctx context.Context, f format, in room, said *beginning) *exec.Cmd {
	const kilobyte, block = 1 << 10, 512 // the units of ulimit
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", contained, "sh",
		strconv.FormatInt(c.limits.Memory/kilobyte, 10),
		strconv.FormatInt((c.limits.Output+block-1)/block, 10),
		strconv.Itoa(max(1, int(c.limits.Work/time.Second))),
		c.program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
		"-env:UserInstallation=file://"+in.at("profile"), "-env:OSL_SOCKET_PATH="+string(in),
		"--infilter="+f.filter, "--convert-to", "pdf", "--outdir", in.at("out"), in.at(document+"."+f.ending))
	cmd.Dir = string(in)
	cmd.Env = []string{"HOME=" + in.at("home"), "TMPDIR=" + string(in), "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"}
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = time.Second
	inGroup(cmd)
	return cmd
}

// beginning keeps the first words of a program that may talk without end.
type beginning struct{ kept []byte }

// Write implements io.Writer.
func (b *beginning) Write(p []byte) (int, error) {
	const most = 1 << 10
	b.kept = append(b.kept, p[:min(len(p), most-len(b.kept))]...)
	return len(p), nil
}

// String returns what was kept, on one line.
func (b *beginning) String() string { return strings.Join(strings.Fields(string(b.kept)), " ") }
