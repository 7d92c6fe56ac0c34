package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"
)

// What is parsed as a whole, in bytes of UTF-8, and for which part of the time there is. A text that is longer, or so
// entangled that its parser does not come to an end, is read with its marks in it.
const (
	maxMarkdown  = 2 << 20
	markdownPart = 3
)

// readMarkdown reads what the formatted page would show: words without marks, code without its fences, links without
// their addresses. HTML in it is read as HTML.
func readMarkdown(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	source, cut, err := decodedText(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	if cut || len(source) > maxMarkdown {
		return readText(ctx, r, size, lim)
	}
	page, err := formatted(ctx, source, lim.Time/markdownPart)
	if err != nil {
		return Result{}, err
	}
	if page == nil {
		return readText(ctx, r, size, lim)
	}
	z := xhtml.NewTokenizer(page)
	z.SetMaxBuf(maxHTMLToken)
	text, err := visibleText(ctx, z, lim)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	c.add(text)
	return c.result("markdown"), nil
}

// formatted turns Markdown into HTML; nil when that takes too long. The parser cannot be told to end: it goes on alone
// for as long as it needs, or until its process ends.
func formatted(ctx context.Context, source string, atMost time.Duration) (*bytes.Buffer, error) {
	type outcome struct {
		page *bytes.Buffer
		err  error
	}
	ended := make(chan outcome, 1)
	go func() {
		var page bytes.Buffer
		defer func() {
			if p := recover(); p != nil {
				ended <- outcome{nil, fmt.Errorf("%w: the reader gave up: %v", Damaged, p)}
			}
		}()
		md := goldmark.New(
			goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote),
			goldmark.WithRendererOptions(html.WithUnsafe()))
		err := md.Convert([]byte(source), &page)
		ended <- outcome{&page, err}
	}()
	late := time.NewTimer(atMost)
	defer late.Stop()
	select {
	case o := <-ended:
		return o.page, o.err
	case <-late.C:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
