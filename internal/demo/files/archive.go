package files

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"text/template"
	"time"
)

// parts holds the XML of OOXML packages, as templates under the names of the parts they make.
//
//go:embed parts
var parts embed.FS

// archive writes the parts of an OOXML package. The first error sticks, and the rest is left out.
type archive struct {
	zip    *zip.Writer
	xml    *template.Template
	failed error
}

// newArchive takes the name of a folder of parts.
func newArchive(w io.Writer, folder string) *archive {
	a := &archive{zip: zip.NewWriter(w)}
	a.xml, a.failed = template.New("").Funcs(template.FuncMap{
		"text": escape,
		"utc":  func(t time.Time) string { return t.Format("2006-01-02T15:04:05Z") },
		"add":  func(a, b int) int { return a + b },
	}).ParseFS(parts, "parts/"+folder+"/*.xml", "parts/*.xml")
	return a
}

// add writes a part from the template. Its time is fixed, so that the same content gives the same bytes.
func (a *archive) add(name, from string, data any) {
	if a.failed != nil {
		return
	}
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	w, err := a.zip.CreateHeader(header)
	if err == nil {
		err = a.xml.ExecuteTemplate(w, from, data)
	}
	if err != nil {
		a.failed = fmt.Errorf("part %s: %w", name, err)
	}
}

func (a *archive) close() error {
	if a.failed != nil {
		return a.failed
	}
	return a.zip.Close()
}

func escape(s string) (string, error) {
	var b bytes.Buffer
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}

// office is what every template may name: the Info with its defaults filled in.
type office struct {
	Info
	Created             time.Time
	Lang                string
	AccentHex, LightHex string
}

func officeInfo(i Info) office {
	return office{i, i.date(), i.language(), i.accent().hex(), i.accent().tint(0.15).hex()}
}
