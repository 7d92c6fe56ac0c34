package store_test

import (
	"testing"
	"time"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

func TestSignInFailures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		start := clock.Now()
		add := func(account, address string, at time.Time) {
			t.Helper()
			err := s.Tx(t.Context(), func(tx *store.Store) error {
				return tx.AddSignInFailure(t.Context(), store.SignInFailure{Account: account, Address: address, At: at}, at.Add(-time.Hour))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		minute := func(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }
		for i := range 3 {
			add("ada", "192.0.2.1", minute(i))
		}
		add("ada", "192.0.2.2", minute(3))
		add("bob", "192.0.2.1", minute(4))
		tests := []struct {
			account, address string
			after            time.Time
			n                int
			want             *time.Time
		}{
			{"ada", "192.0.2.1", start.Add(-time.Hour), 1, new(minute(2))},
			{"ada", "192.0.2.1", start.Add(-time.Hour), 3, new(minute(0))},
			{"ada", "192.0.2.1", start.Add(-time.Hour), 4, nil},
			{"ada", "192.0.2.1", minute(0), 3, nil},
			{"", "192.0.2.1", start.Add(-time.Hour), 4, new(minute(0))},
			{"", "192.0.2.1", start.Add(-time.Hour), 5, nil},
			{"bob", "192.0.2.2", start.Add(-time.Hour), 1, nil},
		}
		check := func() {
			t.Helper()
			for _, tt := range tests {
				got, err := s.NthSignInFailure(t.Context(), tt.account, tt.address, tt.after, tt.n)
				if err != nil {
					t.Fatal(err)
				}
				if (got == nil) != (tt.want == nil) || got != nil && !got.Equal(*tt.want) {
					t.Errorf("%q from %s, number %d: got %v, want %v", tt.account, tt.address, tt.n, got, tt.want)
				}
			}
		}
		check()

		add("cyd", "192.0.2.3", minute(62)) // an hour and more after the first two
		tests[1].want, tests[4].want = nil, nil
		check()
	})
}
