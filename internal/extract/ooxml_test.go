package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDOCXPages(t *testing.T) {
	t.Parallel()
	const (
		one, two  = `<r><t>one</t></r>`, `<r><t>two</t></r>`
		hard      = `<r><br w:type="page"/></r>`
		rendered  = `<lastRenderedPageBreak/>`
		before    = `<pPr><pageBreakBefore/></pPr>`
		notBefore = `<pPr><pageBreakBefore w:val="0"/></pPr>`
	)
	section := func(kind string) string { return `<pPr><sectPr><type w:val="` + kind + `"/></sectPr></pPr>` }
	for _, test := range []struct {
		name string
		body string
		want []string
	}{
		{"no break", "<p>" + one + "</p><p>" + two + "</p>", []string{"one\ntwo"}},
		{"a break of the author", "<p>" + one + hard + two + "</p>", []string{"one", "two"}},
		{"two breaks of the author", "<p>" + one + hard + hard + two + "</p>", []string{"one", "", "two"}},
		{"a break left by the layout", "<p>" + one + rendered + two + "</p>", []string{"one", "two"}},
		{"both for the same page", "<p>" + one + hard + rendered + two + "</p>", []string{"one", "two"}},
		{"a paragraph that starts a page", "<p>" + one + "</p><p>" + before + rendered + two + "</p>", []string{"one", "two"}},
		{"the first paragraph does", "<p>" + before + one + "</p>", []string{"one"}},
		{"a paragraph that does not", "<p>" + one + "</p><p>" + notBefore + two + "</p>", []string{"one\ntwo"}},
		{"a section on the next page", "<p>" + section("nextPage") + one + "</p><p>" + rendered + two + "</p><sectPr/>", []string{"one", "two"}},
		{"a section on the same page", "<p>" + section("continuous") + one + "</p><p>" + two + "</p><sectPr/>", []string{"one\ntwo"}},
		{"changes", "<p><del>" + two + "</del><moveFrom>" + two + "</moveFrom><ins>" + one + "</ins></p>", []string{"one"}},
		{"hidden text", "<p><pPr><rPr><vanish/></rPr></pPr>" + one + "<r><rPr><vanish/></rPr><t>no</t></r><r><rPr><vanish w:val='0'/></rPr><t>, two</t></r></p>", []string{"one, two"}},
		{"fallbacks", "<p><AlternateContent><Choice>" + one + "</Choice><Fallback>" + one + "</Fallback></AlternateContent></p>", []string{"one"}},
		{"fields", "<p><r><instrText>PAGE</instrText></r>" + one + "</p>", []string{"one"}},
		{"white space", "<p><r><t>one</t><tab/><t>two</t><br/><t>non</t><noBreakHyphen/><t>stop</t></r></p>", []string{"one two\nnon-stop"}},
		{"a table in a table", "<tbl><tr><tc><p>" + one + "</p><tbl><tr><tc><p>" + two + "</p></tc></tr></tbl></tc><tc><p>" + one + "</p></tc></tr></tbl>", []string{"one two\none"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			doc := docxOf(t, `<document xmlns:w="w"><body>`+test.body+`</body></document>`)
			res, err := extractBytes(t, typeDOCX, doc, testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

func TestDOCXNotesStandWhereTheyAreReferredTo(t *testing.T) {
	t.Parallel()
	doc := zipped(t, map[string]string{
		"_rels/.rels":                  `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": `<Relationships><Relationship Id="f" Type="x/footnotes" Target="footnotes.xml"/><Relationship Id="e" Type="x/endnotes" Target="endnotes.xml"/></Relationships>`,
		"word/footnotes.xml":           `<footnotes><footnote w:type="separator" w:id="-1"><p/></footnote><footnote w:id="2"><p><r><t>the </t></r><r><t>source</t></r></p><p><r><t>of it</t></r></p></footnote></footnotes>`,
		"word/endnotes.xml":            `<endnotes><endnote w:id="2"><p><r><t>the end</t></r></p></endnote></endnotes>`,
		"word/document.xml":            `<document xmlns:w="w"><p><r><t>claim</t></r><r><footnoteReference w:id="2"/></r><r><br w:type="page"/><t>more</t><endnoteReference w:id="2"/><footnoteReference w:id="9"/></r></p></document>`,
	})
	res, err := extractBytes(t, typeDOCX, doc, testLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"claim the source of it", "more the end"}, res.Pages); diff != "" {
		t.Error("pages (-want +got):\n" + diff)
	}
}

func TestPPTXSlidesComeInOrderOfPresentation(t *testing.T) {
	t.Parallel()
	doc := zipped(t, map[string]string{
		"_rels/.rels": `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="ppt/Presentation.xml"/></Relationships>`,
		"ppt/presentation.xml": `<presentation xmlns:r="x/relationships"><sldMasterIdLst><sldMasterId id="1" r:id="m"/></sldMasterIdLst>
			<sldIdLst><sldId id="256" r:id="b"/><sldId id="257" r:id="gone"/><sldId id="258" r:id="outside"/><sldId id="259" r:id="a"/></sldIdLst></presentation>`,
		"ppt/_rels/presentation.xml.rels": `<Relationships><Relationship Id="a" Type="x/slide" Target="slides/slide1.xml"/>
			<Relationship Id="b" Type="x/slide" Target="/ppt/slides/slide2.xml"/><Relationship Id="gone" Type="x/slide" Target="slides/slide3.xml"/></Relationships>`,
		"ppt/slides/slide1.xml":            `<sld><sp><txBody><p><r><t>last</t></r></p></txBody></sp></sld>`,
		"ppt/slides/slide2.xml":            `<sld><sp><txBody><p><r><t>first</t></r></p></txBody></sp></sld>`,
		"ppt/slides/_rels/slide2.xml.rels": `<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/notesSlide9.xml"/><Relationship Id="d" Type="x/diagramData" Target="../diagrams/data1.xml"/><Relationship Id="c" Type="x/chart" Target="../charts/chart1.xml"/></Relationships>`,
		"ppt/charts/chart1.xml":            `<chart><title><p><r><t>Delays</t></r></p></title><cat><strCache><pt><v>Northhaven</v></pt></strCache></cat><val><numCache><pt><v>4</v></pt></numCache></val></chart>`,
		"ppt/notesSlides/notesSlide9.xml":  `<notes><sp><ph type="sldImg"/></sp><sp><txBody><p><r><t>said</t></r></p></txBody></sp><sp><ph type="sldNum"/><txBody><p><fld type="slidenum"><t>1</t></fld></p></txBody></sp></notes>`,
		"ppt/diagrams/data1.xml":           `<dataModel><pt><t><p><r><t>drawn</t></r></p></t></pt></dataModel>`,
	})
	res, err := extractBytes(t, typePPTX, doc, testLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"first\ndrawn\nDelays\nNorthhaven\nsaid", "", "", "last"}, res.Pages); diff != "" {
		t.Error("pages (-want +got):\n" + diff)
	}
}

func TestPPTXText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, slide, want string }{
		{"shapes that repeat", `<sp><ph type="ftr"/><p><t>footer</t></p></sp><sp><ph type="dt"/><p><t>today</t></p></sp><sp><ph type="title"/><p><t>title</t></p></sp>`, "title"},
		{"groups", `<grpSp><sp><p><t>a</t></p></sp><grpSp><sp><p><t>b</t></p></sp></grpSp></grpSp>`, "a\nb"},
		{"line breaks and runs", `<sp><p><r><t>so</t></r><r><t>me</t></r><br/><r><t>text</t></r></p></sp>`, "some\ntext"},
		{"tables", `<tbl><tr><tc><p><t>a</t></p><p><t>b</t></p></tc><tc><p><t>c</t></p></tc></tr><tr><tc><p><t>d</t></p></tc></tr></tbl>`, "a b c\nd"},
		{"fields", `<p><fld type="datetime1"><t>today</t></fld><r><t>kept</t></r></p>`, "kept"},
		{"fallbacks", `<AlternateContent><Choice><p><t>once</t></p></Choice><Fallback><p><t>once</t></p></Fallback></AlternateContent>`, "once"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, typePPTX, pptxOf(t, "<sld>"+test.slide+"</sld>"), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}
