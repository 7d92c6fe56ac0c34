package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// Totals are cumulative: what is added on one day shows on that day and on every later one.
func TestRaised(t *testing.T) {
	t.Parallel()
	a := uuid.MustParse("01980000-0000-7000-8000-000000000001")
	row := func(day string, found, opened, used int64, last string) totalRow {
		r := totalRow{AssetID: a, Day: day, Found: found, Opened: opened, Used: used}
		if last != "" {
			r.LastUsedOn = &last
		}
		return r
	}
	tests := []struct {
		name   string
		rows   []totalRow
		raises []Raise
		want   []totalRow
	}{
		{
			"the first use",
			nil,
			[]Raise{{AssetID: a, Day: "2026-03-02", Used: 1}},
			[]totalRow{row("2026-03-02", 0, 0, 1, "2026-03-02")},
		},
		{
			"another one that day",
			[]totalRow{row("2026-03-02", 4, 0, 1, "2026-03-02")},
			[]Raise{{AssetID: a, Day: "2026-03-02", Opened: 2, Used: 1}},
			[]totalRow{row("2026-03-02", 4, 2, 2, "2026-03-02")},
		},
		{
			"a new day goes on from the one before",
			[]totalRow{row("2026-03-02", 4, 2, 1, "2026-02-01")},
			[]Raise{{AssetID: a, Day: "2026-03-05", Opened: 1}},
			[]totalRow{row("2026-03-05", 4, 3, 1, "2026-02-01")},
		},
		{
			"a late use raises what came after it, and no last use goes back",
			[]totalRow{row("2026-03-02", 1, 1, 0, ""), row("2026-03-05", 2, 1, 0, ""), row("2026-03-07", 3, 1, 1, "2026-03-07")},
			[]Raise{{AssetID: a, Day: "2026-03-04", Used: 1}},
			[]totalRow{row("2026-03-04", 1, 1, 1, "2026-03-04"), row("2026-03-05", 2, 1, 1, "2026-03-04"), row("2026-03-07", 3, 1, 2, "2026-03-07")},
		},
		{
			"a late use before everything",
			[]totalRow{row("2026-03-05", 2, 1, 0, "")},
			[]Raise{{AssetID: a, Day: "2026-03-01", Found: 1}},
			[]totalRow{row("2026-03-01", 1, 0, 0, ""), row("2026-03-05", 3, 1, 0, "")},
		},
		{
			"several days at once",
			[]totalRow{row("2026-03-02", 1, 0, 0, ""), row("2026-03-05", 1, 1, 0, "")},
			[]Raise{{AssetID: a, Day: "2026-03-03", Found: 1}, {AssetID: a, Day: "2026-03-05", Used: 2}, {AssetID: a, Day: "2026-03-06", Opened: 1}},
			[]totalRow{row("2026-03-03", 2, 0, 0, ""), row("2026-03-05", 2, 1, 2, "2026-03-05"), row("2026-03-06", 2, 2, 2, "2026-03-05")},
		},
		{
			"a visit that no longer counts, of a day that had none",
			[]totalRow{{AssetID: a, Day: "2026-03-02", Engaged: 2}, {AssetID: a, Day: "2026-03-05", Engaged: 3}},
			[]Raise{{AssetID: a, Day: "2026-03-04", Engaged: -1}},
			nil,
		},
		{
			"more visits fewer than a day had",
			[]totalRow{{AssetID: a, Day: "2026-03-02", Engaged: 2}, {AssetID: a, Day: "2026-03-05", Engaged: 3}},
			[]Raise{{AssetID: a, Day: "2026-03-05", Engaged: -2}, {AssetID: a, Day: "2026-03-06", Engaged: 4}},
			[]totalRow{{AssetID: a, Day: "2026-03-05", Engaged: 2}, {AssetID: a, Day: "2026-03-06", Engaged: 6}},
		},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, raised(test.rows, test.raises)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
