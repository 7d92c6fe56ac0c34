package access_test

import (
	"fmt"
	"sync"
	"testing"

	"collateral/internal/collateral"
)

// Of any number who try at the same moment one becomes the first admin.
func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, err := h.CreateFirstAdmin(t.Context(), " ", "nobody", "short")
		checkFields(t, "faulty first admin", err, "/email", "/name", "/password")
		errs := make([]error, 5)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = h.CreateFirstAdmin(t.Context(), "Ada", fmt.Sprintf("ada%d@example.com", i), password)
			})
		}
		all.Wait()
		made := 0
		for i, err := range errs {
			if err == nil {
				made++
				h.signIn(t, fmt.Sprintf("ada%d@example.com", i))
				continue
			}
			checkKind(t, "the slower one", err, collateral.Conflict)
		}
		if made != 1 {
			t.Errorf("got %d first admins, want one", made)
		}
	})
}

func TestNewPassword(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin, ada := h.add(t, "root@example.com", collateral.Admin), h.add(t, "ada@example.com", collateral.Rep)
		session := h.signIn(t, ada.Email)
		_, _, err := h.NewPassword(t.Context(), actorOf(ada), ada.ID)
		checkKind(t, "by a rep", err, collateral.Forbidden)
		_, made, err := h.NewPassword(t.Context(), actorOf(admin), ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		if h.holds(t, session) {
			t.Error("the session outlived the password")
		}
		if _, err := h.SignIn(t.Context(), ada.Email, made, home); err != nil {
			t.Errorf("signing in with the password made: %v", err)
		}
	})
}

func TestSignOutOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada, bob := h.add(t, "ada@example.com", collateral.Rep), h.add(t, "bob@example.com", collateral.Rep)
		here, elsewhere, bobs := h.signIn(t, ada.Email), h.signIn(t, ada.Email), h.signIn(t, bob.Email)
		_, token, err := h.CreateToken(t.Context(), actorOf(ada), collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		checkKind(t, "by a token", h.SignOutOthers(t.Context(), h.actor(t, token), token), collateral.Forbidden)
		if err := h.SignOutOthers(t.Context(), h.actor(t, here), here); err != nil {
			t.Fatal(err)
		}
		if h.holds(t, elsewhere) || !h.holds(t, here) || !h.holds(t, bobs) || !h.holds(t, token) {
			t.Error("want the session elsewhere ended, and this one, the token and others' kept")
		}
	})
}

func TestUserByEmail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep)
		if got, err := h.UserByEmail(t.Context(), " Ada@Example.com"); err != nil || got.ID != ada.ID {
			t.Errorf("got %v, %v, want ada", got, err)
		}
		_, err := h.UserByEmail(t.Context(), "bob@example.com")
		checkKind(t, "nobody", err, collateral.NotFound)
	})
}
