// Package watermark writes a line of text on every page of a PDF. It knows neither why nor whom the line names.
package watermark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Bounds of what is marked.
const (
	MaxInput = 32 << 20         // bytes
	maxTime  = 20 * time.Second // a PDF of 32 MiB takes two or three
)

// ErrCannot says that a file cannot be marked: it is too large, encrypted or damaged, or takes too long.
var ErrCannot = errors.New("the file cannot be marked")

// Marker marks PDFs, one at a time: each takes several times its size of memory.
type Marker struct {
	// Command starts this program so that it calls ChildMain: a file that loops or crashes then harms nobody else. Empty marks
	// in this process.
	Command []string

	slot chan struct{}
}

// New makes a Marker.
func New(command ...string) *Marker {
	return &Marker{Command: command, slot: make(chan struct{}, 1)}
}

// Mark returns the PDF with the text at the foot of each page. ErrCannot when that is not possible.
func (m *Marker) Mark(ctx context.Context, pdf io.Reader, text string) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(pdf, MaxInput+1))
	if err != nil {
		return nil, fmt.Errorf("reading the file to be marked: %w", err)
	}
	if len(raw) > MaxInput {
		return nil, fmt.Errorf("%w: it is larger than %d MiB", ErrCannot, MaxInput>>20)
	}
	select {
	case m.slot <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-m.slot }()
	var out bytes.Buffer
	if len(m.Command) == 0 {
		err = mark(bytes.NewReader(raw), &out, text)
	} else {
		err = m.markInChild(ctx, raw, &out, text)
	}
	return out.Bytes(), err
}

func (m *Marker) markInChild(ctx context.Context, raw []byte, out io.Writer, text string) error {
	timed, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	cmd := exec.CommandContext(timed, m.Command[0], m.Command[1:]...)
	// Not an argument: those can be read by everybody on the machine.
	cmd.Stdin = io.MultiReader(strings.NewReader(plain(text)+"\n"), bytes.NewReader(raw))
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: the marking process: %w", ErrCannot, err)
	}
	return nil
}

// ChildMain is the whole of a child process that a Marker starts: it reads a line of text and then a PDF from in, and writes
// the marked PDF to out.
func ChildMain(in io.Reader, out io.Writer) error {
	all, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("reading the file to be marked: %w", err)
	}
	text, pdf, _ := bytes.Cut(all, []byte("\n"))
	return mark(bytes.NewReader(pdf), out, string(text))
}

// foot is where the text stands and how: small and grey, so that it hides nothing.
const foot = "font:Helvetica, points:9, scale:1 abs, rot:0, pos:bc, off:0 6, fillc:#707070, op:0.9"

func mark(pdf io.ReadSeeker, out io.Writer, text string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrCannot, p)
		}
	}()
	line, err := api.TextWatermark(plain(text), foot, true, false, types.POINTS)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCannot, err)
	}
	// Written out, so that nothing is read from, or put into, the folder of anybody's settings.
	settings := &model.Configuration{
		ValidationMode: model.ValidationRelaxed, UnsupportedResourcePolicy: model.UnsupportedResourceSkip, Reader15: true, Eol: types.EolLF,
		WriteObjectStream: true, WriteXRefStream: true, EncryptUsingAES: true, EncryptKeyLength: 256, Permissions: model.PermissionsPrint,
		TimestampFormat: "2006-01-02 15:04", DateFormat: "2006-01-02", Optimize: true, OptimizeBeforeWriting: true, OptimizeResourceDicts: true,
		Offline: true, Limits: model.DefaultResourceLimits(),
	}
	if err := api.AddWatermarks(pdf, out, nil, line, settings); err != nil {
		return fmt.Errorf("%w: %w", ErrCannot, err)
	}
	return nil
}

// plain leaves in the text what the font has, and nothing that means something to the writer: "%p" would be the number of the page.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '%' || r == '\\' || unicode.IsControl(r):
			return ' '
		case r > unicode.MaxLatin1:
			return '?'
		}
		return r
	}, text)
}

// CanWrite reports whether the whole text can be written as it is.
func CanWrite(text string) bool { return plain(text) == text }
