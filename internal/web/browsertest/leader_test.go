package browsertest_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/web/browsertest"
)

// behind is a number on a report, and how many pieces the page lists that it leads to.
type behind struct {
	Address string
	Number  int
	Rows    int
}

// behindAll follows what fits the CSS selector, each a link around a number or with one in its <strong>.
func behindAll(t *testing.T, b *browsertest.Tab, selector string) []behind {
	t.Helper()
	var all []behind
	read(t, b, `(async () => {
		const all = [];
		for (const link of document.querySelectorAll(`+strconv.Quote(selector)+`)) {
			const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
			const number = (link.querySelector("strong") ?? link).textContent.trim();
			all.push({ Address: link.getAttribute("href"), Number: Number(number), Rows: page.querySelectorAll("table.pieces tbody tr").length });
		}
		return all;
	})()`, &all)
	if len(all) == 0 {
		t.Errorf("%s has no number like %s", b.Path(), selector)
	}
	return all
}

// read takes what a JavaScript expression comes to.
func read(t *testing.T, b *browsertest.Tab, expression string, into any) {
	t.Helper()
	if err := json.Unmarshal(b.Eval(expression), into); err != nil {
		t.Fatalf("reading %s: %v", expression, err)
	}
}

// texts are those of all that fits the CSS selector, seen or not.
func texts(t *testing.T, b *browsertest.Tab, selector string) []string {
	t.Helper()
	var all []string
	read(t, b, `[...document.querySelectorAll(`+strconv.Quote(selector)+`)].map((e) => e.textContent.trim())`, &all)
	return all
}

// column downloads the CSV that the link leads to, and returns a column of its rows.
func column(t *testing.T, b *browsertest.Tab, link string, name string) []string {
	t.Helper()
	var text string
	read(t, b, `fetch(document.querySelector(`+strconv.Quote(link)+`).href).then((answer) => answer.text())`, &text)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("reading the CSV of %s: %v", link, err)
	}
	values := []string{}
	for _, line := range lines[1:] {
		for i, head := range lines[0] {
			if head == name {
				values = append(values, line[i])
			}
		}
	}
	return values
}

// A leader clicks on a number and gets exactly as many pieces as it says, from every number of every report.
func TestEveryNumberLeadsToItsPieces(t *testing.T) {
	t.Parallel()
	b := sharedTown(t).tab(t, collateral.Leader, "/reports")
	for i, name := range []string{"strictly unused", "leniently unused"} {
		b.Go("/reports")
		var said, all int
		figure := b.Text(fmt.Sprintf(".figures li:nth-child(%d) .muted", i+1))
		if _, err := fmt.Sscanf(figure, name+": %d of %d", &said, &all); err != nil || said == 0 || said >= all {
			t.Fatalf("the figure says %q: %v", figure, err)
		}
		b.Follow(fmt.Sprintf("css=.figures li:nth-child(%d) a", i+1))
		b.Shows("#pieces", fmt.Sprintf("%d pieces, the least used first", said))
		if got := b.Count("table.pieces tbody tr"); got != said {
			t.Errorf("behind %q: got %d pieces, want %d", figure, got, said)
		}
	}
	b.Go("/reports/unused")
	check := func(selector string) {
		for _, n := range behindAll(t, b, selector) {
			if n.Number != n.Rows {
				t.Errorf("%s: behind the number %d stand %d pieces", n.Address, n.Number, n.Rows)
			}
		}
	}
	check(`td a[href*="#pieces"]`)
	b.Follow("Coverage")
	check(".matrix td a:has(strong)")
}

// The matrix leads to the pieces of a cell, and back.
func TestCoverageLeadsToItsPieces(t *testing.T) {
	t.Parallel()
	b := sharedTown(t).tab(t, collateral.Leader, "/reports/coverage")
	const cell = ".matrix td.unused:not(.total) a"
	many := b.Text(cell + " strong")
	first, _, _ := strings.Cut(many, " ")
	want, err := strconv.Atoi(first)
	if err != nil {
		t.Fatalf("the cells that are covered and unused say %q", many)
	}
	b.Eval(`document.querySelector("` + cell + `").id = "cell"`)
	b.Follow("css=#cell")
	b.Shows("main", "Only what is chosen")
	if got := b.Count("table.pieces tbody tr"); got != want {
		t.Errorf("behind the cell stand %d pieces, want %d", got, want)
	}
	b.Follow("The whole matrix")
	b.Eval(`document.querySelector(".matrix td.missing:not(.total) a").id = "gap"`)
	b.Follow("css=#gap")
	b.Shows("main", "There is no published piece here.")
	b.Follow("what the field looked for and did not find")
	b.Shows("h1", "What the field looks for")
	query := b.Text("section[aria-labelledby=nothing] tbody tr:first-child th")
	b.Follow(query)
	b.Shows("h2", "Nothing found")
	b.Holds("input[type=search]", query)
}

// What a report is narrowed to stands in its address, in its form and above it, and each CSV has the rows of its table.
func TestReportsAreNarrowedAndTakenAlong(t *testing.T) {
	t.Parallel()
	b := sharedTown(t).tab(t, collateral.Leader, "/reports/unused")
	before := len(texts(t, b, "table.pieces tbody tr"))
	b.Click("Buying stages")
	b.ClickIn(".pick[open]", "Validation")
	b.Fill("Days to look back", "60")
	b.Follow("Show")
	b.Shows("h1 + p", "60 days · only Validation")
	if path := b.Path(); !strings.Contains(path, "stage=validation") || !strings.Contains(path, "window=60") {
		t.Errorf("the address %s does not say what is shown", path)
	}
	rows := texts(t, b, "table.pieces tbody th a")
	if len(rows) == 0 || len(rows) >= before {
		t.Errorf("narrowed to a stage: got %d pieces of %d", len(rows), before)
	}
	same := func(what string, got, want []string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the CSV differs from the table (-table +csv):\n%s", what, diff)
		}
	}
	same("pieces", column(t, b, `a[href^="/reports/unused.csv"]`, "title"), rows)
	same("too new", column(t, b, `a[href^="/reports/unused/new.csv"]`, "title"), texts(t, b, "section[aria-labelledby=new] tbody th a"))
	same("week by week", column(t, b, `a[href^="/reports/unused/trend.csv"]`, "eligible"), texts(t, b, "section[aria-labelledby=over-time] tbody td:nth-child(2)"))
	b.Follow("Everything")
	if got := len(texts(t, b, "table.pieces tbody tr")); got != before {
		t.Errorf("of everything: got %d pieces, want %d as at first", got, before)
	}
	b.Follow("Coverage")
	same("matrix", column(t, b, `a[href^="/reports/coverage.csv"]`, "stage_name")[:1], texts(t, b, ".matrix tbody tr:first-child th"))
	same("covered", column(t, b, `a[href^="/reports/coverage/pieces.csv"]`, "title"), texts(t, b, "table.pieces tbody th a"))
	b.Follow("Searches")
	same("searches", column(t, b, `a[href^="/reports/searches.csv"]`, "query"), texts(t, b, "main tbody th"))
}

// Every chart says what it shows, has its table, and is printed with it; what leads elsewhere is not printed.
func TestReportsArePrinted(t *testing.T) {
	t.Parallel()
	b := sharedTown(t).tab(t, collateral.Leader, "/signin")
	for _, path := range []string{"/reports", "/reports/unused"} {
		b.Go(path)
		charts := b.Count(".chart-frame svg[role=img]")
		if charts == 0 || charts != b.Count(".chart-frame") {
			t.Errorf("%s: got %d charts", path, charts)
		}
		tables := ".chart-frame ~ details table"
		b.Hides(tables)
		b.Print(true)
		if got := b.Count(tables); got != charts {
			t.Errorf("%s as printed: got %d tables for %d charts", path, got, charts)
		}
		b.Hides(".top, .tabs, .report-form")
		b.Print(false)
		b.Click("The same as a table")
		b.Shows(tables, "%")
	}
}
