package registry

import (
	"os"
	"strings"
	"testing"

	"collateral/internal/collateral"
)

// TestDocumentationOfTheCSV holds docs/import.md to the program: its example has no fault, and its table every column.
func TestDocumentationOfTheCSV(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```csv\n")
	example, _, _ = strings.Cut(example, "```")
	l := readLibraryCSV([]byte(example))
	if len(l.faults) > 0 || len(l.rows) != 3 {
		t.Fatalf("got %d rows and faults %v in the example, want 3 without a fault", len(l.rows), l.faults)
	}
	keys := []string{"problem-identification", "solution-exploration", "requirements-building"}
	for _, raw := range l.rows {
		row, faults := collateral.ParseImportRow(raw.cells)
		faults = append(append(faults, row.Check("2026-11-22")...), row.CheckStages(keys)...)
		if len(faults) > 0 {
			t.Errorf("line %d of the example has faults: %v", raw.line, faults)
		}
	}
	for _, column := range collateral.ImportColumns() {
		if !strings.Contains(string(text), "`"+column+"`") {
			t.Errorf("the documentation does not describe the column %s", column)
		}
	}
	for _, kind := range collateral.Types() {
		if !strings.Contains(string(text), string(kind)) {
			t.Errorf("the documentation does not name the type %s", kind)
		}
	}
}
