package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

// maxHTMLToken bounds one tag or run of text, in bytes.
const maxHTMLToken = 1 << 20

// readHTML reads what a browser would show: the title and the text of the body, as one page.
func readHTML(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	in := bufio.NewReader(io.NewSectionReader(r, 0, size))
	head, err := in.Peek(1024)
	if err != nil && !errors.Is(err, io.EOF) {
		return Result{}, fmt.Errorf("reading HTML: %w", err)
	}
	enc, name, _ := charset.DetermineEncoding(head, "text/html")
	if name == "windows-1252" && !bytes.Contains(bytes.ToLower(head), []byte("charset")) { // its last resort
		if enc, err = detectEncoding(ctx, r, size, lim); err != nil {
			return Result{}, err
		}
	}
	z := html.NewTokenizer(transform.NewReader(in, enc.NewDecoder()))
	z.SetMaxBuf(maxHTMLToken)

	text, err := visibleText(ctx, z, lim)
	if err != nil {
		return Result{}, err
	}
	c := collector{lim: lim}
	c.add(text)
	return c.result("html"), nil
}

// visibleText stops quietly once it has more text than may be kept.
func visibleText(ctx context.Context, z *html.Tokenizer, lim Limits) (string, error) {
	var b strings.Builder
	var hidden atom.Atom // the element that hides its content, while inside one
	asIs := 0            // elements, inside each other, whose line ends are meant
	for depth := 0; int64(b.Len()) <= 2*lim.Output; {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); errors.Is(err, html.ErrBufferExceeded) {
				return "", fmt.Errorf("%w: a single tag or text of more than %d bytes", TooLarge, maxHTMLToken)
			} else if !errors.Is(err, io.EOF) {
				return "", fmt.Errorf("reading HTML: %w", err)
			}
			break
		}
		switch kind {
		case html.TextToken:
			if hidden == 0 {
				text := z.Text()
				if asIs == 0 {
					text = bytes.ReplaceAll(text, []byte("\n"), []byte(" "))
				}
				b.Write(text)
			}
			continue
		case html.CommentToken, html.DoctypeToken:
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case kind == html.StartTagToken && hidden == 0 && hides(tag):
			hidden, depth = tag, 1
		case kind == html.StartTagToken && hidden != 0 && tag == hidden:
			depth++
		case kind == html.EndTagToken && hidden != 0 && tag == hidden:
			if depth--; depth == 0 {
				hidden = 0
			}
		}
		if sep := separator(tag); sep != 0 {
			b.WriteByte(sep)
		}
		switch {
		case tag == atom.Img && hidden == 0:
			b.WriteString(alternative(z))
		case tag == atom.Pre && kind == html.StartTagToken:
			asIs++
		case tag == atom.Pre && kind == html.EndTagToken && asIs > 0:
			asIs--
		}
	}
	return b.String(), nil
}

// alternative returns what a picture says to who cannot see it.
func alternative(z *html.Tokenizer) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "alt" {
			return string(value) + " "
		}
		if !more {
			return ""
		}
	}
}

func hides(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Noframes, atom.Noembed, atom.Object:
		return true
	default:
		return false
	}
}

// separator is what stands between words on both sides of a tag; 0 for tags inside words, such as <b>.
func separator(tag atom.Atom) byte {
	switch tag {
	case atom.Td, atom.Th, atom.Img, atom.Input, atom.Button, atom.Option:
		return ' '
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Del, atom.Dfn, atom.Em,
		atom.Font, atom.I, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span,
		atom.Strike, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr:
		return 0
	default:
		return '\n'
	}
}
