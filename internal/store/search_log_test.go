package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// logSearches returns which pieces were shown that had not been.
func logSearches(t *testing.T, s *store.Store, searches ...store.LoggedSearch) (pieces []uuid.UUID) {
	t.Helper()
	var added []store.Shown
	err := s.Tx(t.Context(), func(tx *store.Store) (err error) {
		if err := tx.LockUsage(t.Context()); err != nil {
			return err
		}
		added, err = tx.LogSearches(t.Context(), searches)
		return err
	})
	if err != nil {
		t.Fatalf("logging %d searches: %v", len(searches), err)
	}
	for _, shown := range added {
		pieces = append(pieces, shown.AssetID)
	}
	return pieces
}

// A search keeps what it showed, in this call and in earlier ones, until it is forgotten.
func TestASearchKeepsWhatItShowed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		a, b, c, d := s.NewID(), s.NewID(), s.NewID(), s.NewID()
		search := func(id uuid.UUID, shown ...uuid.UUID) store.LoggedSearch {
			return store.LoggedSearch{ID: id, UserID: s.NewID(), At: s.Now(), SettledAt: s.Now(), Shown: shown}
		}
		one, two, empty := s.NewID(), s.NewID(), s.NewID()
		steps := []struct {
			name     string
			searches []store.LoggedSearch
			want     []uuid.UUID
		}{
			{"one after the other in one call", []store.LoggedSearch{search(one, a, b), search(two, a), search(empty), search(one, c, b)}, []uuid.UUID{a, b, a, c}},
			{"what was shown before the last state", []store.LoggedSearch{search(one, a, b, c)}, nil},
			{"another piece", []store.LoggedSearch{search(one, d, a), search(empty)}, []uuid.UUID{d}},
			{"nothing any more", []store.LoggedSearch{search(one)}, nil},
			{"and still all of it", []store.LoggedSearch{search(one, d, c, b, a)}, nil},
		}
		for _, step := range steps {
			if diff := cmp.Diff(step.want, logSearches(t, s, step.searches...)); diff != "" {
				t.Errorf("%s: pieces that were not shown before (-want +got):\n%s", step.name, diff)
			}
		}
		clock.move(time.Hour)
		if err := s.ForgetUses(t.Context(), s.Now()); err != nil {
			t.Fatalf("forgetting: %v", err)
		}
		if diff := cmp.Diff([]uuid.UUID{a}, logSearches(t, s, search(one, a))); diff != "" {
			t.Errorf("a forgotten search (-want +got):\n%s", diff)
		}
	})
}

// Servers that share a database read from it what a person searched with another of them.
func TestSearchesAreReadAsTheyWereLogged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		logged := store.LoggedSearch{
			ID: s.NewID(), UserID: s.NewID(), Query: "pilot", Filters: "stage=validation", Sort: "newest", Total: 7,
			At: s.Now(), SettledAt: s.Now().Add(time.Second), Shown: []uuid.UUID{s.NewID(), s.NewID()},
		}
		logSearches(t, s, logged)
		var got []store.LoggedSearch
		err := s.Tx(t.Context(), func(tx *store.Store) (err error) {
			if err := tx.LockUsage(t.Context()); err != nil {
				return err
			}
			got, err = tx.SearchesBetween(t.Context(), []uuid.UUID{logged.UserID}, logged.At, logged.At.Add(time.Minute))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []store.LoggedSearch{logged}
		if s.Dialect() == store.SQLite {
			want = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what was searched (-want +got):\n%s", diff)
		}
	})
}
