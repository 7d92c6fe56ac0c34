package access_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

const (
	password = "correct horse"
	home     = "192.0.2.1"
)

// house is a store with the use cases over it and a clock that tests move by hand.
type house struct {
	*access.Access
	store *store.Store

	mu  sync.Mutex
	now time.Time
}

// each runs f as a parallel subtest on each database, in a house without people where passwords are
// cheap.
func each(t *testing.T, f func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := &house{store: s, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
		s.Now = h.Now
		h.Access = accesstest.New(s)
		f(t, h)
	})
}

func (h *house) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// add gives somebody an account with the password of all tests, as the command line does.
func (h *house) add(t *testing.T, email string, roles ...collateral.Role) collateral.User {
	t.Helper()
	u, _, err := h.CreateUser(t.Context(), nil, collateral.NewUser{Email: email, Name: "Somebody", Roles: roles}, password)
	if err != nil {
		t.Fatalf("creating %s: %v", email, err)
	}
	return u
}

// signIn returns the token of a new session.
func (h *house) signIn(t *testing.T, email string) string {
	t.Helper()
	session, err := h.SignIn(t.Context(), email, password, home)
	if err != nil {
		t.Fatalf("signing in %s: %v", email, err)
	}
	return session.Token
}

// actor returns who holds the secret.
func (h *house) actor(t *testing.T, secret string) collateral.Actor {
	t.Helper()
	actor, err := h.Authenticate(t.Context(), secret)
	if err != nil {
		t.Fatalf("authenticating: %v", err)
	}
	return actor
}

// holds reports whether the secret still lets somebody in.
func (h *house) holds(t *testing.T, secret string) bool {
	t.Helper()
	_, err := h.Authenticate(t.Context(), secret)
	if err != nil {
		checkKind(t, "authenticating", err, collateral.Unauthenticated)
	}
	return err == nil
}

// audited returns the actions on record, the oldest first, with their details.
func (h *house) audited(t *testing.T) []string {
	t.Helper()
	entries, _, err := h.store.AuditLog(t.Context(), collateral.AuditFilter{}, collateral.Paging{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, e := range slices.Backward(entries) {
		action := e.Action
		if e.Detail != "" {
			action += " " + e.Detail
		}
		actions = append(actions, action)
	}
	return actions
}

func actorOf(u collateral.User) collateral.Actor {
	return collateral.Actor{UserID: u.ID, Roles: u.Roles}
}

func checkKind(t *testing.T, what string, err error, want collateral.Kind) {
	t.Helper()
	if err == nil || collateral.KindOf(err) != want {
		t.Errorf("%s: got %v (kind %v), want kind %v", what, err, collateral.KindOf(err), want)
	}
}

func checkFields(t *testing.T, what string, err error, want ...string) {
	t.Helper()
	var got []string
	if e, ok := errors.AsType[*collateral.Error](err); ok {
		for _, f := range e.Fields {
			got = append(got, f.Pointer)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got fields %v of %v, want %v", what, got, err, want)
	}
}
