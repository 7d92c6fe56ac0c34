package usage

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"collateral/internal/collateral"
)

// WriteUnusedCSV writes the items of an unused report with a line of column names, as RFC 4180 has it.
func WriteUnusedCSV(w io.Writer, items []Piece) error {
	out := csv.NewWriter(w)
	lines := [][]string{{
		"asset_id", "title", "type", "stage", "owner", "owner_name", "first_published_on",
		"step", "step_name", "last_use_on", "uses", "cost_amount", "cost_currency",
	}}
	for _, p := range items {
		var amount, currency string
		if p.Cost != nil {
			amount, currency = p.Cost.Amount, p.Cost.Currency
		}
		lines = append(lines, []string{
			p.AssetID.String(), collateral.GuardCell(p.Title), string(p.Type), p.Stage, p.OwnerID.String(), collateral.GuardCell(p.OwnerName), p.FirstPublishedOn,
			strconv.Itoa(int(p.Step)), StepName(p.Step), p.LastUseOn, strconv.FormatInt(p.Uses, 10), amount, currency,
		})
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("writing %d lines of CSV: %w", len(lines), err)
	}
	return nil
}
