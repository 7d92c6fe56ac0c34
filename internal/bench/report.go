package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// reports measures the unused report with the uses of half a year, and again with ten times as many.
func (b *bench) reports(ctx context.Context) (rows []row, err error) {
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		if !b.has(dialect) {
			rows = append(rows, skipped(dialect, noPostgres))
			continue
		}
		more, err := b.reportsOn(ctx, dialect)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

const noPostgres = "there is no PostgreSQL"

func (b *bench) reportsOn(ctx context.Context, dialect string) (rows []row, err error) {
	l, err := b.newLibrary(ctx, dialect, b.scale.pieces)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	h := newHistory(l)
	b.say("adding %d uses", b.scale.history)
	if err := errors.Join(h.add(ctx, b.scale.history, true), l.settle(ctx)); err != nil {
		return nil, err
	}
	few, firstOfFew, err := b.timeReport(ctx, l)
	if err != nil {
		return nil, err
	}
	b.say("adding nine times as many")
	if err := errors.Join(h.add(ctx, 9*b.scale.history, false), l.settle(ctx)); err != nil {
		return nil, err
	}
	many, firstOfMany, err := b.timeReport(ctx, l)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s, %d pieces, ", dialect, b.scale.pieces)
	return []row{{
		what:     name + fmt.Sprintf("%d uses", b.scale.history),
		measured: spread(few) + "; the first one " + short(firstOfFew),
		checks:   []check{atMost(100, milliseconds(few.percentile(50)), " ms", "p50")},
		limit:    "the row of each piece, with its publication and stages, and its newest totals. The first one looks up the totals at the beginning of the window too, which later ones keep",
	}, {
		what:     name + fmt.Sprintf("%d uses", 10*b.scale.history),
		measured: spread(many) + "; the first one " + short(firstOfMany),
		checks:   []check{atMost(1.5, float64(many.percentile(50))/float64(few.percentile(50)), "", "times as long as with a tenth of the uses")},
		limit:    "the same rows; the first one seeks in a larger table. The rows of the added uses are left out: the report reads their totals only",
	}}, nil
}

// timeReport returns how long the report takes, and how long the first one of a server did.
func (b *bench) timeReport(ctx context.Context, l *library) (t timing, first time.Duration, err error) {
	s, err := b.serve(ctx, l)
	if err != nil {
		return t, 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	c, err := s.connect(ctx, l.people[collateral.Leader].token)
	if err != nil {
		return t, 0, err
	}
	defer c.close()
	report := func() error {
		return c.want(http.StatusOK, http.MethodGet, basePath+"/reports/unused?limit=50", "", nil)
	}
	began := time.Now()
	if err := report(); err != nil { // it reads everything from disk, and keeps the totals of past days
		return t, 0, err
	}
	first = time.Since(began)
	for range b.scale.reports {
		began := time.Now()
		if err := report(); err != nil {
			return t, first, err
		}
		t.took = append(t.took, time.Since(began))
	}
	return t, first, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// spread writes how long requests took.
func spread(t timing) string {
	return fmt.Sprintf("p50 %s, p95 %s of %d", short(t.percentile(50)), short(t.percentile(95)), len(t.took))
}

// history is what reps did with a library in half a year: a few pieces are used much and many hardly ever.
type history struct {
	*library
	random *rand.Rand
	asset  *rand.Zipf
	order  []int // of pieces, the most used first
	cells  map[cell]*[3]int64
}

// cell is one piece on one day; it counts openings, downloads and field uses.
type cell struct{ asset, day int }

// historyDays is how far back uses go.
const historyDays = 180

func newHistory(l *library) *history {
	random := rand.New(rand.NewPCG(2, 2))
	return &history{
		library: l, random: random, asset: rand.NewZipf(random, 1.1, 10, uint64(len(l.assets)-1)),
		order: random.Perm(len(l.assets)), cells: make(map[cell]*[3]int64),
	}
}

// add has so many uses happen, and brings the totals up to date. The rows of the uses themselves can be left out.
func (h *history) add(ctx context.Context, n int, withRows bool) error {
	const batch = 100_000
	kinds := []collateral.UseKind{collateral.View, collateral.View, collateral.Download, collateral.Share}
	first := time.Now().UTC().AddDate(0, 0, -historyDays)
	var events [][]any
	for i := range n {
		kind := kinds[h.random.IntN(len(kinds))]
		at := first.Add(time.Duration(h.random.Int64N(int64(historyDays * 24 * time.Hour)))).Truncate(time.Microsecond)
		c := cell{h.order[h.asset.Uint64()], int(at.Sub(first.Truncate(24*time.Hour)) / (24 * time.Hour))}
		if h.cells[c] == nil {
			h.cells[c] = new([3]int64)
		}
		h.cells[c][kind.Step()-collateral.Opened]++
		if !withRows {
			continue
		}
		rep := h.reps[h.random.IntN(len(h.reps))].id
		events = append(events, []any{uuid.Must(uuid.NewV7()), string(kind), h.assets[c.asset], rep, at, at, true})
		if len(events) == batch || i == n-1 {
			if err := h.insert(ctx, "usage_events", "id kind asset_id user_id occurred_at recorded_at qualifies", events); err != nil {
				return err
			}
			events = events[:0]
		}
	}
	return h.writeTotals(ctx, first.Truncate(24*time.Hour))
}

// writeTotals writes the cumulative totals anew, as recording the uses one by one would have left them.
func (h *history) writeTotals(ctx context.Context, first time.Time) error {
	for _, table := range []string{"usage_totals", "usage_latest", "usage_days"} {
		if err := h.change(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	var rows [][]any
	for asset := range h.assets {
		var sum [3]int64
		var lastUsed any
		for day := range historyDays + 1 {
			counts := h.cells[cell{asset, day}]
			if counts == nil {
				continue
			}
			date := first.AddDate(0, 0, day).Format(time.DateOnly)
			for i := range sum {
				sum[i] += counts[i]
			}
			if counts[2] > 0 {
				lastUsed = date
			}
			rows = append(rows, []any{h.assets[asset], date, sum[0], sum[1], sum[2], lastUsed})
		}
	}
	if err := h.insert(ctx, "usage_totals", "asset_id day opened taken used last_used_on", rows); err != nil {
		return err
	}
	return errors.Join(
		h.change(ctx, `INSERT INTO usage_latest (asset_id, totals) SELECT t.asset_id, t.as_text FROM usage_totals t
			JOIN (SELECT asset_id, MAX(day) AS day FROM usage_totals GROUP BY asset_id) n ON n.asset_id = t.asset_id AND n.day = t.day`),
		h.change(ctx, "INSERT INTO usage_days (day, changes) SELECT DISTINCT day, 1 FROM usage_totals"))
}
