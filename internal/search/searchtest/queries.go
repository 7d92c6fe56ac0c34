package searchtest

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"collateral/internal/search"
)

//go:embed queries.txt
var queriesText string

// minQueries is how many queries there are at least; it keeps a file that is not read from passing.
const minQueries = 80

// wantedHit is a line of queries.txt.
type wantedHit struct {
	line  int
	class string
	typed string
	first string // the id of the first hit; empty when nothing may be found
	page  int    // 0 when the line names none
}

// wantedHits returns what queries.txt asks for.
func wantedHits(t *testing.T) []wantedHit {
	t.Helper()
	var wanted []wantedHit
	class := ""
	spelled := strings.NewReplacer("␣", " ", `\u0301`, "\u0301")
	for number, line := range lines(queriesText) {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			class = name
			continue
		}
		if class == "" {
			continue // the lines that explain the file
		}
		typed, first, ok := strings.Cut(line, " -> ")
		if !ok {
			t.Fatalf("queries.txt:%d: got %q, want a query, an arrow and an id", number, line)
		}
		w := wantedHit{line: number, class: class, typed: spelled.Replace(strings.TrimSpace(typed))}
		w.first, line, ok = strings.Cut(first, ", page ")
		if ok {
			w.page = natural(t, number, line)
		}
		if w.first == "nothing" {
			w.first = ""
		}
		wanted = append(wanted, w)
	}
	if len(wanted) < minQueries {
		t.Fatalf("queries.txt holds %d queries, want at least %d", len(wanted), minQueries)
	}
	return wanted
}

func testFirstHit(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	docs := library(t)
	put(t, x, docs...)
	for _, w := range wantedHits(t) {
		if w.first != "" && !slices.ContainsFunc(docs, func(d search.Document) bool { return d.ID == w.first }) {
			t.Errorf("queries.txt:%d: there is no piece %s", w.line, w.first)
		}
		page := query(t, x, search.Query{Words: w.typed})
		switch {
		case len(page.Hits) == 0 && w.first != "":
			t.Errorf("queries.txt:%d (%s): %q finds nothing, want %s", w.line, w.class, w.typed, w.first)
		case len(page.Hits) == 0:
		case w.first == "":
			t.Errorf("queries.txt:%d (%s): %q finds %q, want nothing", w.line, w.class, w.typed, hits(page))
		case page.Hits[0].ID != w.first:
			t.Errorf("queries.txt:%d (%s): %q finds %s first, want %s", w.line, w.class, w.typed, page.Hits[0].ID, w.first)
		case w.page > 0 && page.Hits[0].Page != w.page:
			t.Errorf("queries.txt:%d (%s): %q is found on page %d, want %d", w.line, w.class, w.typed, page.Hits[0].Page, w.page)
		}
	}
}

// Rankings puts the library into an empty index and returns, for each line of queries.txt, the hits in their order, as
// text. An engine keeps it as a golden file, so that a change of ranking is seen where it happens, behind the first hit
// too. Engines differ here.
func Rankings(t *testing.T, x search.Index) string {
	t.Helper()
	put(t, x, library(t)...)
	var b strings.Builder
	class := ""
	for _, w := range wantedHits(t) {
		if w.class != class {
			class = w.class
			fmt.Fprintf(&b, "\n== %s\n", class)
		}
		page := query(t, x, search.Query{Words: w.typed, PerPage: search.MaxPerPage})
		fmt.Fprintf(&b, "%q: %d\n", w.typed, page.Total)
		for _, h := range page.Hits {
			b.WriteString("    " + h.ID)
			if h.Page > 0 {
				fmt.Fprintf(&b, ", page %d", h.Page)
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimPrefix(b.String(), "\n")
}
