package cli

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// How often progress is shown: on a terminal one line is written over, elsewhere each is a line of a log.
const (
	progressOnTerminal = 200 * time.Millisecond
	progressInLog      = 10 * time.Second
)

// progressLine says how far something has come, not more often than one can read.
type progressLine struct {
	out      io.Writer
	terminal bool
	shown    time.Time
	length   int // of what stands in the line
}

func newProgressLine(out io.Writer) *progressLine {
	return &progressLine{out: out, shown: time.Now(), terminal: isTerminal(out)}
}

// isTerminal tells whether people read what is written there at once.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

func (l *progressLine) show(text string) {
	every := progressInLog
	if l.terminal {
		every = progressOnTerminal
	}
	if time.Since(l.shown) < every {
		return
	}
	l.shown = time.Now()
	if !l.terminal {
		say(l.out, "%s\n", text)
		return
	}
	say(l.out, "\r%s%s", text, strings.Repeat(" ", max(0, l.length-len(text))))
	l.length = len(text)
}

// end clears the line of a terminal for what is written next.
func (l *progressLine) end() {
	if l.length > 0 {
		say(l.out, "\r%s\r", strings.Repeat(" ", l.length))
	}
}
