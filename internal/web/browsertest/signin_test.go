package browsertest_test

import (
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/demo"
)

// Everybody gets in with their password and nobody with another one, with scripts and without.
func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	for _, scripts := range []bool{true, false} {
		w := sharedTown(t)
		b := w.tab(t, "", "/?stage=validation")
		b.Scripts(scripts)
		b.Reload()
		b.Fill("E-mail", emailOf(collateral.Rep))
		b.Fill("Password", "wrong")
		b.Expect("401")
		b.Follow("Sign in")
		b.Shows("[role=alert]", "password")
		b.Fill("Password", demo.Password)
		b.Follow("Sign in")
		if got, want := b.Path(), "/?stage=validation"; got != want {
			t.Errorf("with scripts %v, after signing in: got %s, want %s", scripts, got, want)
		}
		b.Click("Nadia Ferrow")
		b.Follow("Sign out")
		b.Shows("[role=status]", "You are signed out.")
		b.Go("/")
		b.Shows("h1", "Sign in")
	}
}

// Who guesses is stopped, and told when to come again.
func TestGuessingPasswords(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	b := w.tab(t, "", "/signin")
	b.Expect("401")
	b.Expect("429")
	b.Fill("E-mail", emailOf(collateral.Admin))
	for range 11 {
		b.Fill("Password", "a guess")
		b.Follow("Sign in")
	}
	b.Shows("[role=alert]", "minutes")
	b.Axe()
}

// A form that is sent when its session has ended is sent again after signing in, without scripts too.
func TestFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	for _, scripts := range []bool{true, false} {
		w := sharedTown(t)
		b := w.tab(t, collateral.Marketer, "/")
		b.Scripts(scripts)
		b.Reload()
		b.Forget()
		b.Click("Imke Sandvoort")
		b.Expect("401")
		b.Follow("Sign out")
		b.Shows("[role=status]", "Your session had ended.")
		b.Fill("E-mail", emailOf(collateral.Marketer))
		b.Fill("Password", demo.Password)
		b.Follow("Sign in")
		b.Shows("h1", "Signed in again")
		b.Follow("Send it")
		b.Shows("[role=status]", "You are signed out.")
	}
}

// Scripts ask for the password where one is, and go on with the form's new token.
func TestSigningInAgainInADialog(t *testing.T) {
	t.Parallel()
	w := sharedTown(t)
	b := w.tab(t, collateral.Marketer, "/")
	b.Forget()
	b.Eval(`void (window.again = collateral.signInAgain())`)
	b.Shows("dialog", "Nothing that you typed is lost")
	b.Axe()
	b.Fill("E-mail", emailOf(collateral.Marketer))
	b.Fill("Password", "wrong")
	b.Expect("401")
	b.Click("Sign in and go on")
	b.Shows("dialog [role=alert]", "password")
	b.Fill("Password", demo.Password)
	b.Press("Enter")
	b.Hides("dialog")
	if got := string(b.Eval(`window.again`)); got != "true" {
		t.Errorf("the script is told %s, want true", got)
	}
	b.Click("Imke Sandvoort")
	b.Follow("Sign out")
	b.Shows("[role=status]", "You are signed out.")
}

func TestMenuClosesByKeyboard(t *testing.T) {
	t.Parallel()
	w := sharedTown(t)
	b := w.tab(t, collateral.Leader, "/")
	b.Click("Perpetua Lindgard")
	b.Shows(".menu-body", "Your account")
	b.Press("Escape")
	b.Hides(".menu-body")
	if got := string(b.Eval(`document.activeElement.matches(".menu summary")`)); got != "true" {
		t.Error("the focus is lost when the menu closes")
	}
}
