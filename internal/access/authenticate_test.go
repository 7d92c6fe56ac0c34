package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

type change = access.UserChange

func TestAuthenticateStrangers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep)
		secret := h.signIn(t, ada.Email)
		for _, s := range []string{"", "cs_", "ct_", "Bearer", secret[3:], "ct_" + secret[3:], secret + "A", strings.ToUpper(secret), "cs_\x00\xff"} {
			if h.holds(t, s) {
				t.Errorf("%q lets somebody in", s)
			}
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep, collateral.Leader)
		actor := actorOf(ada)
		token, secret, err := h.CreateToken(t.Context(), actor, collateral.NewToken{Name: " export ", Roles: []collateral.Role{collateral.Leader}, ExpiresAt: h.Now().Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		want := collateral.Token{ID: token.ID, UserID: ada.ID, Name: "export", Scope: collateral.AllRolesAllow, Roles: []collateral.Role{collateral.Leader}, CreatedAt: h.Now(), ExpiresAt: h.Now().Add(time.Hour)}
		if diff := cmp.Diff(want, token); diff != "" {
			t.Errorf("token (-want +got):\n%s", diff)
		}
		listed, _, err := h.Tokens(t.Context(), actor, collateral.Paging{Limit: 10})
		if diff := cmp.Diff([]collateral.Token{want}, listed); diff != "" || err != nil {
			t.Errorf("list: %v (-want +got):\n%s", err, diff)
		}
		if !strings.HasPrefix(secret, "ct_") || len(secret) != len("ct_")+43 {
			t.Errorf("got secret %q, want ct_ and 32 bytes", secret)
		}
		byToken := h.actor(t, secret)
		if diff := cmp.Diff(collateral.Actor{UserID: ada.ID, TokenID: token.ID, Roles: want.Roles}, byToken); diff != "" {
			t.Errorf("actor (-want +got):\n%s", diff)
		}
		h.pass(time.Hour)
		if h.holds(t, secret) {
			t.Error("the token outlived its time")
		}
		if diff := cmp.Diff([]string{"user.created", "role.granted rep", "role.granted leader", "token.created"}, h.audited(t)); diff != "" {
			t.Errorf("audit log (-want +got):\n%s", diff)
		}
	})
}

func TestTokenDefaults(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep, collateral.Leader)
		token, _, err := h.CreateToken(t.Context(), actorOf(ada), collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ada.Roles, token.Roles); diff != "" {
			t.Errorf("roles (-want +got):\n%s", diff)
		}
		if want := h.Now().AddDate(0, 0, 90); !token.ExpiresAt.Equal(want) {
			t.Errorf("got end %v, want %v", token.ExpiresAt, want)
		}
	})
}

func TestCreateTokenRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep)
		actor := actorOf(ada)
		_, _, err := h.CreateToken(t.Context(), actor, collateral.NewToken{Roles: []collateral.Role{collateral.Admin}, ExpiresAt: h.Now()})
		checkKind(t, "faulty token", err, collateral.Invalid)
		checkFields(t, "faulty token", err, "/name", "/roles", "/expires_at")
		_, _, err = h.CreateToken(t.Context(), actor, collateral.NewToken{Name: "none", Roles: []collateral.Role{}})
		checkFields(t, "token without roles", err, "/roles")
		_, secret, err := h.CreateToken(t.Context(), actor, collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = h.CreateToken(t.Context(), h.actor(t, secret), collateral.NewToken{Name: "another"})
		checkKind(t, "token made by a token", err, collateral.Forbidden)
	})
}

func TestDeleteToken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada, bob := h.add(t, "ada@example.com", collateral.Rep), h.add(t, "bob@example.com", collateral.Rep)
		newToken := func(u collateral.User) (uuid.UUID, string) {
			t.Helper()
			token, secret, err := h.CreateToken(t.Context(), actorOf(u), collateral.NewToken{Name: "export"})
			if err != nil {
				t.Fatal(err)
			}
			return token.ID, secret
		}
		first, firstSecret := newToken(ada)
		second, secondSecret := newToken(ada)
		bobs, bobsSecret := newToken(bob)
		checkKind(t, "another person's token", h.DeleteToken(t.Context(), actorOf(ada), bobs), collateral.NotFound)
		checkKind(t, "another token, by a token", h.DeleteToken(t.Context(), h.actor(t, firstSecret), second), collateral.Forbidden)
		if err := h.DeleteToken(t.Context(), h.actor(t, firstSecret), first); err != nil {
			t.Errorf("a token that ends itself: %v", err)
		}
		if err := h.DeleteToken(t.Context(), actorOf(ada), second); err != nil {
			t.Errorf("a token, by its owner: %v", err)
		}
		checkKind(t, "the same once more", h.DeleteToken(t.Context(), actorOf(ada), second), collateral.NotFound)
		if h.holds(t, firstSecret) || h.holds(t, secondSecret) || !h.holds(t, bobsSecret) {
			t.Error("deleted tokens hold, or another one does not")
		}
	})
}
