// Package extract reads the text out of documents by page, slide or sheet: PDF, Office and OpenDocument files, RTF,
// HTML, Markdown and plain text in any encoding. It takes bytes and gives strings, within Limits; it knows nothing of
// assets, of the database or of what the text is for.
//
// Documents come from strangers. Extract reads one in this process; a Runner has a child process read it, which is
// killed when it takes too long and dies alone when it takes too much memory. Servers use a Runner.
package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"strings"
)

// Result is what a document yields.
type Result struct {
	// Pages holds the text by page, slide or sheet; Pages[0] is page 1. A page without text is an empty string, so that
	// numbers stay right. Formats without pages have one. The text is valid UTF-8 in lines without surrounding
	// space, and free of control characters but for the line break.
	Pages []string `json:"pages"`

	// Engine names what read the document: "pdftotext", "go-pdf", "ooxml", "opendocument", "rtf", "html",
	// "markdown" or "text".
	Engine string `json:"engine"`

	// Note is empty when everything was read, else a sentence for the document's owner on what is missing.
	Note string `json:"note,omitempty"`
}

// Empty reports whether the document was read and holds no text, as a scan without text recognition does.
func (r Result) Empty() bool {
	for _, p := range r.Pages {
		if p != "" {
			return false
		}
	}
	return true
}

// The media types that Extract reads, apart from HTML and plain text in their several names.
const (
	typePDF  = "application/pdf"
	typePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeODT  = "application/vnd.oasis.opendocument.text"
	typeODP  = "application/vnd.oasis.opendocument.presentation"
	typeODS  = "application/vnd.oasis.opendocument.spreadsheet"
	typeRTF  = "text/rtf"
	typeMD   = "text/markdown"
	typeOLE  = "application/x-ole-storage"
)

// reader reads one format. The size of r has been checked.
type reader func(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error)

// readerOf returns nil for a media type that is not read.
func readerOf(mediaType string) reader {
	base, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return nil
	}
	switch base {
	case typePDF:
		return readPDF
	case typePPTX:
		return readPPTX
	case typeDOCX:
		return readDOCX
	case typeXLSX:
		return readXLSX
	case typeODT, typeODT + "-template":
		return readODT
	case typeODP, typeODP + "-template":
		return readODP
	case typeODS, typeODS + "-template":
		return readODS
	case typeRTF, "application/rtf":
		return readRTF
	case typeMD:
		return readMarkdown
	case typeOLE, "application/msword", "application/vnd.ms-powerpoint", "application/vnd.ms-excel":
		return readOLE
	case "text/html", "application/xhtml+xml":
		return readHTML
	case "text/plain", "text/csv", "text/tab-separated-values":
		return readText
	default:
		return nil
	}
}

// Supported reports whether Extract reads documents of the media type. Parameters such as a charset do not matter.
func Supported(mediaType string) bool { return readerOf(mediaType) != nil }

// Extract reads the document of the given size, in bytes, in this process. An error that wraps a Failure is the
// document's fault and final; any other error is not (the context ended, reading failed) and worth another try.
// Extract does not panic. But nothing bounds its memory, and a hostile PDF can make a parser loop: see Runner.
func Extract(ctx context.Context, mediaType string, r io.ReaderAt, size int64, lim Limits) (res Result, err error) {
	read := readerOf(mediaType)
	if read == nil {
		return Result{}, fmt.Errorf("%w: %s", Unsupported, mediaType)
	}
	if size > lim.Input {
		return Result{}, fmt.Errorf("%w: %d bytes, at most %d are read", TooLarge, size, lim.Input)
	}
	timed, cancel := context.WithTimeout(ctx, lim.Time)
	defer cancel()
	src := &source{ReaderAt: r}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the reader gave up: %v", Damaged, p)
		}
		if err == nil {
			return
		}
		res = Result{}
		switch { // what a reader says is worth nothing when it was not left in peace
		case ctx.Err() != nil:
			err = ctx.Err()
		case src.failed != nil:
			err = fmt.Errorf("reading the document: %w", src.failed)
		case timed.Err() != nil:
			err = fmt.Errorf("%w: after %s", TimedOut, lim.Time)
		}
	}()
	return read(timed, src, size, lim)
}

// source remembers why reading failed. Parsers tend to call that damage; it is not the document's.
type source struct {
	io.ReaderAt
	failed error
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // as a table of contents says that is damaged
		return 0, errors.New("what it names lies before the beginning")
	}
	n, err := s.ReaderAt.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.failed = err
	}
	return n, err
}

// noteCut is for documents with more text than is kept.
const noteCut = "The text is very long; only the first part of it was read."

// collector gathers pages until a limit is reached.
type collector struct {
	lim   Limits
	pages []string
	bytes int64
	note  string
}

// add takes the raw text of the next page and reports whether there is room for more.
func (c *collector) add(raw string) bool {
	if c.note != "" {
		return false
	}
	if len(c.pages) == c.lim.Pages {
		c.note = fmt.Sprintf("Only the first %d pages were read.", c.lim.Pages)
		return false
	}
	text := clean(raw)
	if left := c.lim.Output - c.bytes; int64(len(text)) > left {
		text = strings.ToValidUTF8(text[:left], "")
		c.note = noteCut
	}
	c.pages = append(c.pages, text)
	c.bytes += int64(len(text))
	return c.note == ""
}

func (c *collector) result(engine string) Result {
	return Result{Pages: c.pages, Engine: engine, Note: c.note}
}
