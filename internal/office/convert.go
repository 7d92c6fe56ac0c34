package office

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Converter starts LibreOffice for one file at a time. It may be used by many at the same time: they wait for each other.
type Converter struct {
	program string
	limits  Limits
	turn    chan struct{}
}

// New returns a converter that starts the program at path, which is soffice.
func New(path string, limits Limits) *Converter {
	return &Converter{program: path, limits: limits, turn: make(chan struct{}, 1)}
}

// PDF turns a file of the given size in bytes into a PDF. ErrNone means that there is none of it. Any other error is not the
// file's fault, and another try may succeed; errors of r are handed on.
//
// The process runs no macros and follows no links to other files or addresses. It sees the environment of nobody else. On Linux it
// is ended with everything that it started when its time is over or ctx ends. Where Linux lets an ordinary user have namespaces,
// that holds also when the process that started it is killed, and it has a network that leads nowhere. It may read what this
// user may read.
func (c *Converter) PDF(ctx context.Context, mediaType string, r io.Reader, size int64) ([]byte, error) {
	format, ok := formatOf(mediaType)
	if !ok {
		return nil, fmt.Errorf("%w: it is %s", ErrNone, mediaType)
	}
	if size > c.limits.Input {
		return nil, fmt.Errorf("%w: it has %d bytes, and may have %d", ErrNone, size, c.limits.Input)
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sweep(os.TempDir())
	room, err := furnish(format, r)
	if err != nil {
		return nil, fmt.Errorf("making room for a conversion: %w", err)
	}
	defer os.RemoveAll(string(room))
	if err := c.run(ctx, format, room); err != nil {
		return nil, err
	}
	return room.result(c.limits.Output)
}

// room is the folder of one conversion.
type room string

// The name of what is converted, and the beginning of that of each room.
const (
	document   = "document"
	roomPrefix = "collateral-office-"
)

//go:embed profile.xcu
var profile []byte

// furnish makes a room with the file and a profile in it.
func furnish(f format, r io.Reader) (_ room, err error) {
	folder, err := os.MkdirTemp("", roomPrefix+"*")
	if err != nil {
		return "", err
	}
	made := room(folder)
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
	}()
	for _, below := range []string{"home", "out", filepath.Join("profile", "user")} {
		if err := os.MkdirAll(made.at(below), 0o700); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(made.at("profile", "user", "registrymodifications.xcu"), profile, 0o600); err != nil {
		return "", err
	}
	file, err := os.OpenFile(made.at(document+"."+f.ending), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o400)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(file, r)
	return made, errors.Join(err, file.Close())
}

func (m room) at(parts ...string) string {
	return filepath.Join(append([]string{string(m)}, parts...)...)
}

// result reads the PDF. LibreOffice may say that all went well and write none.
func (m room) result(most int64) ([]byte, error) {
	file, err := os.Open(m.at("out", document+".pdf"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: LibreOffice made nothing of it", ErrNone)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the PDF: %w", err)
	}
	defer file.Close()
	pdf, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, fmt.Errorf("reading the PDF: %w", err)
	}
	if int64(len(pdf)) > most {
		return nil, fmt.Errorf("%w: the PDF is larger than %d bytes", ErrNone, most)
	}
	return pdf, nil
}

// roomAge is the age from which a room is one that a killed server left.
const roomAge = time.Hour

// sweep removes rooms that nobody is in any more. What cannot be removed belongs to somebody else.
func sweep(folder string) {
	rooms, _ := filepath.Glob(filepath.Join(folder, roomPrefix+"*")) // the pattern is sound
	for _, left := range rooms {
		if info, err := os.Stat(left); err == nil && time.Since(info.ModTime()) > roomAge {
			_ = os.RemoveAll(left)
		}
	}
}
