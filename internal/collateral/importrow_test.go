package collateral

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goodCells describe a piece with everything that can be said of one.
func goodCells() map[string]string {
	return map[string]string{
		"file": "decks/first-call.pptx", "title": "First call deck", "summary": "What we say in the first call.",
		"type": "deck", "audience": "customer",
		"stages":   "validation (primary): Shows that it works with the buyer's data. | supplier-selection: Compares us with two others.",
		"personas": "cfo | line-of-business", "industries": "logistics; retail", "products": "pulse", "language": "EN-gb",
		"owner": "Mia@Example.com", "coauthors": "max@example.com, moe@example.com", "review_by": "2027-03-31", "cost": "1250.00 eur",
		"first_published_on": "2024-02-29",
	}
}

func TestParseImportRow(t *testing.T) {
	t.Parallel()
	got, faults := ParseImportRow(goodCells())
	if len(faults) > 0 {
		t.Fatalf("got faults %v, want none", faults)
	}
	want := ImportRow{
		File: "decks/first-call.pptx",
		Details: Details{
			Title: "First call deck", Summary: "What we say in the first call.", Type: "deck", Audience: ForCustomer,
			Stages: []StageTag{
				{Stage: "validation", Role: "Shows that it works with the buyer's data.", Primary: true},
				{Stage: "supplier-selection", Role: "Compares us with two others."},
			},
			Personas: []string{"cfo", "line-of-business"}, Industries: []string{"logistics", "retail"}, Products: []string{"pulse"},
			Language: "en-GB", ReviewBy: "2027-03-31", Cost: &Cost{Amount: "1250.00", Currency: "EUR"},
		},
		Owner: "mia@example.com", Coauthors: []string{"max@example.com", "moe@example.com"}, FirstPublishedOn: "2024-02-29",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the row differs (-want +got):\n%s", diff)
	}
	if f := got.Check("2026-11-22"); len(f) > 0 {
		t.Errorf("got faults %v, want none", f)
	}
}

// TestImportRowSurvivesItsCells writes rows and reads them back, with texts that mean something to a CSV, to a cell of
// stages or to a spreadsheet.
func TestImportRowSurvivesItsCells(t *testing.T) {
	t.Parallel()
	plain, _ := ParseImportRow(goodCells())
	for _, text := range []string{
		"plain words of a role", `=HYPERLINK("https://example.com")`, "+49 30 1234567 is the number", "-5 % on every order placed",
		"@everybody who reads this text", "'quoted' words of a role text", "'=1+1 is an apostrophe text", "''=2", "＝SUM(A1) in full width",
		`a | b || c, from left to right`, `C:\new\folder is where it is`, `ends in a backslash, as paths do\`, `\|`, `\\|`, "two\nlines, and\n\na third",
		"validation (primary): looks like a stage", "semi;colons, commas and \"quotes\"", "Ünïcödé, 日本語, emoji 🚚 and more",
	} {
		row := plain
		row.Title, row.Summary = strings.ReplaceAll(text, "\n", " "), text
		row.Stages = []StageTag{
			{Stage: "validation", Role: text}, {Stage: "-dash", Role: text, Primary: true}, {Stage: "consensus-creation", Role: "x: " + text},
		}
		row.Personas, row.File = []string{"-minus", "cfo"}, "=folder/"+"-file.pdf"
		got, faults := ParseImportRow(row.Cells())
		if len(faults) > 0 {
			t.Errorf("%q: got faults %v, want none", text, faults)
		}
		if diff := cmp.Diff(row, got); diff != "" {
			t.Errorf("%q comes back differently (-want +got):\n%s", text, diff)
		}
		for column, cell := range row.Cells() {
			if startsFormula(cell) {
				t.Errorf("the cell %s begins like a formula: %q", column, cell)
			}
		}
	}
}

func TestImportRowFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		column string
		cell   string
		want   string // part of the only fault, as it is shown; empty when there is none
	}{
		{"no file", "file", "", "12: file: This is missing."},
		{"both", "url", "https://example.com/", "12: url: A row has either"},
		{"a path that leads out", "file", "../secrets.pdf", "12: file: This is not a path below"},
		{"a path that leads out later", "file", "decks/../../secrets.pdf", "12: file: This is not a path below"},
		{"a path from the root", "file", "/etc/passwd", "12: file: This is not a path below"},
		{"the folder itself", "file", ".", "12: file: This is not a path below"},
		{"a path as Windows writes it", "file", `decks\first.pptx`, ""},
		{"a path that goes back and stays inside", "file", "decks/../first.pptx", ""},
		{"a long path", "file", strings.Repeat("folder/", 200) + "a.pdf", "12: file: The path is too long"},
		{"control characters", "file", "a\x07.pdf", "12: file: The file's name must not contain control characters."},
		{"no title", "title", " ", "12: title: This is missing."},
		{"a long title", "title", strings.Repeat("a", 201), "12: title: This is too long: use at most 200 characters."},
		{"a title of two lines", "title", "First\nSecond", "12: title: This must be one line"},
		{"a long summary", "summary", strings.Repeat("a", 2001), "12: summary: This is too long"},
		{"a misspelt type", "type", "Dek", `12: type: There is no type "Dek". Did you mean "deck"?`},
		{"a type that is none", "type", "hologram-projection", `12: type: There is no type "hologram-projection".`},
		{"an audience that is none", "audience", "everybody", "12: audience: The audience is internal, partner or customer."},
		{"a stage without a role", "stages", "validation", `12: stages: "validation" is not a stage with what`},
		{"a stage without a key", "stages", ": Shows that it works with data.", `12: stages: ": Shows`},
		{"a short role", "stages", "validation (primary): Shows it.", "12: stages: At validation: Say in at least 20 characters"},
		{"a long role", "stages", "validation: " + strings.Repeat("a", 1001), "12: stages: At validation: This is too long"},
		{"two primary stages", "stages", "validation (primary): Shows that it works. |selection (primary): Shows that it works.", "12: stages: Only one stage can be the primary one: validation and selection are both marked."},
		{"a stage twice", "stages", "validation: Shows that it works. \nvalidation: Shows that it works.", `12: stages: The stage "validation" is named twice.`},
		{"a tag that is no slug", "personas", "CFO", "12: personas: Use 1 to 64 lower-case letters"},
		{"too many tags", "products", strings.Repeat("a", 51), ""},
		{"a language that is none", "language", "english", "12: language: This is not a language tag."},
		{"a date that is none", "review_by", "31.03.2027", "12: review_by: This is not a date."},
		{"a day that does not exist", "first_published_on", "2023-02-29", "12: first_published_on: This is not a date."},
		{"a day to come", "first_published_on", "2026-11-23", "12: first_published_on: This day has not come yet."},
		{"a cost without currency", "cost", "1250", "12: cost: This is not a cost."},
		{"a cost with a comma", "cost", "1250,00 EUR", "12: cost: This is not an amount."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cells := goodCells()
			cells[test.column] = test.cell
			row, faults := ParseImportRow(cells)
			var got []string
			for _, f := range RowFaults(12, append(faults, row.Check("2026-11-22")...)) {
				got = append(got, f.String())
			}
			if test.want == "" {
				if len(got) > 0 {
					t.Errorf("got %q, want no fault", got)
				}
			} else if len(got) != 1 || !strings.HasPrefix(got[0], test.want) {
				t.Errorf("got %q, want one fault %q", got, test.want)
			}
		})
	}
}

func TestStagesOfARowAreChecked(t *testing.T) {
	t.Parallel()
	row := ImportRow{Details: Details{Stages: []StageTag{{Stage: "evalution"}, {Stage: "evaluation"}, {Stage: "xyz"}}}}
	got := row.CheckStages([]string{"awareness", "evaluation"})
	want := Faults{
		{"/stages", `There is no buying stage "evalution". Did you mean "evaluation"?`},
		{"/stages", `There is no buying stage "xyz". The stages are awareness, evaluation.`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the faults differ (-want +got):\n%s", diff)
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	known := []string{"deck", "one-pager", "case-study", "faq"}
	for word, want := range map[string]string{
		"dek": "deck", "DECK": "deck", "onepager": "one-pager", "case_study": "case-study", "case-studies": "case-study",
		"x": "", "video": "", "": "", strings.Repeat("deck", 100): "",
	} {
		if got := Closest(word, known); got != want {
			t.Errorf("closest to %q: got %q, want %q", word, got, want)
		}
	}
}
