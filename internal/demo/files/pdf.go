package files

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// Measures of a PDF page, A4, in millimetres.
const (
	pdfMargin   = 20.0
	pdfBar      = 42.0 // height of the title bar
	pdfLine     = 6.0
	pdfBodySize = 11.0 // points
)

// PDF writes the document on A4 pages with the fonts every PDF program has. They know the characters of Western
// Europe: any other is an error.
func PDF(w io.Writer, d Document) error {
	p := pdfWriter{Fpdf: fpdf.New("P", "mm", "A4", ""), doc: d}
	p.SetCatalogSort(true)
	p.SetCreationDate(d.date())
	p.SetModificationDate(d.date())
	p.SetProducer("collateral", false)
	p.SetTitle(d.Title, true)
	p.SetAuthor(d.Author, true)
	p.SetLang(d.language())
	p.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	p.SetAutoPageBreak(true, 25)
	p.SetFooterFunc(p.footer)

	p.AddPage()
	p.titleBar()
	for i, s := range d.Sections {
		switch {
		case i > 0 && s.Continues:
			p.Ln(pdfLine)
		case i > 0:
			p.AddPage()
		}
		p.section(s)
	}
	if p.failed != nil {
		return fmt.Errorf("writing the PDF %q: %w", d.Title, p.failed)
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("writing the PDF %q: %w", d.Title, err)
	}
	return nil
}

type pdfWriter struct {
	*fpdf.Fpdf
	doc    Document
	failed error // the first character that cannot be written
}

// text brings a string into the encoding of the fonts.
func (p *pdfWriter) text(s string) string {
	out, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil && p.failed == nil {
		p.failed = fmt.Errorf("text %q: %w", s, err)
	}
	return out
}

func (p *pdfWriter) colour(set func(r, g, b int), c Colour) { set(int(c.R), int(c.G), int(c.B)) }

func (p *pdfWriter) titleBar() {
	width, _ := p.GetPageSize()
	p.colour(p.SetFillColor, p.doc.accent())
	p.Rect(0, 0, width, pdfBar, "F")
	p.SetTextColor(255, 255, 255)
	p.SetXY(pdfMargin, 12)
	p.SetFont("Helvetica", "B", 22)
	p.MultiCell(0, 9, p.text(p.doc.Title), "", "L", false)
	if p.doc.Subtitle != "" {
		p.SetFont("Helvetica", "", 12)
		p.MultiCell(0, 7, p.text(p.doc.Subtitle), "", "L", false)
	}
	p.SetY(max(pdfBar, p.GetY()) + 10)
}

func (p *pdfWriter) footer() {
	p.SetY(-17)
	p.SetFont("Helvetica", "", 9)
	p.SetTextColor(110, 110, 110)
	p.CellFormat(120, 5, p.text(p.doc.Footer), "", 0, "L", false, 0, "")
	p.CellFormat(0, 5, fmt.Sprintf("Page %d", p.PageNo()), "", 0, "R", false, 0, "")
}

func (p *pdfWriter) section(s Section) {
	if s.Heading != "" {
		p.SetFont("Helvetica", "B", 16)
		p.colour(p.SetTextColor, p.doc.accent())
		p.MultiCell(0, 8, p.text(s.Heading), "", "L", false)
		p.Ln(2)
	}
	p.SetTextColor(40, 40, 40)
	p.SetFont("Helvetica", "", pdfBodySize)
	for _, text := range s.Paragraphs {
		p.MultiCell(0, pdfLine, p.text(text), "", "L", false)
		p.Ln(3)
	}
	for _, text := range s.Bullets {
		p.bullet(text)
	}
	if len(s.Table) > 0 {
		p.Ln(3)
		p.table(s.Table)
	}
}

func (p *pdfWriter) bullet(text string) {
	const indent = 6
	p.colour(p.SetTextColor, p.doc.accent())
	p.CellFormat(indent, pdfLine, p.text("•"), "", 0, "L", false, 0, "")
	p.SetTextColor(40, 40, 40)
	p.SetLeftMargin(pdfMargin + indent)
	p.MultiCell(0, pdfLine, p.text(text), "", "L", false)
	p.SetLeftMargin(pdfMargin)
	p.SetX(pdfMargin)
	p.Ln(1.5)
}

func (p *pdfWriter) table(t Table) {
	width, height := p.GetPageSize()
	column := (width - 2*pdfMargin) / float64(t.columns())
	p.SetDrawColor(200, 200, 200)
	for i, row := range t.rows() {
		lines := 1
		p.rowStyle(i)
		for j := range row {
			row[j] = p.text(row[j])
			lines = max(lines, len(p.SplitLines([]byte(row[j]), column)))
		}
		tall := float64(lines)*pdfLine + 2
		if p.GetY()+tall > height-25 {
			p.AddPage()
			p.rowStyle(i)
		}
		top := p.GetY()
		for j, cell := range row {
			x := pdfMargin + float64(j)*column
			p.Rect(x, top, column, tall, "FD")
			p.SetXY(x, top+1)
			p.MultiCell(column, pdfLine, cell, "", "L", false)
		}
		p.SetXY(pdfMargin, top+tall)
	}
}

func (p *pdfWriter) rowStyle(i int) {
	if i == 0 {
		p.SetFont("Helvetica", "B", pdfBodySize)
		p.colour(p.SetFillColor, p.doc.accent().tint(0.15))
		return
	}
	p.SetFont("Helvetica", "", pdfBodySize)
	p.SetFillColor(255, 255, 255)
}
