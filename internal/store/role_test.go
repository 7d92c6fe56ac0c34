package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// rolesOf returns the roles that the person holds by the store's clock.
func rolesOf(t *testing.T, s *store.Store, u collateral.User) []collateral.Role {
	t.Helper()
	got, err := s.User(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	return got.Roles
}

// A marketer becomes approver at noon and marketer again at two: at each instant one of the two is held, never both.
func TestRolesAreDated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		start := clock.Now()
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Marketer)
		for _, role := range []collateral.Role{collateral.Approver, collateral.Marketer} {
			clock.move(2 * time.Hour)
			if _, err := changePerson(t.Context(), s, ada.ID, setRoles(collateral.Rep, role)); err != nil {
				t.Fatal(err)
			}
		}
		history := []struct {
			after time.Duration
			want  []collateral.Role
		}{
			{-time.Microsecond, []collateral.Role{}},
			{0, []collateral.Role{collateral.Rep, collateral.Marketer}},
			{2*time.Hour - time.Microsecond, []collateral.Role{collateral.Rep, collateral.Marketer}},
			{2 * time.Hour, []collateral.Role{collateral.Rep, collateral.Approver}},
			{4*time.Hour - time.Microsecond, []collateral.Role{collateral.Rep, collateral.Approver}},
			{4 * time.Hour, []collateral.Role{collateral.Rep, collateral.Marketer}},
		}
		for _, h := range history {
			clock.move(start.Add(h.after).Sub(clock.Now()))
			if diff := cmp.Diff(h.want, rolesOf(t, s, ada)); diff != "" {
				t.Errorf("%v after the start (-want +got):\n%s", h.after, diff)
			}
		}
	})
}

// A replica whose clock is behind the one that wrote last still ends grants after they began.
func TestRolesChangeOnAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Marketer)
		for i, role := range []collateral.Role{collateral.Approver, collateral.Marketer, collateral.Approver} {
			clock.move(-time.Second)
			if _, err := changePerson(t.Context(), s, ada.ID, func(u *collateral.User) error {
				u.Roles = []collateral.Role{role}
				return nil
			}); err != nil {
				t.Fatalf("change %d: %v", i, err)
			}
		}
		clock.move(time.Minute)
		if diff := cmp.Diff([]collateral.Role{collateral.Approver}, rolesOf(t, s, ada)); diff != "" {
			t.Errorf("roles in the end (-want +got):\n%s", diff)
		}
	})
}

// Raw SQL may grant a role twice: it is listed once, and taking it away ends both grants.
func TestARoleGrantedTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Approver)
		const again = "insert into role_grants (user_id, role, granted_at) select user_id, role, '2026-01-01 09:00:00.000000+00:00' from role_grants where role = 'approver'"
		if err := store.Exec(t.Context(), s, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]collateral.Role{collateral.Rep, collateral.Approver}, rolesOf(t, s, ada)); diff != "" {
			t.Errorf("roles with one granted twice (-want +got):\n%s", diff)
		}
		clock.move(time.Hour)
		if _, err := changePerson(t.Context(), s, ada.ID, setRoles(collateral.Rep, collateral.Marketer)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]collateral.Role{collateral.Rep, collateral.Marketer}, rolesOf(t, s, ada)); diff != "" {
			t.Errorf("roles once it was taken away (-want +got):\n%s", diff)
		}
	})
}

func TestActiveUsersWith(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Admin)
		bob := addPerson(t, s, "bob@example.com", collateral.Admin)
		addPerson(t, s, "cyd@example.com", collateral.Rep)
		check := func(want int) {
			t.Helper()
			if got, err := s.ActiveUsersWith(t.Context(), collateral.Admin); got != want || err != nil {
				t.Errorf("got %d admins, %v, want %d", got, err, want)
			}
		}
		check(2)
		clock.move(time.Hour)
		if _, err := changePerson(t.Context(), s, ada.ID, setRoles(collateral.Rep)); err != nil {
			t.Fatal(err)
		}
		check(1)
		if _, err := changePerson(t.Context(), s, bob.ID, func(u *collateral.User) error { u.Active = false; return nil }); err != nil {
			t.Fatal(err)
		}
		check(0)
	})
}
