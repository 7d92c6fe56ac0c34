package usage

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/store"
)

// Each server collapses the keystrokes that it gets. Behind a balancer those of one person reach several, each of which
// takes its part for a search. So what is logged is held against what the others have logged: two searches of a person
// that were open at the same time, of which one continues the other, are one.

// collapseLogged joins searches with those in the log that they are parts of, and returns what is to be logged.
func collapseLogged(ctx context.Context, tx *store.Store, searches []store.LoggedSearch) ([]store.LoggedSearch, error) {
	if len(searches) == 0 {
		return nil, nil
	}
	var people []uuid.UUID
	from, to := searches[0].At, searches[0].SettledAt
	for _, s := range searches {
		people = append(people, s.UserID)
		from, to = earlier(from, s.At), later(to, s.SettledAt)
	}
	logged, err := tx.SearchesBetween(ctx, distinct(people), from, to)
	if err != nil || len(logged) == 0 {
		return searches, err
	}
	var joined []store.LoggedSearch
	for _, s := range searches {
		if s, ok := join(s, logged); ok {
			joined = append(joined, s)
		}
	}
	return joined, nil
}

// join joins a search with those in the log that it is one with. Ok is false when it was only an earlier state of one of
// them, whose pieces nobody looked at.
func join(s store.LoggedSearch, logged []store.LoggedSearch) (_ store.LoggedSearch, ok bool) {
	var same []store.LoggedSearch
	for _, l := range logged {
		if isSame(s, l) {
			same = append(same, l)
		}
	}
	for _, l := range same {
		// Who uses a piece has stopped typing: a search that a use names is the last state.
		if !l.Named && !l.SettledAt.After(s.SettledAt) {
			continue
		}
		if typed(l.Query) != typed(s.Query) {
			return store.LoggedSearch{}, false
		}
		l.Shown = union(l.Shown, s.Shown) // another page of it
		return l, true
	}
	for _, l := range same {
		s.Replaces = append(s.Replaces, l.ID)
		s.Shown = union(s.Shown, l.Shown)
		s.At = earlier(s.At, l.At)
	}
	return s, true
}

func isSame(a, b store.LoggedSearch) bool {
	if a.ID == b.ID || a.UserID != b.UserID || a.Filters != b.Filters || a.Sort != b.Sort ||
		!a.At.Before(b.SettledAt) || !b.At.Before(a.SettledAt) {
		return false
	}
	return continues(a.Query, b.Query)
}

// continues reports whether one query is the other, typed on or partly deleted. An empty query is no beginning of a word
// but a look at the whole list.
func continues(a, b string) bool {
	a, b = typed(a), typed(b)
	if a == "" || b == "" {
		return a == b
	}
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

func union(ids, more []uuid.UUID) []uuid.UUID {
	all := slices.Clone(ids)
	for _, id := range more {
		if len(all) < maxShown && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
