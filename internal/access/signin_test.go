package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep, collateral.Leader)
		session, err := h.SignIn(t.Context(), " Ada@Example.com", password, home)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(ada, session.User); diff != "" {
			t.Errorf("person (-want +got):\n%s", diff)
		}
		if want := h.Now().Add(14 * 24 * time.Hour); !session.ExpiresAt.Equal(want) {
			t.Errorf("got end %v, want %v", session.ExpiresAt, want)
		}
		if !strings.HasPrefix(session.Token, "cs_") || len(session.Token) != len("cs_")+43 {
			t.Errorf("got token %q, want cs_ and 32 bytes", session.Token)
		}
		if diff := cmp.Diff(actorOf(ada), h.actor(t, session.Token)); diff != "" {
			t.Errorf("actor (-want +got):\n%s", diff)
		}
		me, err := h.Me(t.Context(), h.actor(t, session.Token))
		if diff := cmp.Diff(ada, me); diff != "" || err != nil {
			t.Errorf("me: %v (-want +got):\n%s", err, diff)
		}
		for range 13 { // that it is used, as by a page that is left open, makes it no longer
			h.pass(24 * time.Hour)
			if !h.holds(t, session.Token) {
				t.Fatal("the session ended before its time")
			}
		}
		h.pass(24 * time.Hour)
		if h.holds(t, session.Token) {
			t.Error("the session outlived its time")
		}
	})
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep)
		first, second := h.signIn(t, ada.Email), h.signIn(t, ada.Email)
		for range 2 { // the second time there is nothing left to end
			if err := h.SignOut(t.Context(), first); err != nil {
				t.Fatal(err)
			}
		}
		if h.holds(t, first) || !h.holds(t, second) {
			t.Errorf("got first %v, second %v, want the first session alone to end", h.holds(t, first), h.holds(t, second))
		}
		_, secret, err := h.CreateToken(t.Context(), actorOf(ada), collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		checkKind(t, "signing out a token", h.SignOut(t.Context(), secret), collateral.Forbidden)
		want := []string{"user.created", "role.granted rep", "session.started", "session.started", "session.ended", "token.created"}
		if diff := cmp.Diff(want, h.audited(t)); diff != "" {
			t.Errorf("audit log (-want +got):\n%s", diff)
		}
	})
}

// Nobody learns from the answer whether an account is there.
func TestSignInRefusalsAreTheSame(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.add(t, "root@example.com", collateral.Admin)
		h.add(t, "ada@example.com", collateral.Rep)
		gone := h.add(t, "gone@example.com", collateral.Rep)
		if _, err := h.ChangeUser(t.Context(), actorOf(admin), gone.ID, change{Active: new(false)}); err != nil {
			t.Fatal(err)
		}
		answers := map[string]bool{}
		for _, tt := range []struct{ email, password string }{
			{"ada@example.com", "wrong"},
			{"ada@example.com", ""},
			{"nobody@example.com", password},
			{"gone@example.com", password},
			{"", ""},
			{"no address", password},
			{"a\x00\xff@example.com", password},
			{strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<16)},
		} {
			session, err := h.SignIn(t.Context(), tt.email, tt.password, home)
			checkKind(t, fmt.Sprintf("%.20q", tt.email), err, collateral.Unauthenticated)
			if session.Token != "" {
				t.Errorf("%.20q: got a token", tt.email)
			}
			if err != nil {
				answers[err.Error()] = true
			}
		}
		if len(answers) != 1 {
			t.Errorf("got answers %v, want one for all", answers)
		}
	})
}

// An unknown account is hashed for as well: without, its answer would come some thirty times as fast.
func TestSignInRefusalsTakeTheSameTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Cost = access.New(h.store).Cost
		h.add(t, "ada@example.com", collateral.Rep)
		known, unknown := time.Hour, time.Hour // the fastest of several, by turns, so that a busy machine disturbs both
		for range 6 {
			known = min(known, h.refusal(t, "ada@example.com"))
			unknown = min(unknown, h.refusal(t, "nobody@example.com"))
		}
		if unknown < known/4 || known < unknown/4 {
			t.Errorf("a known account takes %v, an unknown one %v", known, unknown)
		}
	})
}

// refusal returns how long the answer to a wrong password takes.
func (h *house) refusal(t *testing.T, email string) time.Duration {
	t.Helper()
	start := time.Now()
	_, err := h.SignIn(t.Context(), email, "wrong", home)
	took := time.Since(start)
	checkKind(t, "wrong password", err, collateral.Unauthenticated)
	return took
}

func TestSignInLimitPerAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Limits.PerAccount = 3
		h.add(t, "ada@example.com", collateral.Rep)
		h.add(t, "bob@example.com", collateral.Rep)
		fail := func(email string) error {
			_, err := h.SignIn(t.Context(), email, "wrong", home)
			return err
		}
		for range 5 { // successes never count
			h.signIn(t, "ada@example.com")
		}
		for i := range 3 {
			checkKind(t, fmt.Sprint("failure ", i+1), fail("ADA@example.com"), collateral.Unauthenticated)
			checkKind(t, fmt.Sprint("unknown account, failure ", i+1), fail("nobody@example.com"), collateral.Unauthenticated)
			h.pass(time.Minute)
		}
		checkKind(t, "unknown account, failure 4", fail("nobody@example.com"), collateral.TooMany)
		_, err := h.SignIn(t.Context(), "ada@example.com", password, home)
		checkKind(t, "right password after too many failures", err, collateral.TooMany)
		if e, ok := errors.AsType[*collateral.Error](err); !ok || e.RetryAfter != 12*60 {
			t.Errorf("got %+v, want to retry after 12 minutes", err)
		}
		if _, err := h.SignIn(t.Context(), "ada@example.com", password, "192.0.2.2"); err != nil {
			t.Errorf("from another address: %v", err)
		}
		h.signIn(t, "bob@example.com")

		h.pass(12*time.Minute - time.Second)
		_, err = h.SignIn(t.Context(), "ada@example.com", password, home)
		checkKind(t, "a second before the first failure is forgotten", err, collateral.TooMany)
		h.pass(time.Second)
		h.signIn(t, "ada@example.com")
		checkKind(t, "failure 3 once more", fail("ada@example.com"), collateral.Unauthenticated)
		checkKind(t, "failure 4", fail("ada@example.com"), collateral.TooMany)
	})
}

func TestSignInLimitPerAddress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Limits.PerAddress = 4
		h.add(t, "ada@example.com", collateral.Rep)
		for i := range 4 {
			h.signIn(t, "ada@example.com")
			_, err := h.SignIn(t.Context(), fmt.Sprintf("p%d@example.com", i), "wrong", home)
			checkKind(t, fmt.Sprint("failure ", i+1), err, collateral.Unauthenticated)
		}
		_, err := h.SignIn(t.Context(), "ada@example.com", password, home)
		checkKind(t, "after too many failures from the address", err, collateral.TooMany)
		if _, err := h.SignIn(t.Context(), "ada@example.com", password, "192.0.2.2"); err != nil {
			t.Errorf("from another address: %v", err)
		}
	})
}

// Attempts at the same moment do not get around the limit.
func TestSignInLimitAmongConcurrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Limits.PerAccount = 3
		h.add(t, "ada@example.com", collateral.Rep)
		const n = 20
		kinds := make(chan collateral.Kind, n)
		for range n {
			go func() {
				_, err := h.SignIn(t.Context(), "ada@example.com", "wrong", home)
				kinds <- collateral.KindOf(err)
			}()
		}
		count := map[collateral.Kind]int{}
		for range n {
			count[<-kinds]++
		}
		// Each of the at most four that run at once may have counted before the others had failed.
		if tried := count[collateral.Unauthenticated]; tried < 3 || tried > 3+3 || tried+count[collateral.TooMany] != n {
			t.Errorf("got %d attempts tried and %d limited, want 3 to 6 of %d tried", tried, count[collateral.TooMany], n)
		}
	})
}
