package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const odfNamespaces = ` xmlns:office="o" xmlns:style="s" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p" xmlns:fo="f" xmlns:svg="v" xmlns:dc="c"`

// odfOf wraps what stands inside a body of the kind, after styles.
func odfOf(t testing.TB, kind, styles, body string) []byte {
	t.Helper()
	return zipped(t, map[string]string{odfContent: `<office:document-content` + odfNamespaces + `><office:automatic-styles>` + styles +
		`</office:automatic-styles><office:body><office:` + kind + `>` + body + `</office:` + kind + `></office:body></office:document-content>`})
}

func TestODF(t *testing.T) {
	t.Parallel()
	const breaks = `<style:style style:name="B"><style:paragraph-properties fo:break-before="page"/></style:style>
		<style:style style:name="A"><style:paragraph-properties fo:break-after="page"/></style:style>
		<style:style style:name="M" style:master-page-name="Landscape"/>
		<style:style style:name="H"><style:table-properties table:display="false"/></style:style>`
	cell := func(text string) string { return `<table:table-cell><text:p>` + text + `</text:p></table:table-cell>` }
	row := func(cells string) string { return `<table:table-row>` + cells + `</table:table-row>` }
	for _, test := range []struct {
		name, kind, body string
		want             []string
	}{
		{"paragraphs", "text", `<text:h>Title</text:h><text:p>one<text:s text:c="3"/>two<text:tab/>three<text:line-break/>four <text:span>fi</text:span>ve</text:p>`, []string{"Title\none two three\nfour five"}},
		{"a paragraph that starts a page", "text", `<text:p text:style-name="B">one</text:p><text:p text:style-name="B">two</text:p>`, []string{"one", "two"}},
		{"a paragraph that ends a page", "text", `<text:p text:style-name="A">one</text:p><text:p>two</text:p>`, []string{"one", "two"}},
		{"a paragraph on another kind of page", "text", `<text:p>one</text:p><text:p text:style-name="M">two</text:p>`, []string{"one", "two"}},
		{"a break left by the layout", "text", `<text:p>one <text:soft-page-break/>two</text:p>`, []string{"one", "two"}},
		{"changes, comments and descriptions", "text", `<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:p>one<office:annotation><text:p>remark</text:p></office:annotation></text:p><draw:frame><svg:title>picture</svg:title></draw:frame>`, []string{"one"}},
		{"notes", "text", `<text:p>one<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p> source</text:p></text:note-body></text:note></text:p>`, []string{"one source"}},
		{"tables", "text", `<table:table>` + row(cell("a")+cell("b")) + row(cell("c")) + `</table:table>`, []string{"a b\nc"}},
		{"slides", "presentation", `<presentation:footer-decl>no</presentation:footer-decl><draw:page><draw:frame><draw:text-box><text:p>one</text:p></draw:text-box></draw:frame>` +
			`<draw:frame presentation:class="footer"><draw:text-box><text:p>again</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>said</text:p></draw:text-box></draw:frame></presentation:notes></draw:page><draw:page/>`, []string{"one\nsaid", ""}},
		{"sheets", "spreadsheet", `<table:table table:name="Prices">` + row(cell("a")+`<table:table-cell/>`+cell("12.5%")) + `</table:table>` +
			`<table:table table:name="Internal" table:style-name="H">` + row(cell("hidden")) + `</table:table><table:table table:name="Ports">` + row(cell("x")) + `</table:table>`, []string{"Prices\na 12.5%", "Ports\nx"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			mediaType := map[string]string{"text": typeODT, "presentation": typeODP, "spreadsheet": typeODS}[test.kind]
			res, err := extractBytes(t, mediaType, odfOf(t, test.kind, breaks, test.body), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

func TestODFWithAPassword(t *testing.T) {
	t.Parallel()
	doc := zipped(t, map[string]string{
		odfContent: "\x00\x01 no XML",
		odfManifest: `<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"><m:encryption-data><m:algorithm/></m:encryption-data>
			</m:file-entry></m:manifest>`,
	})
	_, err := extractBytes(t, typeODT, doc, testLimits())
	wantFailure(t, err, Encrypted)
}
