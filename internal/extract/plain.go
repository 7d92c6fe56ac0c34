package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/transform"
)

// readText reads plain text and CSV in any encoding. A form feed starts a new page.
func readText(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	text, cut, err := decodedText(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	for page := range strings.SplitSeq(text, "\f") {
		if ctx.Err() != nil {
			return Result{}, ctx.Err()
		}
		if !c.add(page) {
			break
		}
	}
	if cut && c.note == "" {
		c.note = noteCut
	}
	return c.result("text"), nil
}

// decodedText returns the text of a file, and whether there is more than may be kept.
func decodedText(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (text string, cut bool, err error) {
	enc, err := detectEncoding(ctx, r, size, lim)
	if err != nil {
		return "", false, err
	}
	in := transform.NewReader(&endingReader{ctx, io.NewSectionReader(r, 0, size)}, enc.NewDecoder())
	var b strings.Builder
	// Twice what may be kept: white space is not.
	switch _, err = io.CopyN(&b, in, 2*lim.Output); {
	case errors.Is(err, io.EOF):
		return b.String(), false, nil
	case ctx.Err() != nil:
		return "", false, ctx.Err()
	case err != nil:
		return "", false, fmt.Errorf("%w: reading text: %v", Damaged, err)
	}
	return b.String(), true, nil
}
