package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestXLSXBySheet(t *testing.T) {
	t.Parallel()
	res, err := extractBytes(t, typeXLSX, fixture(t, "excelize.xlsx"), testLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Prices\nArticle Price Since Discount Opens Sum In stock\n004711 1234.50 2026-03-01 12.5% 08:30 0.3 TRUE\n" +
			"Reefer & crate 4006381333931 2026-12-24 18:30 half bold",
		"Ports\nNorthhaven\nfloating remark", // no hidden sheet before it, and no comment
	}
	if diff := cmp.Diff(want, res.Pages); diff != "" {
		t.Error("pages (-want +got):\n" + diff)
	}
}

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, row, want string }{
		{"shared strings", `<c t="s"><v>0</v></c><c t="s"><v>1</v></c>`, "one rich text"},
		{"shared strings that are not there", `<c t="s"><v>7</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c><c><v>1</v></c>`, "1"},
		{"inline strings", `<c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>no</t></rPh></is></c>`, "inline"},
		{"formulas", `<c t="str"><f>A1&amp;B1</f><v>result</v></c><c><f>1+1</f><v>2</v></c>`, "result 2"},
		{"truth", `<c t="b"><v>1</v></c><c t="b"><v>0</v></c>`, "TRUE FALSE"},
		{"errors", `<c t="e"><v>#DIV/0!</v></c><c><v>3</v></c>`, "3"},
		{"empty cells", `<c s="1"/><c/><c><v>4</v></c>`, "4"},
		{"a style that is not there", `<c s="99"><v>5</v></c><c s="x"><v>6</v></c>`, "5 6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			res, err := extractBytes(t, typeXLSX, xlsxOf(t, test.row), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"Sheet\n" + test.want}, res.Pages); diff != "" {
				t.Error("pages (-want +got):\n" + diff)
			}
		})
	}
}

// xlsxOf wraps the XML of a row.
func xlsxOf(t testing.TB, row string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"_rels/.rels":     `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="x/relationships"><sheets><sheet name="Sheet" sheetId="1" r:id="s"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
			<Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml":     `<sst><si><t>one</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>" + row + "</row></sheetData></worksheet>",
	})
}

func TestNumbersAreDisplayed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ code, value, want string }{
		{"General", "0.30000000000000004", "0.3"},
		{"General", "1E3", "1000"},
		{"General", "4006381333931", "4006381333931"},
		{"General", "1E300", "1E300"},
		{"General", "words", "words"},
		{"0", "2.5", "2"},
		{"0.00", "1234.5", "1234.50"},
		{"#,##0.00", "-1234.5", "-1234.50"},
		{`#,##0.00" €";[Red]-#,##0.00`, "12", "12.00"},
		{`_-* #,##0.00\ [$€-407]_-`, "12", "12.00"},
		{"00000", "123", "00123"},
		{"000.0", "-1.25", "-001.2"},
		{"0%", "0.125", "12%"},
		{"0.0%", "0.125", "12.5%"},
		{"0.00E+00", "1234", "1234"},
		{"# ?/?", "1.5", "1.5"},
		{"@", "7", "7"},
		{"yyyy-mm-dd", "46082", "2026-03-01"},
		{`dd\.mm\.yyyy`, "46082", "2026-03-01"},
		{"[$-F800]dddd, mmmm dd, yyyy", "46082", "2026-03-01"},
		{"mmm yy", "46082", "2026-03-01"},
		{"d/m/yyyy h:mm AM/PM", "46082.75", "2026-03-01 18:00"},
		{"hh:mm:ss", "0.5", "12:00"},
		{"[h]:mm", "0.25", "06:00"},
		{"yyyy", "-5", "-5"},
		{"yyyy", "1E9", "1000000000"},
		{"yyyy-mm-dd", "1", "1900-01-01"},
		{"yyyy-mm-dd", "59", "1900-02-28"},
		{"yyyy-mm-dd", "61", "1900-03-01"},
		{`"unclosed`, "3", "3"},
		{"", "3", "3"},
	} {
		t.Run(test.code+" "+test.value, func(t *testing.T) {
			t.Parallel()
			b := &workbook{styles: []numberFormat{parseFormat(test.code)}}
			if got := b.displayed(test.value, "0"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	t.Run("days from 1904 on", func(t *testing.T) {
		t.Parallel()
		b := &workbook{styles: []numberFormat{builtInFormat("14")}, date1904: true}
		if got, want := b.displayed("44620", "0"), "2026-03-01"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
