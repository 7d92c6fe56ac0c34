package usage

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// step is a search some time after the one before.
type step struct {
	after  time.Duration
	search Search
}

func TestKeystrokesCollapse(t *testing.T) {
	t.Parallel()
	validation := url.Values{"stage": {"validation"}}
	tests := []struct {
		name  string
		steps []step
		want  []string // the queries logged, "query|filters"
	}{
		{"typing", []step{{0, Search{Query: "p"}}, {time.Second, Search{Query: "pri"}}, {time.Second, Search{Query: "Pricing "}}}, []string{"Pricing|"}},
		{"deleting", []step{{0, Search{Query: "prices"}}, {time.Second, Search{Query: "price"}}}, []string{"price|"}},
		{"slow typing", []step{{0, Search{Query: "p"}}, {30 * time.Second, Search{Query: "pr"}}, {30 * time.Second, Search{Query: "pri"}}}, []string{"pri|"}},
		{"a pause", []step{{0, Search{Query: "p"}}, {31 * time.Second, Search{Query: "pr"}}}, []string{"p|", "pr|"}},
		{"something else", []step{{0, Search{Query: "roi"}}, {time.Second, Search{Query: "price"}}}, []string{"roi|", "price|"}},
		{"a filter", []step{{0, Search{Query: "roi"}}, {time.Second, Search{Query: "roi", Filters: validation}}}, []string{"roi|", "roi|stage=validation"}},
		{"another order", []step{{0, Search{Query: "roi"}}, {time.Second, Search{Query: "roi", Sort: "newest"}}}, []string{"roi|", "roi|"}},
		{"paging", []step{{0, Search{Query: "roi"}}, {time.Second, Search{Query: "roi", Page: 2}}}, []string{"roi|"}},
		{"the whole list", []step{{0, Search{}}, {time.Second, Search{Query: "roi"}}, {time.Second, Search{}}}, []string{"|", "roi|", "|"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite")
			ids := make([]uuid.UUID, len(test.steps))
			for i, s := range test.steps {
				w.clock.move(s.after)
				ids[i] = w.Searched(t.Context(), w.rita, s.search)
			}
			if got := len(distinct(ids)); got != len(test.want) {
				t.Errorf("got %d search ids, want %d", got, len(test.want))
			}
			if err := w.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, w.searches()); diff != "" {
				t.Errorf("logged (-want +got):\n%s", diff)
			}
		})
	}
}

func (w *world) searches() []string {
	w.t.Helper()
	rows, err := w.sql().QueryContext(w.t.Context(), "SELECT q || '|' || filters FROM searches ORDER BY id")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// What flashed by while typing was not found; what was on the pages of the settled query was, by those who qualify.
func TestSettledSearchesShowPieces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		flashed, first, second := w.publish(piece{title: "A", age: 50}), w.publish(piece{title: "B", age: 50}), w.publish(piece{title: "C", age: 50})
		w.Searched(t.Context(), w.rita, Search{Query: "p", Shown: []uuid.UUID{flashed.ID, first.ID}})
		w.Searched(t.Context(), w.lea, Search{Query: "p", Shown: []uuid.UUID{flashed.ID}})
		w.Searched(t.Context(), w.rita, Search{Query: "price", Page: 1, Total: 2, Shown: []uuid.UUID{first.ID}})
		w.Searched(t.Context(), w.rita, Search{Query: "price", Page: 2, Total: 2, Shown: []uuid.UUID{second.ID}})
		want := []collateral.Step{collateral.Unseen, collateral.Found, collateral.Found}
		for range 2 { // a report does not end the typing, and counts nothing twice
			r := w.unused(w.lea, UnusedQuery{})
			slices.SortFunc(r.Items, func(a, b Piece) int { return byTitle(&a, &b) })
			var got []collateral.Step
			for _, item := range r.Items {
				got = append(got, item.Step)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		}
		w.Searched(t.Context(), w.rita, Search{Query: "prices", Total: 1, Shown: []uuid.UUID{first.ID}})
		if err := w.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"prices|", "p|"}, w.searches()); diff != "" {
			t.Errorf("logged (-want +got):\n%s", diff)
		}
		var found int
		if err := w.sql().QueryRowContext(t.Context(), "SELECT sum(found) FROM usage_totals").Scan(&found); err != nil {
			t.Fatal(err)
		}
		if found != 2 {
			t.Errorf("got %d found, want 2", found)
		}
	})
}

func TestSearchIsSettled(t *testing.T) {
	t.Parallel()
	settled := func(t *testing.T, w *world) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); len(w.searches()) == 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the search was not logged")
			}
		}
	}
	t.Run("by a quiet time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, "sqlite")
		w.quiet = time.Millisecond
		w.Searched(t.Context(), w.rita, Search{Query: "price"})
		settled(t, w)
	})
	t.Run("by a use that names it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, "sqlite")
		a := w.publish(piece{title: "Deck", age: 50})
		e := w.event(collateral.View, a.ID, 0)
		e.SearchID = w.Searched(t.Context(), w.rita, Search{Query: "price", Shown: []uuid.UUID{a.ID}}).String()
		w.record(w.rita, e)
		if len(w.searches()) != 1 {
			t.Error("the search is not in the log together with the use that names it")
		}
	})
}

func TestQueriesAreLoggedClean(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"  two \t words\n": "two words",
		"a\x00b":           "a b",
		"bad\xffutf8":      "badutf8",
	} {
		if got := clean(query); got != want {
			t.Errorf("clean(%q): got %q, want %q", query, got, want)
		}
	}
}
