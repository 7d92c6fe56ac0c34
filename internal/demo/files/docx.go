package files

import (
	"fmt"
	"io"
)

// docxText is the width between the margins of an A4 page, in twentieths of a point.
const docxText = 9638

// DOCX writes the document for Word and its like.
func DOCX(w io.Writer, d Document) error {
	data := docxDocument{office: officeInfo(d.Info)}
	for _, s := range d.Sections {
		data.Sections = append(data.Sections, docxSection{s})
	}
	a := newArchive(w, "docx")
	a.add("[Content_Types].xml", "contenttypes.xml", nil)
	a.add("_rels/.rels", "packagerels.xml", "word/document.xml")
	a.add("word/document.xml", "document.xml", data)
	a.add("word/_rels/document.xml.rels", "documentrels.xml", nil)
	a.add("word/styles.xml", "styles.xml", data)
	a.add("word/numbering.xml", "numbering.xml", data)
	a.add("word/footer1.xml", "footer.xml", data)
	a.add("docProps/core.xml", "core.xml", data)
	if err := a.close(); err != nil {
		return fmt.Errorf("writing the DOCX %q: %w", d.Title, err)
	}
	return nil
}

type docxDocument struct {
	office
	Sections []docxSection
}

type docxSection struct{ Section }

// Widths of the table's columns, in twentieths of a point.
func (s docxSection) Widths() []int {
	widths := make([]int, s.Table.columns())
	for i := range widths {
		widths[i] = docxText / len(widths)
	}
	return widths
}

// Rows of the table, all of the same length.
func (s docxSection) Rows() [][]string { return s.Table.rows() }
