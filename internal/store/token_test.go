package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// addToken stores a token of an hour.
func addToken(t *testing.T, s *store.Store, u collateral.User, digit string, roles ...collateral.Role) collateral.Token {
	t.Helper()
	token := collateral.Token{ID: s.NewID(), UserID: u.ID, Name: "export " + digit, Scope: collateral.AllRolesAllow, Roles: roles, CreatedAt: s.Now(), ExpiresAt: s.Now().Add(time.Hour)}
	if created, err := s.CreateToken(t.Context(), token, fakeHash(digit)); !created || err != nil {
		t.Fatalf("creating a token: got %v, %v", created, err)
	}
	return token
}

func TestTokenActor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Leader)
		token := addToken(t, s, ada, "a", collateral.Leader)
		check := func(want ...collateral.Role) {
			t.Helper()
			got, err := s.TokenActor(t.Context(), fakeHash("a"))
			if diff := cmp.Diff(collateral.Actor{UserID: ada.ID, TokenID: token.ID, Roles: want}, got); diff != "" || err != nil {
				t.Errorf("actor: %v (-want +got):\n%s", err, diff)
			}
		}
		check(collateral.Leader)
		clock.move(10 * time.Minute)
		if _, err := changePerson(t.Context(), s, ada.ID, setRoles(collateral.Rep, collateral.Admin)); err != nil {
			t.Fatal(err)
		}
		check()

		clock.move(50 * time.Minute)
		if _, err := s.TokenActor(t.Context(), fakeHash("a")); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("expired token: got %v, want NotFound", err)
		}
		if _, err := s.TokenActor(t.Context(), fakeHash("b")); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("unknown token: got %v, want NotFound", err)
		}
	})
}

func TestTokenUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		clock := setClock(s)
		start := clock.Now()
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		addToken(t, s, ada, "a", collateral.Rep)
		lastUse := func() *time.Time {
			t.Helper()
			tokens, _, err := s.Tokens(t.Context(), ada.ID, collateral.Paging{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			return tokens[0].LastUsedAt
		}
		if got := lastUse(); got != nil {
			t.Errorf("before the first use: got %v, want none", got)
		}
		steps := []struct{ at, want time.Duration }{
			{0, 0},
			{59 * time.Second, 0},
			{60 * time.Second, 60 * time.Second},
			{90 * time.Second, 60 * time.Second},
			{5 * time.Minute, 5 * time.Minute},
		}
		for _, step := range steps {
			clock.move(start.Add(step.at).Sub(clock.Now()))
			if _, err := s.TokenActor(t.Context(), fakeHash("a")); err != nil {
				t.Fatal(err)
			}
			if got := lastUse(); got == nil || !got.Equal(start.Add(step.want)) {
				t.Errorf("used at %v: got last use %v, want %v", step.at, got, start.Add(step.want))
			}
		}
	})
}

func TestTokensOfWhoIsNotActive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ada := addPerson(t, s, "ada@example.com", collateral.Rep)
		token := addToken(t, s, ada, "a", collateral.Rep)
		if _, err := changePerson(t.Context(), s, ada.ID, func(u *collateral.User) error { u.Active = false; return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.TokenActor(t.Context(), fakeHash("a")); collateral.KindOf(err) != collateral.NotFound {
			t.Errorf("token of a person who is not active: got %v, want NotFound", err)
		}
		token.ID = s.NewID()
		if created, err := s.CreateToken(t.Context(), token, fakeHash("b")); created || err != nil {
			t.Errorf("new token of a person who is not active: got %v, %v, want none", created, err)
		}
	})
}

func TestTokensPagesAndDelete(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		setClock(s)
		ada := addPerson(t, s, "ada@example.com", collateral.Rep, collateral.Leader)
		bob := addPerson(t, s, "bob@example.com", collateral.Rep)
		var want []collateral.Token
		for i := range 5 {
			token := addToken(t, s, ada, fmt.Sprint(i), collateral.Rep, collateral.Leader)
			want = append([]collateral.Token{token}, want...)
		}
		foreign := addToken(t, s, bob, "b", collateral.Rep)

		var got []collateral.Token
		paging := collateral.Paging{Limit: 2}
		for {
			tokens, next, err := s.Tokens(t.Context(), ada.ID, paging)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, tokens...)
			if next == "" {
				break
			}
			paging.Cursor = next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
		if _, _, err := s.Tokens(t.Context(), bob.ID, paging); collateral.KindOf(err) != collateral.Malformed {
			t.Errorf("cursor of another person's list: got %v, want Malformed", err)
		}

		for _, id := range []uuid.UUID{foreign.ID, uuid.New()} {
			if deleted, err := s.DeleteToken(t.Context(), ada.ID, id); deleted || err != nil {
				t.Errorf("deleting what is not one's own: got %v, %v, want nothing", deleted, err)
			}
		}
		if deleted, err := s.DeleteToken(t.Context(), ada.ID, want[0].ID); !deleted || err != nil {
			t.Errorf("deleting a token: got %v, %v", deleted, err)
		}
		if err := s.DeleteTokens(t.Context(), ada.ID); err != nil {
			t.Fatal(err)
		}
		if got, _, err := s.Tokens(t.Context(), ada.ID, collateral.Paging{Limit: 10}); len(got) != 0 || err != nil {
			t.Errorf("after all were deleted: got %d, %v, want none", len(got), err)
		}
		if _, err := s.TokenActor(t.Context(), fakeHash("b")); err != nil {
			t.Errorf("another person's token: %v", err)
		}
	})
}
