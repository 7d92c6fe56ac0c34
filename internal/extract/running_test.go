package extract

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/demo/files"
)

func TestRunningLines(t *testing.T) {
	t.Parallel()
	// n pages, each of which has a body of its own of ten lines between what stands above and below it.
	pages := func(n int, above, below func(page int) string) []string {
		var out []string
		for p := 1; p <= n; p++ {
			var body []string
			for word := range strings.FieldsSeq("red green blue white black pink grey brown gold lime") {
				body = append(body, fmt.Sprintf("%s of %c", word, 'a'+p))
			}
			out = append(out, strings.Trim(above(p)+"\n"+strings.Join(body, "\n")+"\n"+below(p), "\n"))
		}
		return out
	}
	none := func(int) string { return "" }
	always := func(line string) func(int) string { return func(int) string { return line } }
	numbered := func(format string) func(int) string { return func(p int) string { return fmt.Sprintf(format, p) } }
	on := func(line string, those ...int) func(int) string {
		return func(p int) string {
			if slices.Contains(those, p) {
				return line
			}
			return ""
		}
	}
	for _, test := range []struct {
		name  string
		pages []string
		line  string
		want  int // pages on which the line is left
	}{
		{"a header on each page", pages(5, always("Fjord Freight"), none), "Fjord Freight", 1},
		{"a footer on each page", pages(5, none, always("confidential")), "confidential", 1},
		{"a header of several lines", pages(5, always("Fjord Freight\nPorts 2026\nDraft"), none), "Ports 2026", 1},
		{"a page number", pages(12, none, numbered("page %d of 12")), "of 12", 1},
		{"a page number that starts elsewhere", pages(5, none, func(p int) string { return fmt.Sprint("page ", p+16) }), "page", 1},
		{"a year beside the page number", pages(5, none, numbered("2026 | %d")), "2026", 1},
		{"a header on all but the first page", pages(5, on("Ports", 2, 3, 4, 5), none), "Ports", 1},
		{"headers that alternate", pages(9, func(p int) string { return []string{"Fjord Freight", "Ports"}[p%2] }, none), "Ports", 1},
		{"a header on three pages of five", pages(5, on("Ports", 1, 3, 5), none), "Ports", 1},

		{"a header on half of the pages", pages(6, on("Ports", 1, 2, 3), none), "Ports", 3},
		{"a header of a short document", pages(3, always("Ports"), none), "Ports", 3},
		{"headers that alternate in a short document", pages(4, func(p int) string { return []string{"Fjord Freight", "Ports"}[p%2] }, none), "Ports", 2},
		{"a line in the middle of each page", pages(5, always("1\n2\n3\n4\nPorts"), none), "Ports", 5},
		{"rows of numbers at the top", pages(6, func(p int) string { return fmt.Sprintf("Reefer %d.50", p*p) }, none), "Reefer", 6},
		{"rows whose numbers do not go with the page", pages(6, func(p int) string { return fmt.Sprintf("Crate %d", 100-p) }, none), "Crate", 6},
		{"a line once above, once below", pages(4, on("Ports", 1, 2), on("Ports", 3, 4)), "Ports", 4},
		{"chapters", pages(9, func(p int) string { return fmt.Sprintf("Chapter %c", 'A'+p/3) }, none), "Chapter", 9},
		{"a text that repeats", slices.Repeat([]string{"one\ntwo\nthree\nfour\nPorts\nsix\nseven\neight\nnine\nten"}, 6), "one", 6},
		{"a text that repeats but for the page's number", pages(6, numbered("one\nCrate %d\nthree\nfour"), none), "Crate", 6},
		{"empty pages do not count", append(pages(3, always("Ports"), none), "", "", ""), "Ports", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			withoutRunningLines(test.pages)
			got := 0
			for i, page := range test.pages {
				got += strings.Count(page, test.line)
				if page != "" && strings.Count(page, "\n") < 9 {
					t.Errorf("page %d: got %q, want its body whole", i+1, page)
				}
			}
			if got != test.want {
				t.Errorf("got the line %d times, want %d:\n%q", got, test.want, test.pages)
			}
		})
	}
}

func TestRunningLinesOfShortPages(t *testing.T) {
	t.Parallel()
	got := []string{"Ports\nhome", "Ports\nquay", "Ports\ncrane", "Ports\nship\nsea", "Ports"}
	withoutRunningLines(got)
	if diff := cmp.Diff([]string{"Ports\nhome", "quay", "crane", "ship\nsea", "Ports"}, got); diff != "" {
		t.Error("pages (-want +got):\n" + diff)
	}
}

func TestPDFWithoutRunningLines(t *testing.T) {
	t.Parallel()
	doc := files.Document{Info: sampleInfo()}
	for i := range 8 {
		doc.Sections = append(doc.Sections, files.Section{Heading: fmt.Sprint("Port ", strings.Repeat("I", i+1)), Paragraphs: []string{"Body of page " + string(rune('a'+i))}})
	}
	raw := write(t, files.PDF, doc)
	for name, read := range engines(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := read(t.Context(), bytes.NewReader(raw), int64(len(raw)), testLimits())
			if err != nil {
				t.Fatal(err)
			}
			for i, page := range res.Pages {
				if want := i == 0; strings.Contains(page, "for partners") != want || !strings.Contains(page, "Body of page") {
					t.Errorf("page %d: got %q; want its body, and the footer %v", i+1, page, want)
				}
			}
		})
	}
}
