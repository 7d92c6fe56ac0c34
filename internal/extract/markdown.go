package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"
)

// maxMarkdown bounds what is parsed as a whole, in bytes of UTF-8. A longer text is read with its marks in it.
const maxMarkdown = 2 << 20

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
	var page bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(source), &page); err != nil {
		return Result{}, fmt.Errorf("%w: markdown: %v", Damaged, err)
	}
	z := xhtml.NewTokenizer(&page)
	z.SetMaxBuf(maxHTMLToken)
	text, err := visibleText(ctx, z, lim)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	c.add(text)
	return c.result("markdown"), nil
}
