package store

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed" // the report's SQL
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
)

//go:embed unused_trend_published.sql
var trendPublishedSQL string

//go:embed unused_trend_totals.sql
var trendTotalsSQL string

// PieceHistoriesQuery asks for what became of pieces over a span of days.
type PieceHistoriesQuery struct {
	AsOf   time.Time // publications up to then
	From   string    // first day whose totals are asked for, YYYY-MM-DD
	To     string    // last day of them
	Person uuid.UUID // whose pieces, owned or co-authored; uuid.Nil for all
	Staged bool      // with the stages beside the primary ones
}

// PieceHistory is a piece with its publications and its cumulative totals.
type PieceHistory struct {
	AssetID uuid.UUID
	Type    collateral.Type
	OwnerID uuid.UUID
	Log     []LogEntry  // in the order of the log
	Totals  []DayTotals // the last ones before the span, where there are any, and those of each day in it; by day
}

// LogEntry is one entry of the publication log: what a piece was published as, or that it was withdrawn.
type LogEntry struct {
	Ended            bool
	At               time.Time
	FirstPublishedOn string      // YYYY-MM-DD
	StageID          uuid.UUID   // the primary one, as signed
	OtherStages      []uuid.UUID // as signed; only of a query that is Staged
}

// DayTotals says how often a piece came how far in the field up to and with that day.
type DayTotals struct {
	Day    string // YYYY-MM-DD
	Opened int64  // opened, or any step above
	Used   int64  // used, or engaged a buyer
}

// PieceHistories returns every piece with an entry in the publication log up to AsOf, in no order. It reads the log and
// the totals of the span once, however many days are asked about afterwards. It cannot be called in a transaction.
func (s *Store) PieceHistories(ctx context.Context, q PieceHistoriesQuery) ([]PieceHistory, error) {
	var histories []PieceHistory
	var halves [2]map[uuid.UUID][]DayTotals
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		histories, err = s.publicationHistories(inner, q)
		return err
	})
	for half := range halves {
		group.Go(func() (err error) {
			halves[half], err = s.halfOfTotals(inner, q, half == 1)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("reading what became of pieces from %s to %s: %w", q.From, q.To, translate(err))
	}
	for i := range histories {
		h := &histories[i]
		for _, totals := range halves {
			if days, ok := totals[h.AssetID]; ok {
				h.Totals = days
			}
		}
	}
	return histories, nil
}

func (s *Store) publicationHistories(ctx context.Context, q PieceHistoriesQuery) ([]PieceHistory, error) {
	rows, err := s.reader(ctx).Raw(trendPublishedSQL, map[string]any{
		"as_of": q.AsOf, "all": q.Person == uuid.Nil, "person": q.Person, "staged": q.Staged,
	}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var histories []PieceHistory
	at := make(map[uuid.UUID]int)
	var lastSeq int64
	for rows.Next() {
		var seq int64
		var h PieceHistory
		var e LogEntry
		var other uuid.NullUUID
		err := rows.Scan(&h.AssetID, &seq, &e.Ended, &e.At, &h.Type, &h.OwnerID, &e.FirstPublishedOn, &e.StageID, &other)
		if err != nil {
			return nil, err
		}
		i, known := at[h.AssetID]
		if !known {
			i = len(histories)
			at[h.AssetID] = i
			histories = append(histories, h)
		}
		log := &histories[i].Log
		if seq != lastSeq {
			*log = append(*log, e)
		}
		if other.Valid {
			last := &(*log)[len(*log)-1]
			last.OtherStages = append(last.OtherStages, other.UUID)
		}
		lastSeq = seq
	}
	return histories, rows.Err()
}

func (s *Store) halfOfTotals(ctx context.Context, q PieceHistoriesQuery, half bool) (map[uuid.UUID][]DayTotals, error) {
	rows, err := s.reader(ctx).Raw(trendTotalsSQL, map[string]any{
		"from": q.From, "to": q.To, "all": q.Person == uuid.Nil, "person": q.Person, "half": half,
	}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	totals := make(map[uuid.UUID][]DayTotals)
	for rows.Next() {
		var id uuid.UUID
		var before, days sql.NullString
		if err := rows.Scan(&id, &before, &days); err != nil {
			return nil, err
		}
		if totals[id], err = readDays(before, days); err != nil {
			return nil, err
		}
	}
	return totals, rows.Err()
}

// readDays reads texts of usage_totals.as_text with commas between them.
func readDays(before, days sql.NullString) ([]DayTotals, error) {
	all := make([]DayTotals, 0, 1+strings.Count(days.String, ","))
	for _, texts := range []sql.NullString{before, days} {
		if !texts.Valid {
			continue
		}
		for text := range strings.SplitSeq(texts.String, ",") {
			t, err := readTotals(text)
			if err != nil {
				return nil, err
			}
			used := t.counts[3] + t.counts[4]
			all = append(all, DayTotals{Day: t.day, Opened: t.counts[1] + t.counts[2] + used, Used: used})
		}
	}
	// The database gathers them in the order of its index, and promises nothing.
	byDay := func(a, b DayTotals) int { return cmp.Compare(a.Day, b.Day) }
	if !slices.IsSortedFunc(all, byDay) {
		slices.SortFunc(all, byDay)
	}
	return all, nil
}
