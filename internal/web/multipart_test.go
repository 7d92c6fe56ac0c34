package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// sentFile is a file that a visitor chose.
type sentFile struct{ field, name, content string }

// upload sends a form of a page as a browser does that runs no scripts: the fields in their order, with the given values in
// place of its own, then the files, then the button. The selector must fit one form.
func (v *visitor) upload(p *shown, selector string, values url.Values, button string, files ...sentFile) *shown {
	v.t.Helper()
	form := p.Find(selector)
	if form.Length() != 1 {
		v.t.Fatalf("%s: got %d forms like %s, want one; the page says: %s", p.at, form.Length(), selector, p.text("main"))
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	add := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			v.t.Fatal(err)
		}
	}
	seen := map[string]int{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		n := seen[name]
		_, checked := field.Attr("checked")
		switch given, ok := values[name]; {
		case kind == "file", kind == "radio" && !checked && !ok:
		case kind == "radio" && ok && field.AttrOr("value", "") != given[0]:
		case ok && n < len(given):
			seen[name]++
			add(name, given[n])
		case ok:
		case goquery.NodeName(field) == "textarea":
			add(name, field.Text())
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			add(name, chosen.AttrOr("value", field.Find("option").First().AttrOr("value", "")))
		default:
			add(name, field.AttrOr("value", ""))
		}
	})
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := part.Write([]byte(f.content)); err != nil {
			v.t.Fatal(err)
		}
	}
	if button != "" {
		add("do", button)
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	to, err := p.at.Parse(form.AttrOr("action", ""))
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, to.String(), &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.send(r)
}

const pieceForm = "form[data-piece-form]"

// pieceID is the id in the address of a piece's page.
func (p *shown) pieceID(t testing.TB) string {
	t.Helper()
	parts := strings.Split(p.at.Path, "/")
	if len(parts) < 3 || parts[1] != "work" || len(parts[2]) != 36 {
		t.Fatalf("got %s, want the page of a piece; it says: %s", p.at, p.text("main"))
	}
	return parts[2]
}
