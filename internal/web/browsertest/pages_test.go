package browsertest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/web/browsertest"
)

// pages are all pages, each as one of those who use it sees it. {TITLE} stands for the id of the demo's piece with that title;
// where no address is known before, follow is what to click on to get there.
var pages = []struct {
	name   string // of its pictures
	role   collateral.Role
	path   string
	follow string
	fault  string // what the browser says of the page that is no fault
}{
	{name: "signin", path: "/signin"},
	{name: "not-found", role: collateral.Rep, path: "/no-such-page", fault: "404"},

	{name: "find", role: collateral.Rep, path: "/"},
	{name: "find-results", role: collateral.Rep, path: "/?q=hard+sholder"},
	{name: "find-stage", role: collateral.Rep, path: "/?stage=validation"},
	{name: "piece-pdf", role: collateral.Rep, path: "/pieces/{Security and data protection at a glance}"},
	{name: "piece-deck", role: collateral.Rep, path: "/pieces/{Keep them rolling: the first call about breakdowns}"},
	{name: "piece-html", role: collateral.Rep, path: "/pieces/{ROI calculator: what fewer breakdowns are worth}"},
	{name: "favourites", role: collateral.Rep, path: "/favourites"},
	{name: "collections", role: collateral.Rep, path: "/collections"},
	{name: "recent", role: collateral.Rep, path: "/recent"},
	{name: "account", role: collateral.Rep, path: "/account"},
	{name: "notices", role: collateral.Rep, path: "/notices"},

	{name: "work", role: collateral.Marketer, path: "/work"},
	{name: "work-new", role: collateral.Marketer, path: "/work/new"},
	{name: "work-piece", role: collateral.Marketer, path: "/work/{Prices on one page}"},

	{name: "reviews", role: collateral.Approver, path: "/reviews"},
	{name: "review", role: collateral.Approver, path: "/reviews/{Prices on one page}/2"},

	{name: "reports", role: collateral.Leader, path: "/reports"},
	{name: "reports-unused", role: collateral.Leader, path: "/reports/unused"},
	{name: "reports-coverage", role: collateral.Leader, path: "/reports/coverage"},
	{name: "reports-searches", role: collateral.Leader, path: "/reports/searches"},

	{name: "admin", role: collateral.Admin, path: "/admin"},
	{name: "admin-people", role: collateral.Admin, path: "/admin/people"},
	{name: "admin-stages", role: collateral.Admin, path: "/admin/stages"},
	{name: "admin-lists", role: collateral.Admin, path: "/admin/lists"},
	{name: "admin-synonyms", role: collateral.Admin, path: "/admin/synonyms"},
	{name: "admin-audit", role: collateral.Admin, path: "/admin/audit"},
	{name: "admin-state", role: collateral.Admin, path: "/admin/state"},
}

// biggest is how large a picture may be in bytes.
const biggest = 60_000

// TestPages looks at every page on a laptop and on a phone, in light and dark: nothing breaks a rule of accessibility, nothing
// is wider than the window, and neither the console nor the policy has a complaint. With SCREENS set to a folder it keeps what
// the pages look like there.
func TestPages(t *testing.T) {
	t.Parallel()
	screens := os.Getenv("SCREENS")
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := sharedTown(t)
			b := w.tab(t, p.role, "/signin")
			if p.fault != "" {
				b.Expect(p.fault)
			}
			b.Go(w.path(t, p.path))
			if p.follow != "" {
				b.Follow(p.follow)
			}
			for _, width := range []int{browsertest.Laptop, browsertest.Phone} {
				b.Width(width)
				b.Dark(true)
				b.Axe()
				b.Dark(false)
				b.Axe()
				b.FitsWidth()
				if screens != "" {
					b.Picture(filepath.Join(screens, fmt.Sprintf("%s-%d.webp", p.name, width)), biggest)
				}
			}
		})
	}
}
