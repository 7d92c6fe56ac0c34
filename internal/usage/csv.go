package usage

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"collateral/internal/collateral"
)

// WriteUnusedCSV writes the items of an unused report with a line of column names, as RFC 4180 has it.
func WriteUnusedCSV(w io.Writer, r UnusedReport) error {
	lines := [][]string{{
		"asset_id", "title", "type", "stage", "owner", "owner_name", "first_published_on",
		"step", "step_name", "last_use_on", "uses", "cost_amount", "cost_currency",
	}}
	for _, p := range r.Items {
		var amount, currency string
		if p.Cost != nil {
			amount, currency = p.Cost.Amount, p.Cost.Currency
		}
		lines = append(lines, []string{
			p.AssetID.String(), collateral.GuardCell(p.Title), string(p.Type), p.Stage, p.OwnerID.String(), collateral.GuardCell(p.OwnerName), p.FirstPublishedOn,
			strconv.Itoa(int(p.Step)), StepName(p.Step), p.LastUseOn, strconv.FormatInt(p.Uses, 10), amount, currency,
		})
	}
	return writeCSV(w, lines)
}

// WriteTooNewCSV writes the pieces of an unused report that are too new to be judged.
func WriteTooNewCSV(w io.Writer, r UnusedReport) error {
	lines := [][]string{{
		"asset_id", "title", "type", "stage", "owner", "owner_name", "first_published_on", "eligible_on", "step", "step_name",
	}}
	for _, p := range r.TooNew {
		lines = append(lines, []string{
			p.AssetID.String(), collateral.GuardCell(p.Title), string(p.Type), p.Stage, p.OwnerID.String(), collateral.GuardCell(p.OwnerName),
			p.FirstPublishedOn, p.EligibleOn, strconv.Itoa(int(p.Step)), StepName(p.Step),
		})
	}
	return writeCSV(w, lines)
}

// WriteUnusedFiguresCSV writes the counts and shares of an unused report: of all pieces, and by stage, type and owner.
func WriteUnusedFiguresCSV(w io.Writer, r UnusedReport) error {
	lines := [][]string{{"by", "key", "name", "eligible", "unused_strict", "share_strict", "unused_lenient", "share_lenient"}}
	add := func(by string, groups ...Group) {
		for _, g := range groups {
			lines = append(lines, []string{by, g.Key, collateral.GuardCell(g.Name), strconv.Itoa(g.Eligible),
				strconv.Itoa(g.Strict.Unused), shareCell(g.Strict), strconv.Itoa(g.Lenient.Unused), shareCell(g.Lenient)})
		}
	}
	add("all", Group{Eligible: r.Eligible, Strict: r.Strict, Lenient: r.Lenient})
	for _, rung := range r.Ladder {
		lines = append(lines, []string{"step", strconv.Itoa(int(rung.Step)), rung.Name, strconv.Itoa(rung.Count), "", "", "", ""})
	}
	add("stage", r.ByStage...)
	add("type", r.ByType...)
	add("owner", r.ByOwner...)
	return writeCSV(w, lines)
}

// WriteTrendCSV writes a line for each point, the oldest first.
func WriteTrendCSV(w io.Writer, points []TrendPoint) error {
	lines := [][]string{{"as_of", "eligible", "unused_strict", "share_strict", "unused_lenient", "share_lenient"}}
	for _, p := range points {
		lines = append(lines, []string{dayOf(p.AsOf), strconv.Itoa(p.Eligible),
			strconv.Itoa(p.Strict.Unused), shareCell(p.Strict), strconv.Itoa(p.Lenient.Unused), shareCell(p.Lenient)})
	}
	return writeCSV(w, lines)
}

// WriteCoverageCSV writes a line for each cell of the matrix, and one without a persona for the total of each stage.
func WriteCoverageCSV(w io.Writer, r CoverageReport) error {
	lines := [][]string{{"stage", "stage_name", "persona", "state", "pieces", "used", "unused", "too_new", "stale"}}
	for _, row := range r.Rows {
		for _, c := range append(slices.Clone(row.Cells), row.Total) {
			lines = append(lines, []string{row.Stage, collateral.GuardCell(row.Name), c.Persona, string(c.State), strconv.Itoa(c.Pieces),
				strconv.Itoa(c.Used), strconv.Itoa(c.Unused), strconv.Itoa(c.TooNew), strconv.Itoa(c.Stale)})
		}
	}
	return writeCSV(w, lines)
}

// WriteCoveredPiecesCSV writes the pieces behind the matrix. Of several stages and personas, blanks stand between them.
func WriteCoveredPiecesCSV(w io.Writer, r CoverageReport) error {
	lines := [][]string{{
		"asset_id", "title", "type", "stages", "personas", "state", "review_by", "owner", "owner_name", "step", "step_name", "uses", "last_use_on",
	}}
	for _, p := range r.Items {
		lines = append(lines, []string{
			p.AssetID.String(), collateral.GuardCell(p.Title), string(p.Type), strings.Join(p.Stages, " "), collateral.GuardCell(strings.Join(p.Personas, " ")),
			string(p.State), p.ReviewBy, p.OwnerID.String(), collateral.GuardCell(p.OwnerName),
			strconv.Itoa(int(p.Step)), StepName(p.Step), strconv.FormatInt(p.Uses, 10), p.LastUseOn,
		})
	}
	return writeCSV(w, lines)
}

// WriteSearchesCSV writes both lists of the report on searches. The people are empty when they are fewer than collateral.MinPeople.
func WriteSearchesCSV(w io.Writer, r SearchesReport) error {
	lines := [][]string{{"ended", "query", "times", "people", "last_on", "filters"}}
	add := func(ended string, items []SearchedQuery) {
		for _, q := range items {
			people := ""
			if q.People > 0 {
				people = strconv.Itoa(q.People)
			}
			lines = append(lines, []string{ended, collateral.GuardCell(q.Query), strconv.Itoa(q.Times), people, q.LastOn, collateral.GuardCell(strings.Join(q.Filters, " "))})
		}
	}
	add("nothing", r.Nothing.Items)
	add("unopened", r.Unopened.Items)
	return writeCSV(w, lines)
}

// shareCell is a share with four decimals, empty for none.
func shareCell(s Share) string {
	if s.Share == nil {
		return ""
	}
	return strconv.FormatFloat(*s.Share, 'f', 4, 64)
}

func writeCSV(w io.Writer, lines [][]string) error {
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("writing %d lines of CSV: %w", len(lines), err)
	}
	return nil
}
