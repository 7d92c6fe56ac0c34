package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// LoggedSearch is a search as it was when the person stopped typing, with the pieces it showed in their order.
type LoggedSearch struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Query     string
	Filters   string // a URL query, its names sorted: "stage=validation&type=deck"
	Sort      string
	Total     int // pieces found, shown or not
	At        time.Time
	SettledAt time.Time
	Shown     []uuid.UUID

	// Replaces are searches in the log that were earlier states of this one. What they showed is among Shown, and was
	// counted when they were logged.
	Replaces []uuid.UUID
	Named    bool // a use came from it; told of what is read
}

// Shown says that a search showed a piece.
type Shown struct {
	UserID  uuid.UUID
	AssetID uuid.UUID
	At      time.Time // of the search
}

// LogSearches writes searches and returns what they showed that was not in the log before. A search that is in the
// log, or twice in the call, is brought up to date and keeps what it showed earlier: that was seen. LogSearches wants
// LockUsage before it in the same transaction.
func (s *Store) LogSearches(ctx context.Context, searches []LoggedSearch) ([]Shown, error) {
	if len(searches) == 0 {
		return nil, nil
	}
	shown, err := s.shownBefore(ctx, searches)
	if err != nil {
		return nil, fmt.Errorf("reading what %d searches showed before: %w", len(searches), err)
	}
	if err := s.forgetReplaced(ctx, searches); err != nil {
		return nil, err
	}
	var rows [][]any
	rowOf := make(map[uuid.UUID]int, len(searches))
	var added []Shown
	for _, l := range searches {
		for _, asset := range l.Shown {
			if slices.Contains(shown[l.ID], asset) {
				continue
			}
			shown[l.ID] = append(shown[l.ID], asset)
			if !slices.ContainsFunc(l.Replaces, func(old uuid.UUID) bool { return slices.Contains(shown[old], asset) }) {
				added = append(added, Shown{UserID: l.UserID, AssetID: asset, At: l.At})
			}
		}
		row := []any{l.ID, l.UserID, l.Query, l.Filters, l.Sort, l.Total, l.At, l.SettledAt, s.idSet(shown[l.ID])}
		if i, ok := rowOf[l.ID]; ok {
			rows[i] = row
		} else {
			rowOf[l.ID] = len(rows)
			rows = append(rows, row)
		}
	}
	err = s.insertMany(ctx, "searches", []column{
		{"id", "uuid"}, {"user_id", "uuid"}, {"q", "text"}, {"filters", "text"}, {"sort", "text"}, {"total", "bigint"}, {"at", "timestamptz"},
		{"settled_at", "timestamptz"}, {"shown", "uuid[]"},
	}, rows, `ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, q = excluded.q, filters = excluded.filters,
		sort = excluded.sort, total = excluded.total, at = excluded.at, settled_at = excluded.settled_at, shown = excluded.shown, ended = NULL`)
	if err != nil {
		return nil, fmt.Errorf("logging %d searches: %w", len(rows), translate(err))
	}
	return added, nil
}

// shownBefore returns what those of the searches showed that are in the log.
func (s *Store) shownBefore(ctx context.Context, searches []LoggedSearch) (map[uuid.UUID][]uuid.UUID, error) {
	var ids []uuid.UUID
	for _, l := range searches {
		ids = append(append(ids, l.ID), l.Replaces...)
	}
	var rows []struct {
		ID    uuid.UUID
		Shown string
	}
	err := s.reader(ctx).Raw("SELECT id, CAST(shown AS text) AS shown FROM searches WHERE "+s.among("id", "?"), s.idSet(ids)).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	shown := make(map[uuid.UUID][]uuid.UUID, len(searches))
	for _, r := range rows {
		if shown[r.ID], err = idsIn(r.Shown); err != nil {
			return nil, fmt.Errorf("reading what search %s showed: %w", r.ID, err)
		}
	}
	return shown, nil
}

// forgetReplaced takes searches out of the log that others replace.
func (s *Store) forgetReplaced(ctx context.Context, searches []LoggedSearch) error {
	var replaced []uuid.UUID
	for _, l := range searches {
		replaced = append(replaced, l.Replaces...)
	}
	if len(replaced) == 0 {
		return nil
	}
	err := s.writer(ctx).Exec("DELETE FROM searches WHERE "+s.among("id", "?"), s.idSet(replaced)).Error
	if err != nil {
		return fmt.Errorf("replacing %d searches: %w", len(replaced), translate(err))
	}
	return nil
}

// longestSearch bounds how long ago a search may have begun that is still looked at as part of another.
const longestSearch = time.Hour

// SearchesBetween returns what these people searched, as far as it was open at some moment between the two times, with
// what it showed. It wants LockUsage before it in the same transaction. On SQLite, where one server hears every
// keystroke, it finds nothing.
func (s *Store) SearchesBetween(ctx context.Context, people []uuid.UUID, from, to time.Time) ([]LoggedSearch, error) {
	if s.Dialect() == SQLite {
		return nil, nil
	}
	var rows []loggedRow
	err := s.reader(ctx).Raw(`
		SELECT l.id, l.user_id, l.q AS query, l.filters, l.sort, l.total, l.at, l.settled_at, CAST(l.shown AS text) AS shown,
			EXISTS (SELECT 1 FROM usage_events e WHERE e.user_id = l.user_id AND e.search_id = l.id AND e.occurred_at > @begun) AS named
		FROM searches l
		WHERE `+s.among("l.user_id", "@people")+` AND l.at > @begun AND l.at < @to AND l.settled_at > @from
		ORDER BY l.settled_at, l.id`,
		map[string]any{"people": s.idSet(people), "begun": from.Add(-longestSearch), "from": from, "to": to}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading what %d people searched: %w", len(people), translate(err))
	}
	searches := make([]LoggedSearch, len(rows))
	for i, r := range rows {
		if searches[i], err = r.search(); err != nil {
			return nil, err
		}
	}
	return searches, nil
}

// loggedRow is a LoggedSearch as it is read: gorm would take a list of ids for a table of its own.
type loggedRow struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Query     string
	Filters   string
	Sort      string
	Total     int
	At        time.Time
	SettledAt time.Time
	Shown     string
	Named     bool
}

func (r loggedRow) search() (LoggedSearch, error) {
	shown, err := idsIn(r.Shown)
	if err != nil {
		return LoggedSearch{}, fmt.Errorf("reading what search %s showed: %w", r.ID, err)
	}
	return LoggedSearch{
		ID: r.ID, UserID: r.UserID, Query: r.Query, Filters: r.Filters, Sort: r.Sort, Total: r.Total,
		At: r.At, SettledAt: r.SettledAt, Shown: shown, Named: r.Named,
	}, nil
}
