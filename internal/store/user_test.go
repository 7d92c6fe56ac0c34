package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// handClock is a clock that tests move by hand.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

// setClock puts the store on a clock that stands at 2026-11-22 10:00 until it is moved.
func setClock(s *store.Store) *handClock {
	c := &handClock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	s.Now = c.Now
	return c
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// addPerson stores an active person with the roles.
func addPerson(t *testing.T, s *store.Store, email string, roles ...collateral.Role) collateral.User {
	t.Helper()
	u := collateral.User{ID: s.NewID(), Email: email, Name: "Somebody", Team: "North", Roles: roles, Active: true, CreatedAt: s.Now()}
	err := s.Tx(t.Context(), func(tx *store.Store) error { return tx.CreateUser(t.Context(), u, "hash of "+email) })
	if err != nil {
		t.Fatalf("creating %s: %v", email, err)
	}
	return u
}

// changePerson runs ChangeUser in a transaction of its own.
func changePerson(ctx context.Context, s *store.Store, id uuid.UUID, change func(*collateral.User) error) (collateral.User, error) {
	var after collateral.User
	err := s.Tx(ctx, func(tx *store.Store) error {
		var err error
		after, err = tx.ChangeUser(ctx, id, change)
		return err
	})
	return after, err
}

func setRoles(roles ...collateral.Role) func(*collateral.User) error {
	return func(u *collateral.User) error { u.Roles = roles; return nil }
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		setClock(s)
		if has, err := s.HasUsers(t.Context()); has || err != nil {
			t.Errorf("HasUsers of an empty store: got %v, %v", has, err)
		}
		want := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Leader)
		got, err := s.User(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("person (-want +got):\n%s", diff)
		}
		if has, err := s.HasUsers(t.Context()); !has || err != nil {
			t.Errorf("HasUsers: got %v, %v", has, err)
		}
		byID, err := s.UsersByID(t.Context(), []uuid.UUID{want.ID, uuid.New()})
		if diff := cmp.Diff(map[uuid.UUID]collateral.User{want.ID: want}, byID); diff != "" || err != nil {
			t.Errorf("UsersByID: %v (-want +got):\n%s", err, diff)
		}
		if _, err := s.User(t.Context(), uuid.New()); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("unknown person: got %v, want NotFound", err)
		}
	})
}

func TestEmailIsUnique(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		bob := addPerson(t, s, "bob@example.com", collateral.Rep)
		u := collateral.User{ID: s.NewID(), Email: ada.Email, Name: "Other", Roles: []collateral.Role{collateral.Rep}, CreatedAt: s.Now()}
		checkEmailTaken(t, s.Tx(t.Context(), func(tx *store.Store) error { return tx.CreateUser(t.Context(), u, "hash") }))
		_, err := changePerson(t.Context(), s, bob.ID, func(u *collateral.User) error { u.Email = ada.Email; return nil })
		checkEmailTaken(t, err)
		if _, err := changePerson(t.Context(), s, ada.ID, func(u *collateral.User) error { u.Name = "Ada"; return nil }); err != nil {
			t.Errorf("change that keeps the address: %v", err)
		}
	})
}

func checkEmailTaken(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*collateral.Error](err)
	if !ok || e.Kind != collateral.Conflict || len(e.Fields) != 1 || e.Fields[0].Pointer != "/email" {
		t.Errorf("got %v, want a conflict at /email", err)
	}
}

// Two who ask for the same address at the same moment: one gets it, the other the same answer as later.
func TestEmailIsUniqueAmongConcurrent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 8
		errs := make(chan error, n)
		for range n {
			go func() {
				u := collateral.User{ID: s.NewID(), Email: "ada@example.com", Name: "Ada", Roles: []collateral.Role{collateral.Rep}, Active: true, CreatedAt: s.Now()}
				errs <- s.Tx(t.Context(), func(tx *store.Store) error { return tx.CreateUser(t.Context(), u, "hash") })
			}()
		}
		created := 0
		for range n {
			if err := <-errs; err == nil {
				created++
			} else {
				checkEmailTaken(t, err)
			}
		}
		if created != 1 {
			t.Errorf("got %d accounts with one address, want 1", created)
		}
	})
}

func TestUsersPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, i := range []int{3, 1, 5, 2, 4} {
			addPerson(t, s, fmt.Sprintf("p%d@example.com", i), collateral.Rep)
		}
		var got []string
		paging := collateral.Paging{Limit: 2}
		for page := 1; ; page++ {
			users, next, err := s.Users(t.Context(), collateral.UserFilter{}, paging)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range users {
				got = append(got, u.Email)
			}
			if page == 1 { // somebody who comes before the cursor does not disturb the pages after it
				addPerson(t, s, "p0@example.com", collateral.Rep)
			}
			if next == "" {
				break
			}
			paging.Cursor = next
		}
		want := []string{"p1@example.com", "p2@example.com", "p3@example.com", "p4@example.com", "p5@example.com"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages (-want +got):\n%s", diff)
		}
		if _, _, err := s.Users(t.Context(), collateral.UserFilter{}, collateral.Paging{Limit: 2, Cursor: collateral.Cursor("assets", "x")}); collateral.KindOf(err) != collateral.Malformed {
			t.Errorf("cursor of another list: got %v, want Malformed", err)
		}
	})
}

func TestChangeUser(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Marketer)
		clock.move(time.Hour)
		want := ada
		want.Email, want.Name, want.Team, want.Active = "countess@example.com", "Ada L.", "", false
		want.Roles = []collateral.Role{collateral.Rep, collateral.Approver}
		got, err := changePerson(t.Context(), s, ada.ID, func(u *collateral.User) error {
			*u = want
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		if got, err = s.User(t.Context(), ada.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		refused := collateral.Errorf(collateral.Conflict, "no")
		if _, err := changePerson(t.Context(), s, ada.ID, func(*collateral.User) error { return refused }); !errors.Is(err, refused) {
			t.Errorf("refused change: got %v, want %v", err, refused)
		}
	})
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		steps := []struct {
			checked, hash string
			set           bool
			want          string
		}{
			{"hash of ada@example.com", "second", true, "second"},
			{"hash of ada@example.com", "third", false, "second"},
			{"", "fourth", true, "fourth"},
		}
		for _, step := range steps {
			set, err := s.SetPassword(t.Context(), ada.ID, step.checked, step.hash)
			if set != step.set || err != nil {
				t.Errorf("set %q over %q: got %v, %v, want %v", step.hash, step.checked, set, err, step.set)
			}
			got, err := s.CredentialsOf(t.Context(), ada.Email)
			want := store.Credentials{UserID: ada.ID, PasswordHash: step.want, Active: true}
			if got != want || err != nil {
				t.Errorf("credentials: got %+v, %v, want %+v", got, err, want)
			}
		}
		if _, err := s.CredentialsOf(t.Context(), "nobody@example.com"); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("unknown address: got %v, want NotFound", err)
		}
	})
}

func TestUsersFiltered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		addPerson(t, s, "ada_l@example.com", collateral.Admin)
		addPerson(t, s, "bob@example.com", collateral.Rep, collateral.Marketer)
		gone := addPerson(t, s, "adam@other.example", collateral.Rep)
		if _, err := changePerson(t.Context(), s, gone.ID, func(u *collateral.User) error {
			u.Active, u.Name, u.Team = false, "Adam West", "50% North"
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name   string
			filter collateral.UserFilter
			want   []string
		}{
			{"nothing", collateral.UserFilter{}, []string{"ada_l@example.com", "adam@other.example", "bob@example.com"}},
			{"an address", collateral.UserFilter{Text: "ADA"}, []string{"ada_l@example.com", "adam@other.example"}},
			{"a name", collateral.UserFilter{Text: "west"}, []string{"adam@other.example"}},
			{"a team", collateral.UserFilter{Text: "50%"}, []string{"adam@other.example"}},
			{"signs as they are", collateral.UserFilter{Text: "a_l"}, []string{"ada_l@example.com"}},
			{"no pattern", collateral.UserFilter{Text: "%"}, []string{"adam@other.example"}},
			{"no escape", collateral.UserFilter{Text: `\`}, nil},
			{"a role", collateral.UserFilter{Role: collateral.Rep}, []string{"adam@other.example", "bob@example.com"}},
			{"the active", collateral.UserFilter{Active: new(true)}, []string{"ada_l@example.com", "bob@example.com"}},
			{"all at once", collateral.UserFilter{Text: "example", Role: collateral.Rep, Active: new(false)}, []string{"adam@other.example"}},
		}
		for _, tt := range tests {
			users, _, err := s.Users(t.Context(), tt.filter, collateral.Paging{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range users {
				got = append(got, u.Email)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("by %s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}
