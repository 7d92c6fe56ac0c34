package registry

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
)

const goodCSV = `file,title,type,audience,stages
decks/first.pptx,First call deck,deck,customer,"validation (primary): Shows that it works, with their data."
"faq, short.md",Überblick für Käufer,faq,partner,
`

// read returns how a CSV was read, its rows as "LINE file title", and its faults.
func read(raw string) (format string, rows, faults []string) {
	l := readLibraryCSV([]byte(raw))
	for _, r := range l.rows {
		rows = append(rows, strings.Join([]string{collateral.RowFault{Line: r.line}.String(), r.cells["file"], r.cells["title"]}, " "))
	}
	for _, f := range l.faults {
		faults = append(faults, f.String())
	}
	return l.format, rows, faults
}

func TestCSVIsReadAsSpreadsheetsWriteIt(t *testing.T) {
	t.Parallel()
	rows := []string{"2:  decks/first.pptx First call deck", "3:  faq, short.md Überblick für Käufer"}
	later := []string{"3:  decks/first.pptx First call deck", "4:  faq, short.md Überblick für Käufer"}
	semicolons := strings.NewReplacer(`"faq, short.md",`, "faq, short.md;", ",", ";", "works,", "works,").Replace(goodCSV)
	latin := strings.NewReplacer("Ü", "\xdc", "ü", "\xfc", "ä", "\xe4").Replace(goodCSV)
	wide := func(order func(r rune) string) string {
		var b strings.Builder
		for _, r := range "\ufeff" + goodCSV {
			b.WriteString(order(r))
		}
		return b.String()
	}
	tests := []struct {
		name, raw, format string
		rows              []string
	}{
		{"plain", goodCSV, "UTF-8, separated by commas", rows},
		{"with a mark", "\ufeff" + goodCSV, "UTF-8 with a mark, separated by commas", rows},
		{"semicolons", semicolons, "UTF-8, separated by semicolons", rows},
		{"tabs", strings.ReplaceAll(semicolons, ";", "\t"), "UTF-8, separated by tabs", rows},
		{"a line that names the separator", "sep=;\r\n" + semicolons, "UTF-8, separated by semicolons", later},
		{"Windows line ends", strings.ReplaceAll(goodCSV, "\n", "\r\n"), "UTF-8, separated by commas", rows},
		{"Windows-1252", latin, "Windows-1252, separated by commas", rows},
		{"UTF-16, little end first", wide(func(r rune) string { return string([]byte{byte(r), byte(r >> 8)}) }), "UTF-16, separated by commas", rows},
		{"UTF-16, big end first", wide(func(r rune) string { return string([]byte{byte(r >> 8), byte(r)}) }), "UTF-16, separated by commas", rows},
		{"header as people write it", strings.Replace(goodCSV, "file,title", "File ,TITLE", 1), "UTF-8, separated by commas", rows},
		{"rows of nothing", goodCSV + ",,,,\n\n , ,,,\n", "UTF-8, separated by commas", rows},
		{"separators at the end", strings.NewReplacer("stages\n", "stages,\n", ".\"\n", ".\",\n", "partner,\n", "partner,,\n").Replace(goodCSV), "UTF-8, separated by commas", rows},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			format, rows, faults := read(test.raw)
			if len(faults) > 0 {
				t.Fatalf("got faults %q, want none", faults)
			}
			if format != test.format {
				t.Errorf("got format %q, want %q", format, test.format)
			}
			if diff := cmp.Diff(test.rows, rows); diff != "" {
				t.Errorf("the rows differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsOfACSV(t *testing.T) {
	t.Parallel()
	const header = "file,title,type,audience\n"
	tests := []struct {
		name, raw string
		want      []string // how each fault begins
	}{
		{"nothing", "", []string{"The CSV is empty."}},
		{"a mark only", "\ufeff", []string{"The CSV is empty."}},
		{"a header only", header, []string{"The CSV names columns, and no piece."}},
		{"a spreadsheet", "PK\x03\x04rest", []string{"This is a spreadsheet and no CSV."}},
		{"not text", "file\x00,title", []string{"The CSV holds NUL bytes"}},
		{"damaged UTF-8", header + "a.pdf,Käufer über \xff alles,deck,customer\n", []string{"2: The CSV is in UTF-8 but for bytes"}},
		{"another encoding", header + "a.pdf,K\x81\x8dufer,deck,customer\n", []string{"The CSV is neither in UTF-8 nor"}},
		{"too large", strings.Repeat("a", MaxLibraryCSV+1), []string{"The CSV is larger than 32 MiB."}},
		{"columns missing", "file,summary\na.pdf,b\n", []string{"1: title: This column is missing.", "1: type: This column", "1: audience: This column"}},
		{"neither file nor url", "title,type,audience\na,b,c\n", []string{"1: file: This column is missing; a CSV of links"}},
		{"a misspelt column", "file,title,type,audience,sumary\na.pdf,b,c,d,e\n", []string{`1: There is no column "sumary". Did you mean "summary"?`}},
		{"an unknown column", "file,title,type,audience,price list\na.pdf,b,c,d,e\n", []string{`1: There is no column "price list". The columns are file, url`}},
		{"a column twice", "file,title,type,audience,Title\na.pdf,b,c,d,e\n", []string{"1: title: This column is there twice."}},
		{"a column without a name", "file,,title,type,audience\na.pdf,b,c,d,e\n", []string{`1: There is no column ""`}},
		{"a cell too many", header + "a.pdf,First, second,deck,customer\n", []string{"2: The row has 5 cells, and the header 4."}},
		{"a cell too few", header + "a.pdf,deck,customer\nb.pdf,B,deck,customer\nc\n", []string{"2: The row has 3 cells", "4: The row has 1 cells"}},
		{"a quote inside a cell", header + "a.pdf,The \"first\" deck,deck,customer\nb.pdf\n", []string{"2: There is a quote inside a cell"}},
		{"a quote that is not closed", header + "a.pdf,\"The first deck,deck,customer\nb.pdf,B,deck,customer\n", []string{"2: A quote is opened and not closed"}},
		{"a quote in the header", "file,\"title,type\n", []string{"1: A quote is opened"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, _, got := read(test.raw)
			if len(got) != len(test.want) {
				t.Fatalf("got faults %q, want %q", got, test.want)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got fault %q, want %q", got[i], want)
				}
			}
		})
	}
}

// FuzzLibraryCSV reads anything as a library. What comes out without a fault is text by known columns, and is read the
// same once it was written again.
func FuzzLibraryCSV(f *testing.F) {
	for _, seed := range []string{
		goodCSV, "\ufeff" + goodCSV, strings.ReplaceAll(goodCSV, ",", ";"), "sep=\t\nfile\ttitle\ttype\taudience\na\tb\tdeck\tcustomer\n",
		"url,title,type,audience\nhttps://example.com,'=1+1,link,customer", "file,title,type,audience,\"cost\"\r\n\"a\"\"\",\"b\r\nc\",d,e,1 EUR\r\n",
		"file,title,type,audience\n\xe4.pdf,b,c,d", "\xff\xfef\x00i\x00l\x00e\x00", "PK\x03\x04", "file,file\n\"",
		"file,title,type,audience,stages\na,b,deck,customer,validation (primary): \\| \\n \\\\ | x: y\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := readLibraryCSV(raw)
		if len(l.faults) > 0 {
			for _, fault := range l.faults {
				if fault.Detail == "" {
					t.Fatal("got a fault that says nothing")
				}
			}
			return
		}
		if len(l.rows) == 0 {
			t.Fatal("got neither rows nor faults")
		}
		last := 1
		for _, r := range l.rows {
			if r.line <= last {
				t.Fatalf("got a row in line %d behind one in line %d", r.line, last)
			}
			last = r.line
			for column, cell := range r.cells {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
					t.Fatalf("got %q in %s, which no database takes", cell, column)
				}
			}
			row, faults := collateral.ParseImportRow(r.cells)
			if len(faults) > 0 || len(row.Check("2026-11-22")) > 0 {
				continue
			}
			again, faults := collateral.ParseImportRow(row.Cells())
			if len(faults) > 0 {
				t.Fatalf("got faults %v in what was written of %+v", faults, row)
			}
			row.Summary = strings.ReplaceAll(row.Summary, "\r\n", "\n")
			if diff := cmp.Diff(row, again); diff != "" {
				t.Fatalf("a row is read differently once it was written (-first +again):\n%s", diff)
			}
		}
	})
}
