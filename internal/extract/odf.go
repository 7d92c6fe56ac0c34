package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// OpenDocument keeps the content of texts, presentations and sheets in one part of the same vocabulary. Headers and
// footers stand in another part, with the styles, and are not read.
const (
	odfContent  = "content.xml"
	odfManifest = "META-INF/manifest.xml"
)

// readODT reads a text by page, as far as the file says where pages end: see readDOCX.
func readODT(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	return readODF(ctx, r, size, lim, &odfText{paged: true, body: "text"})
}

// readODP reads slides in their order: what stands on the slide, then its speaker notes.
func readODP(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	return readODF(ctx, r, size, lim, &odfText{body: "presentation", page: "page"})
}

// readODS reads a workbook, one page for each sheet that its reader sees: its name, then its cells as they are displayed.
func readODS(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	return readODF(ctx, r, size, lim, &odfText{body: "spreadsheet", page: "table"})
}

func readODF(ctx context.Context, r io.ReaderAt, size int64, lim Limits, w *odfText) (Result, error) {
	a, err := openArchive(ctx, r, size, lim)
	if err != nil {
		return Result{}, err
	}
	if err := a.refuseEncryptedODF(); err != nil {
		return Result{}, err
	}
	w.pages = collector{lim: lim}
	if err := a.walk(odfContent, w.start, w.end, w.chars); err != nil && !errors.Is(err, errFull) {
		return Result{}, err
	}
	if w.page == "" && !w.full {
		w.turn()
	}
	return w.pages.result("opendocument"), nil
}

// refuseEncryptedODF looks into the manifest. An encrypted part is no different from a damaged one otherwise.
func (a *archive) refuseEncryptedODF() error {
	if !a.has(odfManifest) {
		return nil
	}
	return a.walk(odfManifest, func(el xml.StartElement) (bool, error) {
		if el.Name.Local == "encryption-data" {
			return false, fmt.Errorf("%w: the manifest says so", Encrypted)
		}
		return true, nil
	}, nil, nil)
}

// odfText writes down paragraphs and tables, page by page.
type odfText struct {
	body  string // the element inside <office:body> that holds the document
	page  string // the element that makes a page: a slide, a sheet
	paged bool   // pages follow from breaks instead

	pages   collector
	text    strings.Builder
	full    bool
	written bool // some text stands on this page

	inBody     bool
	open       int // page elements inside each other: a table may stand in a cell
	paragraphs int // inside each other: a note or a text box stands in one
	cells      int
	style      string          // that is being defined
	breaks     map[string]bool // styles of paragraphs that start a page
	hidden     map[string]bool // styles of sheets that are not shown
	breakAfter map[string]bool // styles of paragraphs that end one
	turnEnd    []bool          // by open paragraph
}

func (w *odfText) start(el xml.StartElement) (enter bool, err error) {
	name := el.Name.Local
	switch {
	case !w.inBody:
		w.styles(el)
		w.inBody = name == w.body
		return true, nil
	case w.page != "" && w.open == 0 && name != w.page:
		return name != "tracked-changes" && !strings.HasSuffix(name, "-decl"), nil
	}
	switch name {
	case w.page:
		if w.hidden[attr(el, "style-name")] {
			return false, nil
		}
		if w.open++; w.open == 1 && name == "table" {
			w.text.WriteString(attr(el, "name") + "\n")
		}
	case "tracked-changes", "annotation", "ruby-text", "title", "desc", "note-citation", "tracked-change",
		"page-number", "page-count", "event-listeners", "forms":
		return false, nil
	case "frame", "custom-shape":
		switch attr(el, "class") { // repeats on every slide
		case "footer", "header", "date-time", "page-number":
			return false, nil
		}
	case "p", "h":
		w.paragraphs++
		if style := attr(el, "style-name"); w.paged {
			if w.breaks[style] {
				w.turnIfWritten()
			}
			w.turnEnd = append(w.turnEnd, w.breakAfter[style])
		}
	case "soft-page-break":
		if w.paged {
			w.turnIfWritten()
		}
	case "s":
		w.text.WriteByte(' ')
	case "tab":
		w.text.WriteByte('\t')
	case "line-break":
		w.text.WriteByte('\n')
	case "table-cell", "covered-table-cell":
		w.cells++
	}
	return true, w.err()
}

// styles remembers, from what stands before the body, the styles that matter to where pages begin.
func (w *odfText) styles(el xml.StartElement) {
	switch el.Name.Local {
	case "style":
		w.style = attr(el, "name")
		if w.paged && attr(el, "master-page-name") != "" {
			w.breaks = marked(w.breaks, w.style)
		}
	case "paragraph-properties":
		if attr(el, "break-before") == "page" {
			w.breaks = marked(w.breaks, w.style)
		}
		if attr(el, "break-after") == "page" {
			w.breakAfter = marked(w.breakAfter, w.style)
		}
	case "table-properties":
		if w.page == "table" && attr(el, "display") == "false" {
			w.hidden = marked(w.hidden, w.style)
		}
	}
}

func marked(set map[string]bool, name string) map[string]bool {
	if set == nil {
		set = make(map[string]bool)
	}
	set[name] = true
	return set
}

func (w *odfText) end(name string) error {
	if !w.inBody {
		return nil
	}
	switch name {
	case w.body:
		w.inBody = false
	case w.page:
		if w.open--; w.open == 0 {
			w.turn()
		}
	case "p", "h":
		w.paragraphs--
		if w.cells > 0 {
			w.text.WriteByte(' ')
		} else {
			w.text.WriteByte('\n')
		}
		if last := len(w.turnEnd) - 1; last >= 0 {
			if w.turnEnd[last] {
				w.turn()
			}
			w.turnEnd = w.turnEnd[:last]
		}
	case "table-cell", "covered-table-cell":
		w.cells--
		w.text.WriteByte('\t')
	case "table-row":
		w.text.WriteByte('\n')
	}
	return w.err()
}

func (w *odfText) chars(text []byte) error {
	if w.paragraphs > 0 && w.inBody {
		w.written = true
		w.text.Write(text)
	}
	return nil
}

func (w *odfText) turn() {
	w.full = !w.pages.add(w.text.String())
	w.written = false
	w.text.Reset()
}

func (w *odfText) turnIfWritten() {
	if w.written {
		w.turn()
	}
}

func (w *odfText) err() error {
	if w.full || int64(w.text.Len()) > 2*w.pages.lim.Output {
		if !w.full {
			w.turn()
		}
		return errFull
	}
	return nil
}
