package browsertest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/web/browsertest"
)

// What admins do. Of each act the audit log tells.
func TestAdmin(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for name, journey := range map[string]func(*testing.T, *town){
		"a person":         adminKeepsAPerson,
		"stages and words": adminKeepsStagesAndWords,
		"a token":          adminKeepsAToken,
		"state":            adminLooksAtTheState,
		"audit log":        adminReadsTheAuditLog,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(t, w)
		})
	}
}

// logged fails the test unless the audit log tells of an action, in a line with the text.
func logged(b *browsertest.Tab, action, text string) {
	b.Go("/admin/audit?action=" + action)
	b.Shows("main tbody", text)
}

// Somebody comes, gets another job, and leaves.
func adminKeepsAPerson(t *testing.T, w *town) {
	const name, email = "Zelda Quimby", "zelda@marrowby.example"
	b := w.tab(t, collateral.Admin, "/admin")
	b.Follow("People")
	b.Follow("New account")
	b.Fill("Name", name)
	b.Fill("E-mail", emailOf(collateral.Rep))
	b.Fill("Team", "Enterprise")
	b.Click("rep")
	b.Expect("409")
	b.Expect("422")
	b.Follow("Make the account")
	b.Shows("#email-wrong", "account")
	b.Holds("#team", "Enterprise")
	b.Fill("E-mail", email)
	b.Follow("Make the account")
	b.Shows("[role=status]", "This is the only time that the password is shown.")
	b.Axe()
	password := b.Text("[data-secret]")

	p := browsertest.Open(t, w.url)
	p.SignIn(email, password, "/")
	p.Shows(".menu-name", name)
	p.Expect("403")
	p.Go("/reports")
	p.Shows("main", "This page is for marketer, leader or admin. You are signed in as rep.")
	p.Go("/account")
	p.Fill("Current password", password)
	p.Fill("New password", "four words of one's own")
	p.Follow("Change the password")
	p.Shows("[role=status]", "Your password is changed.")

	b.Follow("To the account")
	b.Click("rep")
	b.Click("marketer")
	b.Follow("Save")
	b.Shows("[role=status]", "Roles hold from the next page")
	p.Go("/reports")
	p.Shows("h1", "Reports")

	b.Follow("Deactivate …")
	b.Shows("main", "owns no piece")
	b.Follow("Deactivate")
	b.Shows("[role=status]", name+" cannot sign in any more")
	p.Expect("401")
	p.Go("/work/new")
	p.Shows("h1", "Sign in")
	p.Fill("E-mail", email)
	p.Fill("Password", "four words of one's own")
	p.Follow("Sign in")
	p.Shows("[role=alert]", "password")

	logged(b, "user.created", name)
	logged(b, "role.granted", "marketer")
	logged(b, "role.ended", "rep")
	logged(b, "user.password_changed", name)
	logged(b, "user.deactivated", name)
}

// The stages, the lists and the words of the company are kept by clicking, and hold at once.
func adminKeepsStagesAndWords(t *testing.T, w *town) {
	b := w.tab(t, collateral.Admin, "/admin")
	b.Follow("Buying stages")
	b.Follow("New stage")
	b.Fill("Name", "Renewal")
	b.Fill("What the buyer asks", "Was it worth it?\nWhat comes next?")
	b.Follow("Add the stage")
	b.Shows("[role=status]", "The stage Renewal is added.")
	b.Shows("#stage-renewal", "What comes next?")
	w.tab(t, collateral.Marketer, "/work/new").Choose("css=#stage-0", "Renewal")
	b.Follow("Retire … Supplier selection")
	b.Shows("main", "Figures of the past count for the stage that takes over.")
	b.Choose("The stage that takes over", "5. Validation")
	b.Follow("Retire Supplier selection")
	b.Shows("[role=status]", "Its pieces are at Validation now.")
	b.Hides("#stage-supplier-selection")
	b.Go(w.path(t, "/pieces/{Prices on one page}"))
	b.Shows(".card-top", "Validation")

	b.Go("/admin/lists")
	b.Fill("Add to personas", "fleet-buyer")
	b.FollowIn("[data-add=persona]", "Add")
	b.Shows("#persona .values", "fleet-buyer unused")

	b.Go("/?q=lorrydoctor")
	b.Shows("h2", "Nothing found")
	b.Go("/admin/synonyms")
	b.Fill("Terms", "lorrydoctor\nworkshop")
	b.Follow("Add the group")
	b.Shows("[role=status]", "From now on, whoever searches for one of lorrydoctor, workshop finds the others too.")
	b.Until(`fetch("/?q=lorrydoctor").then((answer) => answer.text()).then((page) => page.includes("data-hit"))`)

	logged(b, "stage.retired", "Validation")
	logged(b, "taxonomy.changed", "persona")
	logged(b, "synonyms.created", "Ansel Korrigan")
}

// A token is shown once, lets a program in, and does not any more when it is deleted.
func adminKeepsAToken(t *testing.T, w *town) {
	b := w.tab(t, collateral.Admin, "/account")
	b.Fill("What it is for", "nightly export")
	b.Follow("Make the token")
	b.Shows("[role=status]", "This is the only time that the token is shown.")
	b.Axe()
	token := b.Text("[data-secret]")
	if got := w.status(t, "/api/v1/me", token); got != http.StatusOK {
		t.Errorf("with the new token: got %d, want 200", got)
	}
	b.Follow("Back to your account")
	b.Shows("main tbody", "nightly export")
	if strings.Contains(b.Text("body"), token) {
		t.Error("the token is shown a second time")
	}
	b.Follow("Delete nightly export")
	b.WasAsked("Delete this token?")
	b.Shows("[role=status]", "The token is deleted")
	if got := w.status(t, "/api/v1/me", token); got != http.StatusUnauthorized {
		t.Errorf("with the deleted token: got %d, want 401", got)
	}
	logged(b, "token.created", "Ansel Korrigan")
	logged(b, "token.deleted", "Ansel Korrigan")
}

func adminLooksAtTheState(t *testing.T, w *town) {
	b := w.tab(t, collateral.Admin, "/admin")
	b.Follow("State of the machine")
	for _, part := range []string{"database", "search", "files"} {
		b.Shows("section[aria-labelledby=engines] tbody", part)
	}
	b.Hides("section[aria-labelledby=engines] .tag.bad")
	b.Shows("section[aria-labelledby=dead]", "No job was given up.")
	b.Follow("Compare the search index and mend it")
	b.Shows("[role=status]", "compared in the background")
	b.Until(`fetch("/admin/state").then((answer) => answer.text()).then((page) => page.includes("the same as the database"))`)
}

// The log is narrowed by person, action and day, and taken along.
func adminReadsTheAuditLog(t *testing.T, w *town) {
	b := w.tab(t, collateral.Admin, "/admin")
	b.Follow("Audit log")
	b.Fill("Person", "devika@marrowby.example")
	b.Fill("Action", "asset.published")
	b.Follow("Show")
	b.Shows("main", "Only what Devika Rollands did.")
	b.Shows("main tbody", "Prices on one page")
	same := texts(t, b, "main tbody td:nth-child(3)")
	if got := column(t, b, `a[href^="/admin/audit.csv"]`, "action"); !slices.Equal(got, same) {
		t.Errorf("the CSV has the actions %v, the page %v", got, same)
	}
	b.FollowIn("main tbody tr:first-child", "history")
	b.Shows("main", "Only what was done to")
	b.Shows("main tbody", "asset.created")
	b.SetDate("To", "2020-01-01")
	b.Follow("Show")
	b.Shows("main", "No entry fits.")
	b.FollowIn(".empty", "Show everything")
	b.Fill("Person", "nobody@marrowby.example")
	b.Expect("422")
	b.Follow("Show")
	b.Shows("[role=alert]", "nobody@marrowby.example")
	b.Holds("[name=actor]", "nobody@marrowby.example")
}
