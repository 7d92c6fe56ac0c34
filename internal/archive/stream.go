package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"

	"collateral/internal/collateral"
)

// maxJSON bounds the header and the manifest, in bytes: room for half a million missing files.
const maxJSON = 64 << 20

// stream reads the entries of an archive one after the other, and knows the one that comes next.
type stream struct {
	raw    *bufio.Reader
	gzip   *gzip.Reader
	tar    *tar.Reader
	header Header

	name string // of the present entry; empty after the last
	size int64
}

// openStream reads as far as the header, and refuses what this program cannot import.
func openStream(r io.Reader, schema int) (*stream, error) {
	s := &stream{raw: bufio.NewReaderSize(r, 1<<16)}
	var err error
	if s.gzip, err = gzip.NewReader(s.raw); err != nil {
		if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, refuse("This is not a stream that collateral export wrote.")
		}
		return nil, err
	}
	s.gzip.Multistream(false)
	s.tar = tar.NewReader(s.gzip)
	if err := s.next(); err != nil {
		return nil, err
	}
	if s.name != headerName {
		return nil, refuse("This is not a stream that collateral export wrote: it does not begin with a header.")
	}
	if err := s.json(&s.header, false); err != nil {
		return nil, err
	}
	switch h := s.header; {
	case h.Format > Format:
		return nil, refuse("The stream has the format %d, and this program reads %d: import it with the version that wrote it, %s, or a newer one.", h.Format, Format, h.Program)
	case h.Format != Format:
		return nil, refuse("The stream has the format %d, and this program reads %d.", h.Format, Format)
	case h.Schema != schema:
		return nil, refuse("The stream was written with schema %d, and this program has %d: import it with the version that wrote it, %s, and upgrade then.", h.Schema, schema, h.Program)
	}
	return s, s.next()
}

func refuse(format string, args ...any) error {
	return collateral.Errorf(collateral.Invalid, format, args...)
}

// damaged turns what is wrong with the form of the stream into a sentence. Others fail for reasons of their own.
func damaged(err error) error {
	var system interface{ Timeout() bool } // a file or a connection that cannot be read says nothing of the stream
	switch {
	case err == nil, errors.As(err, &system):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return refuse("The stream ends too early: it was cut off on its way. Nothing of it was taken in.")
	default:
		return refuse("The stream is damaged (%v). Nothing of it was taken in.", err)
	}
}

// next goes to the next entry.
func (s *stream) next() error {
	h, err := s.tar.Next()
	if errors.Is(err, io.EOF) {
		s.name, s.size = "", 0
		return nil
	}
	if err != nil {
		return damaged(err)
	}
	if h.Typeflag != tar.TypeReg {
		return refuse("The stream has an entry %q that is not a file.", h.Name)
	}
	s.name, s.size = h.Name, h.Size
	return nil
}

// json reads the present entry, and with strict refuses what this program does not know.
func (s *stream) json(into any, strict bool) error {
	if s.size > maxJSON {
		return refuse("The %s of the stream is too long.", s.name)
	}
	text, err := io.ReadAll(s.tar)
	if err != nil {
		return damaged(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if strict {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(into); err != nil || decoder.More() {
		return refuse("The %s of the stream cannot be read.", s.name)
	}
	return nil
}

// end makes sure that nothing comes any more, and that what came is what was written.
func (s *stream) end() error {
	if err := s.next(); err != nil {
		return err
	}
	if s.name != "" {
		return refuse("The stream has an entry %q after its manifest.", s.name)
	}
	if _, err := io.Copy(io.Discard, s.gzip); err != nil { // its sum comes after the last byte
		return damaged(err)
	}
	return nil
}
