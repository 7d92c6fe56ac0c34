package browsertest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/web/browsertest"
)

// pages are all pages, each as one of those who use it sees it. {TITLE} stands for the id of the demo's piece with that title.
// Where no address is known before, follow is what to click on to get there, and change what to do: that has a company of its
// own.
var pages = []struct {
	name   string // of its pictures
	role   collateral.Role
	path   string
	follow string
	change func(*browsertest.Tab)
	fault  string // what the browser says of the page that is no fault
}{
	{name: "signin", path: "/signin"},
	{name: "signin-resume", path: "/signin", change: outliveTheSession, fault: "401"},
	{name: "fault-not-found", role: collateral.Rep, path: "/no-such-page", fault: "404"},
	{name: "fault-forbidden", role: collateral.Rep, path: "/admin/people", fault: "403"},

	{name: "find", role: collateral.Rep, path: "/"},
	{name: "find-results", role: collateral.Rep, path: "/?q=hard+sholder"},
	{name: "find-stage", role: collateral.Rep, path: "/?stage=validation"},
	{name: "find-nothing", role: collateral.Rep, path: "/?q=tachograph+archive&stage=validation"},
	{name: "piece-pdf", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}"},
	{name: "piece-deck", role: collateral.Rep, path: "/pieces/{Keep them rolling: the first call about breakdowns}"},
	{name: "piece-html", role: collateral.Rep, path: "/pieces/{ROI calculator: what fewer breakdowns are worth}"},
	{name: "piece-video", role: collateral.Rep, path: "/pieces/{Yard in three minutes}"},
	{name: "piece-link", role: collateral.Rep, path: "/pieces/{The quiet depot}"},
	{name: "piece-flagged", role: collateral.Marketer, path: "/pieces/{Battlecard: Tessivane}"},
	{name: "piece-withdrawn", role: collateral.Marketer, path: "/pieces/{Company presentation}"},
	{name: "favourites", role: collateral.Rep, path: "/favourites"},
	{name: "favourites-empty", role: collateral.Leader, path: "/favourites"},
	{name: "collections", role: collateral.Rep, path: "/collections"},
	{name: "collection", role: collateral.Rep, path: "/collections", follow: "First calls with fleets"},
	{name: "recent", role: collateral.Rep, path: "/recent"},
	{name: "recent-empty", role: collateral.Admin, path: "/recent"},

	{name: "share", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share"},
	{name: "share-refused", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share", change: shareTooLittle, fault: "422"},
	{name: "share-collection", role: collateral.Rep, path: "/collections", change: shareACollection},
	{name: "links", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share", change: listLinks, fault: "410"},
	{name: "links-empty", role: collateral.Approver, path: "/links"},
	{name: "link", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share", change: lookAtALink},
	{name: "link-change", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share", change: changeALink, fault: "422"},
	{name: "buyer-pdf", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}/share", change: shareAndOpen},
	{name: "buyer-deck", role: collateral.Rep, path: "/pieces/{Keep them rolling: the first call about breakdowns}/share", change: shareAndOpen},
	{name: "buyer-html", role: collateral.Rep, path: "/pieces/{ROI calculator: what fewer breakdowns are worth}/share", change: shareAndOpen},
	{name: "buyer-video", role: collateral.Rep, path: "/pieces/{Yard in three minutes}/share", change: shareAndOpen},
	{name: "buyer-link", role: collateral.Rep, path: "/pieces/{The quiet depot}/share", change: shareAndOpen},
	{name: "buyer-room", role: collateral.Rep, path: "/collections", change: openARoom},
	{name: "buyer-passcode", role: collateral.Rep, path: "/pieces/{The quiet depot}/share", change: shareAndComeToTheGate, fault: "403"},
	{name: "buyer-email", role: collateral.Rep, path: "/pieces/{The quiet depot}/share", change: shareForAnAddress},
	{name: "buyer-once", role: collateral.Rep, path: "/pieces/{The quiet depot}/share", change: shareForOnce},
	{name: "buyer-withdrawn", role: collateral.Rep, path: "/pieces/{The quiet depot}/share", change: shareAndWithdraw, fault: "410"},
	{name: "buyer-privacy", path: "/s/not-a-link/privacy"},
	{name: "buyer-unknown", path: "/s/not-a-link", fault: "404"},

	{name: "work", role: collateral.Marketer, path: "/work"},
	{name: "work-empty", role: collateral.Rep, path: "/work"},
	{name: "work-new", role: collateral.Marketer, path: "/work/new"},
	{name: "work-new-refused", role: collateral.Marketer, path: "/work/new", change: submitTooLittle, fault: "422"},
	{name: "work-edit", role: collateral.Marketer, path: "/work/{Maintenance records that insurers accept}/edit"},
	{name: "work-draft", role: collateral.Marketer, path: "/work/{Maintenance records that insurers accept}"},
	{name: "work-piece", role: collateral.Marketer, path: "/work/{Keep them rolling: the first call about breakdowns}"},
	{name: "work-review", role: collateral.Marketer, path: "/work/{Battlecard: Tessivane}"},
	{name: "batches", role: collateral.Marketer, path: "/work/batches"},
	{name: "batches-plan", role: collateral.Marketer, path: "/work/batches", change: lookAtAList},
	{name: "batch", role: collateral.Marketer, path: "/work/batches", change: bringAListIn},
	{name: "work-purge", role: collateral.Admin, path: "/work/{Prices on one page}/versions/2/purge"},

	{name: "reviews", role: collateral.Approver, path: "/reviews"},
	{name: "review", role: collateral.Approver, path: "/reviews/{Ten-minute self-test for fleet workshops}/1"},
	{name: "review-changes", role: collateral.Approver, path: "/reviews/{Prices on one page}/2"},
	{name: "review-refused", role: collateral.Approver, path: "/reviews/{What our customer council wants next}/1", change: sendBackWithoutAReason, fault: "422"},
	{name: "notices", role: collateral.Approver, path: "/notices"},
	{name: "notices-empty", role: collateral.Leader, path: "/notices"},

	{name: "reports", role: collateral.Leader, path: "/reports"},
	{name: "reports-unused", role: collateral.Leader, path: "/reports/unused"},
	{name: "reports-coverage", role: collateral.Leader, path: "/reports/coverage"},
	{name: "reports-signoff", role: collateral.Leader, path: "/reports/reviews?list=sent_back"},
	{name: "reports-adoption", role: collateral.Leader, path: "/reports/adoption"},
	{name: "reports-searches", role: collateral.Leader, path: "/reports/searches"},
	{name: "reports-refused", role: collateral.Leader, path: "/reports/unused?window=900", fault: "422"},

	{name: "account", role: collateral.Admin, path: "/account"},
	{name: "account-forget", role: collateral.Rep, path: "/account/forget"},
	{name: "privacy", role: collateral.Rep, path: "/privacy"},
	{name: "account-token", role: collateral.Leader, path: "/account", change: makeAToken},
	{name: "admin", role: collateral.Admin, path: "/admin"},
	{name: "admin-people", role: collateral.Admin, path: "/admin/people"},
	{name: "admin-person", role: collateral.Admin, path: "/admin/people", follow: "Imke Sandvoort"},
	{name: "admin-person-new", role: collateral.Admin, path: "/admin/people/new"},
	{name: "admin-leave", role: collateral.Admin, path: "/admin/people", change: beginToDeactivate},
	{name: "admin-forget", role: collateral.Admin, path: "/admin/people", change: beginToForget},
	{name: "admin-buyers", role: collateral.Admin, path: "/admin/buyers"},
	{name: "admin-password", role: collateral.Admin, path: "/admin/people", change: makeAPassword},
	{name: "admin-stages", role: collateral.Admin, path: "/admin/stages"},
	{name: "admin-stage", role: collateral.Admin, path: "/admin/stages/validation"},
	{name: "admin-retire", role: collateral.Admin, path: "/admin/stages/validation/retire"},
	{name: "admin-lists", role: collateral.Admin, path: "/admin/lists"},
	{name: "admin-webhooks", role: collateral.Admin, path: "/admin/webhooks"},
	{name: "admin-webhook-new", role: collateral.Admin, path: "/admin/webhooks/new"},
	{name: "admin-synonyms", role: collateral.Admin, path: "/admin/synonyms"},
	{name: "admin-synonym", role: collateral.Admin, path: "/admin/synonyms", change: addAGroupOfSynonyms},
	{name: "admin-audit", role: collateral.Admin, path: "/admin/audit"},
	{name: "admin-state", role: collateral.Admin, path: "/admin/state"},
}

// biggest is how large a picture may be in bytes.
const biggest = 36_000

// TestPages looks at every page on a laptop and on a phone, in light and dark: nothing breaks a rule of accessibility, nothing
// is wider than the window, and neither the console nor the policy has a complaint. With SCREENS set to a folder it keeps what
// the pages look like there.
func TestPages(t *testing.T) {
	t.Parallel()
	changed := newTown(t)
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := changed
			if p.change == nil {
				w = sharedTown(t)
			}
			b := w.tab(t, p.role, "/signin")
			if p.fault != "" {
				b.Expect(p.fault)
			}
			b.Go(w.path(t, p.path))
			if p.follow != "" {
				b.Follow(p.follow)
			}
			if p.change != nil {
				p.change(b)
			}
			look(t, b, p.name)
		})
	}
}

// The page on which the first admin is made is there only once.
func TestMakingTheFirstAdmin(t *testing.T) {
	t.Parallel()
	w := newEmptyTown(t)
	b := w.tab(t, "", "/signin")
	b.Shows("main", "Nobody has an account yet")
	b.Expect("403")
	b.Go("/setup?key=guessed")
	b.Shows("h1", "This is not for you")
	b.Go(strings.TrimPrefix(w.setup, w.url))
	look(t, b, "setup")
	b.Fill("Your name", "Ansel Korrigan")
	b.Fill("E-mail", "ansel@marrowby.example")
	b.Fill("Password", "one of those passphrases")
	b.Follow("Make the account and sign in")
	b.Shows(".menu-name", "Ansel Korrigan")
	b.Go(strings.TrimPrefix(w.setup, w.url))
	if got, want := b.Path(), "/"; got != want {
		t.Errorf("once there is an admin, the page leads to %s, want %s", got, want)
	}
	look(t, b, "find-empty")
}

// look looks at a page at both widths and in both schemes. Axe, which is most of the time, sees the one in dark and the other in light:
// colours do not hang on the width.
func look(t *testing.T, b *browsertest.Tab, name string) {
	t.Helper()
	screens := os.Getenv("SCREENS")
	for _, width := range []int{browsertest.Laptop, browsertest.Phone} {
		b.Width(width)
		b.Dark(width == browsertest.Laptop)
		b.Axe()
		b.FitsWidth()
		b.Dark(false)
		if screens != "" {
			b.Picture(filepath.Join(screens, fmt.Sprintf("%s-%d.webp", name, width)), biggest)
		}
	}
}

func outliveTheSession(b *browsertest.Tab) {
	b.SignIn(emailOf(collateral.Marketer), demo.Password, "/work/new")
	b.Scripts(false) // they would ask for the password where one is
	b.Reload()
	b.Scripts(true)
	b.Fill("Title", "What a standstill costs")
	b.Choose("Type", "one-pager")
	b.Forget()
	b.Follow("Save draft")
	b.Fill("E-mail", emailOf(collateral.Marketer))
	b.Fill("Password", demo.Password)
	b.Follow("Sign in")
	b.Shows("h1", "Signed in again")
}

func submitTooLittle(b *browsertest.Tab) {
	b.Fill("Title", "An hour on the hard shoulder")
	b.Choose("Type", "one-pager")
	b.Click("Save and submit for sign-off")
	b.Shows("[data-faults]", "cannot be submitted yet")
}

func sendBackWithoutAReason(b *browsertest.Tab) {
	b.Click("Request changes")
	b.Fill("What has to change", "   ")
	b.Follow("Send it back")
}

func makeAToken(b *browsertest.Tab) {
	b.Fill("What it is for", "nightly export")
	b.Follow("Make the token")
}

func beginToDeactivate(b *browsertest.Tab) {
	b.Follow("Imke Sandvoort")
	b.Follow("Deactivate …")
}

func makeAPassword(b *browsertest.Tab) {
	b.Follow("Yannick Delorme")
	b.Follow("Make a new password")
	b.WasAsked("The old one does not work any more")
}

func addAGroupOfSynonyms(b *browsertest.Tab) {
	b.Fill("Terms", "TCO\ntotal cost of ownership")
	b.Follow("Add the group")
	b.Follow("Change the group of TCO")
}

func lookAtAList(b *browsertest.Tab) {
	b.Files("CSV", file("library-with-faults.csv"))
	b.Click("Look at the list")
	b.Shows("main", "Nothing is brought in before the list has none")
}

func bringAListIn(b *browsertest.Tab) {
	b.Fill("Name", "Library of the fair")
	b.Files("CSV", file("library.csv"))
	b.Click("Look at the list")
	b.Click("Bring 3 rows in")
	b.Shows("h2", "2 rows await their files")
}

// file is where the browser finds a file of testdata.
func file(name string) string {
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		panic(err) // there is no working directory
	}
	return path
}

func beginToForget(b *browsertest.Tab) {
	b.Follow("Imke Sandvoort")
	b.Follow("Forget …")
}
