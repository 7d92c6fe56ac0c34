package usage

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// TestKeystrokesOfSeveralServers has a balancer send each keystroke to another server: the search is logged once, as it
// was in the end, and what it showed counts once.
func TestKeystrokesOfSeveralServers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		typed []string // to each server in turn, a second apart
		use   bool     // names the last one
		want  []string
	}{
		{"typing", []string{"p", "pr", "pri", "pric", "price"}, false, []string{"price|"}},
		{"deleting", []string{"prices", "price"}, false, []string{"price|"}},
		{"paging", []string{"price", "price"}, false, []string{"price|"}},
		{"something else", []string{"roi", "price"}, false, []string{"roi|", "price|"}},
		{"a use", []string{"pri", "price"}, true, []string{"price|"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, store.Postgres)
			deck := w.publish(piece{title: "Pricing", age: 40})
			_, other := w.open()
			servers := []*Usage{w.Usage, other}
			var last uuid.UUID
			for i, query := range test.typed {
				w.clock.move(time.Second)
				last = servers[i%2].Searched(t.Context(), w.rita, Search{Query: query, Page: 1, Total: 1, Shown: []uuid.UUID{deck.ID}})
			}
			if test.use {
				w.clock.move(time.Second)
				_, err := servers[(len(test.typed)-1)%2].Record(t.Context(), w.rita, []Incoming{{
					ID: uuid.NewString(), Kind: string(collateral.Share), AssetID: deck.ID.String(), SearchID: last.String(), OccurredAt: w.clock.now().Format(time.RFC3339),
				}})
				if err != nil {
					t.Fatal(err)
				}
			}
			w.clock.move(quietTime)
			for _, u := range servers {
				if err := u.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, w.searches()); diff != "" {
				t.Errorf("logged (-want +got):\n%s", diff)
			}
			var found string
			if err := w.sql().QueryRowContext(t.Context(), "SELECT max(found) || ' ' || (SELECT sum(cardinality(shown)) FROM searches) FROM usage_totals").Scan(&found); err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%d %d", len(test.want), len(test.want)); found != want {
				t.Errorf("got %s times found and shown, want %s", found, want)
			}
		})
	}
}
