package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// fakeHash is a well-formed hash of a secret, made of one hexadecimal digit.
func fakeHash(digit string) string { return strings.Repeat(digit, 64) }

// startSession starts a session of an hour for a person of addPerson.
func startSession(t *testing.T, s *store.Store, u collateral.User, digit string) bool {
	t.Helper()
	session := store.Session{TokenHash: fakeHash(digit), UserID: u.ID, CreatedAt: s.Now(), ExpiresAt: s.Now().Add(time.Hour)}
	var started bool
	err := s.Tx(t.Context(), func(tx *store.Store) error {
		var err error
		started, err = tx.StartSession(t.Context(), session, "hash of "+u.Email)
		return err
	})
	if err != nil {
		t.Fatalf("starting a session: %v", err)
	}
	return started
}

func inSession(t *testing.T, s *store.Store, digit string) bool {
	t.Helper()
	_, err := s.SessionActor(t.Context(), fakeHash(digit))
	if err != nil && collateral.KindOf(err) != collateral.NotFound {
		t.Fatalf("reading a session: %v", err)
	}
	return err == nil
}

func TestSessionActor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Leader, collateral.Rep)
		if !startSession(t, s, ada, "a") {
			t.Fatal("the session was not started")
		}
		got, err := s.SessionActor(t.Context(), fakeHash("a"))
		want := collateral.Actor{UserID: ada.ID, Roles: []collateral.Role{collateral.Rep, collateral.Leader}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("actor: %v (-want +got):\n%s", err, diff)
		}
		if inSession(t, s, "b") {
			t.Error("an unknown session holds")
		}

		clock.move(30 * time.Minute)
		if _, err := changePerson(t.Context(), s, ada.ID, setRoles(collateral.Admin)); err != nil {
			t.Fatal(err)
		}
		if got, err = s.SessionActor(t.Context(), fakeHash("a")); err != nil || !cmp.Equal(got.Roles, []collateral.Role{collateral.Admin}) {
			t.Errorf("after the roles changed: got %v, %v, want admin", got.Roles, err)
		}

		clock.move(30*time.Minute - time.Microsecond)
		if !inSession(t, s, "a") {
			t.Error("the session ended before its time")
		}
		clock.move(time.Microsecond)
		if inSession(t, s, "a") {
			t.Error("the session outlived its time")
		}
	})
}

func TestSessionsOfWhoIsNotActive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		startSession(t, s, ada, "a")
		if _, err := changePerson(t.Context(), s, ada.ID, func(u *collateral.User) error { u.Active = false; return nil }); err != nil {
			t.Fatal(err)
		}
		if inSession(t, s, "a") {
			t.Error("the session of a person who is not active holds")
		}
		if startSession(t, s, ada, "b") {
			t.Error("a person who is not active started a session")
		}
	})
}

// A password that was replaced after it was checked opens nothing.
func TestSessionOfReplacedPassword(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		if _, err := s.SetPassword(t.Context(), ada.ID, "", "another"); err != nil {
			t.Fatal(err)
		}
		if startSession(t, s, ada, "a") || inSession(t, s, "a") {
			t.Error("the replaced password started a session")
		}
	})
}

func TestEndSessions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		bob := addPerson(t, s, "bob@example.com", collateral.Rep)
		for _, digit := range []string{"a", "b", "c"} {
			startSession(t, s, ada, digit)
		}
		startSession(t, s, bob, "d")
		if user, err := s.EndSession(t.Context(), fakeHash("c")); user != ada.ID || err != nil {
			t.Errorf("ending a session: got %v, %v, want %v", user, err, ada.ID)
		}
		if user, err := s.EndSession(t.Context(), fakeHash("c")); user != uuid.Nil || err != nil {
			t.Errorf("ending it again: got %v, %v, want nobody", user, err)
		}
		if err := s.EndSessions(t.Context(), ada.ID, fakeHash("a")); err != nil {
			t.Fatal(err)
		}
		for digit, want := range map[string]bool{"a": true, "b": false, "c": false, "d": true} {
			if got := inSession(t, s, digit); got != want {
				t.Errorf("session %s: got there %v, want %v", digit, got, want)
			}
		}

		clock.move(2 * time.Hour)
		startSession(t, s, ada, "e")
		if user, err := s.EndSession(t.Context(), fakeHash("a")); user != uuid.Nil || err != nil {
			t.Errorf("an expired session after the next sign-in: got one of %v, %v, want none", user, err)
		}
	})
}
