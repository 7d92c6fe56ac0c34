package usage

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// quietTime is how long a person must not type for the search to be settled.
const quietTime = 30 * time.Second

// maxShown is how many pieces one search is kept as having shown; nobody pages on that far. maxQuery is in characters.
const (
	maxShown = 200
	maxQuery = 500
)

// Search is one answered query.
type Search struct {
	Query   string
	Filters url.Values // facet to chosen values
	Sort    string
	Page    int         // from 1
	Total   int         // pieces found
	Shown   []uuid.UUID // the pieces on this page, in order
}

// Searched notes what a search showed the actor, and returns the id by which uses can name it. While a person types,
// each query continuing the one before within 30 seconds, and while the person pages, that is one search with one id.
// It is logged once it is settled: after 30 quiet seconds, when the person searches for something else, when a use
// names it, or on Flush. The pieces it then shows count as found.
func (u *Usage) Searched(_ context.Context, actor collateral.Actor, s Search) uuid.UUID {
	now := u.store.Now()
	u.mu.Lock()
	defer u.mu.Unlock()
	t := u.typing[actor.UserID]
	if t != nil && !t.continues(s, now) {
		u.settle(t)
		t = nil
	}
	if t == nil {
		t = &typing{search: store.LoggedSearch{ID: u.store.NewID(), UserID: actor.UserID, At: now}}
		u.typing[actor.UserID] = t
	}
	t.take(s, now)
	u.settleWhenQuiet(t)
	return t.search.ID
}

// typing is a search that may still be typed on. Usage.mu guards it.
type typing struct {
	search store.LoggedSearch
	last   time.Time // of the last keystroke
	taken  int       // keystrokes so far
	timer  *time.Timer
}

// continues reports whether s is the same search, typed or paged on.
func (t *typing) continues(s Search, now time.Time) bool {
	if now.Sub(t.last) > quietTime || s.Filters.Encode() != t.search.Filters || s.Sort != t.search.Sort {
		return false
	}
	return continues(t.search.Query, s.Query)
}

// take makes s the present state of the search. Another page adds to what was shown; another query replaces it, since
// what flashed by while typing was not looked at.
func (t *typing) take(s Search, now time.Time) {
	if t.taken == 0 || typed(t.search.Query) != typed(s.Query) {
		t.search.Shown = nil
	}
	for _, id := range s.Shown {
		if len(t.search.Shown) < maxShown && !slices.Contains(t.search.Shown, id) {
			t.search.Shown = append(t.search.Shown, id)
		}
	}
	t.search.Query = clean(s.Query)
	t.search.Filters = s.Filters.Encode()
	t.search.Sort = s.Sort
	t.search.Total = s.Total
	t.last = now
	t.taken++
}

// typed is a query as far as it matters for whether one continues another.
func typed(query string) string { return strings.ToLower(clean(query)) }

// clean is a query as it is logged: one line of valid text of bounded length.
func clean(query string) string {
	printable := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(query, ""))
	runes := []rune(strings.Join(strings.Fields(printable), " "))
	return string(runes[:min(len(runes), maxQuery)])
}
