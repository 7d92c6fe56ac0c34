package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// readPDFByGo parses the document in this process. The parser panics on what it does not expect, so each page is
// read by itself: one that cannot be read is empty, and only when all are is the document damaged.
func readPDFByGo(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	trimmed, err := trimPDF(r, size)
	if err != nil {
		return Result{}, err
	}
	doc, err := pdf.NewReader(trimmed, trimmed.size)
	if err != nil {
		if errors.Is(err, pdf.ErrInvalidPassword) || strings.Contains(err.Error(), "encryption") {
			return Result{}, fmt.Errorf("%w: %v", Encrypted, err)
		}
		return Result{}, fmt.Errorf("%w: %v", Damaged, err)
	}
	c := collector{lim: lim}
	fonts := fontCache{}
	var fault error
	tree := pageTree{
		budget: 4*lim.Pages + 1000,
		page: func(page, resources pdf.Value) (more bool) {
			p := pageText{ctx: ctx, fonts: fonts, limit: lim.Output}
			if err := p.read(page, resources); err != nil {
				fault = err
			}
			return ctx.Err() == nil && c.add(joinHyphens(p.text.String()))
		},
		unreadable: func(err error) (more bool) {
			fault = err
			return c.add("")
		},
	}
	err = tree.walk(func() pdf.Value { return doc.Trailer().Key("Root").Key("Pages") })
	if err != nil {
		return Result{}, err
	}
	if ctx.Err() != nil {
		return Result{}, ctx.Err()
	}
	withoutRunningLines(c.pages)
	res := c.result("go-pdf")
	if fault != nil && res.Empty() {
		if !doc.Trailer().Key("Encrypt").IsNull() { // it opens without a password, in a way the parser does not know
			return Result{}, fmt.Errorf("%w: %v", Encrypted, fault)
		}
		return Result{}, fmt.Errorf("%w: %v", Damaged, fault)
	}
	if fault != nil && res.Note == "" {
		res.Note = "Some pages could not be read in full."
	}
	return res, nil
}

// pageTree visits pages in order. It trusts neither counts nor parents, which hostile files turn into loops.
type pageTree struct {
	budget     int // nodes that may still be visited
	page       func(page, resources pdf.Value) (more bool)
	unreadable func(error) (more bool) // stands for a node, a page most likely, that does not parse
}

const maxPageTreeDepth = 64

// walk takes the root as a function, as node does: to look at an object is to parse it, which may panic.
func (t *pageTree) walk(root func() pdf.Value) error {
	_, err := t.node(root, pdf.Value{}, 0)
	return err
}

func (t *pageTree) node(find func() pdf.Value, resources pdf.Value, depth int) (more bool, err error) {
	if t.budget--; t.budget < 0 || depth > maxPageTreeDepth {
		return false, fmt.Errorf("%w: the page tree does not end", Damaged)
	}
	defer func() {
		if p := recover(); p != nil {
			more, err = t.unreadable(fmt.Errorf("page tree: %v", p)), nil
		}
	}()
	node := find()
	if node.Kind() != pdf.Dict {
		return t.unreadable(errors.New("page tree: no page where one is named")), nil
	}
	if own := node.Key("Resources"); !own.IsNull() {
		resources = own
	}
	kids := node.Key("Kids")
	if kids.Kind() != pdf.Array {
		return t.page(node, resources), nil
	}
	for i := range kids.Len() {
		more, err := t.node(func() pdf.Value { return kids.Index(i) }, resources, depth+1)
		if err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

// trimmedPDF shows a document to the parser as that one wants it: versions and line ends of the first line it does
// not know are made those it knows, and what follows the last end mark is gone.
type trimmedPDF struct {
	io.ReaderAt
	size int64
}

const knownPDFHeader = "%PDF-1.7\n"

func trimPDF(r io.ReaderAt, size int64) (trimmedPDF, error) {
	head, err := readSome(r, 0, min(size, 16))
	if err != nil {
		return trimmedPDF{}, err
	}
	if !bytes.HasPrefix(head, []byte("%PDF-")) {
		return trimmedPDF{}, fmt.Errorf("%w: no PDF header", Damaged)
	}
	start := max(0, size-4096)
	end, err := readSome(r, start, size-start)
	if err != nil {
		return trimmedPDF{}, err
	}
	mark := bytes.LastIndex(end, []byte("%%EOF"))
	if mark < 0 {
		return trimmedPDF{}, fmt.Errorf("%w: the end of the PDF is missing", Damaged)
	}
	return trimmedPDF{r, start + int64(mark) + int64(len("%%EOF"))}, nil
}

// ReadAt implements io.ReaderAt.
func (t trimmedPDF) ReadAt(p []byte, off int64) (int, error) {
	n, err := t.ReaderAt.ReadAt(p, off)
	if off >= 0 && off < int64(len(knownPDFHeader)) {
		copy(p[:n], knownPDFHeader[off:])
	}
	return n, err
}

func readSome(r io.ReaderAt, off, n int64) ([]byte, error) {
	b := make([]byte, n)
	got, err := r.ReadAt(b, off)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("reading a PDF: %w", err)
	}
	return b[:got], nil
}
