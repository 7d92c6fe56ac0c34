package browsertest_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver

	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/web/browsertest"
)

// A page of another system reports uses: at once, after it was cut off, and when it is left. Each counts once; what the server
// refuses is told, and a deleted token stops it.
func TestBeaconInAPageOfAnotherSystem(t *testing.T) {
	t.Parallel()
	var page string
	crm := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/":
			_, _ = io.WriteString(rw, page)
		case "/favicon.ico":
		default:
			_, _ = io.WriteString(rw, `<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1>`)
		}
	}))
	t.Cleanup(crm.Close)
	w := newTown(t, "COLLATERAL_BEACON_ORIGINS="+crm.URL)
	var session, token struct{ ID, Token string }
	w.must(t, http.MethodPost, "/api/v1/sessions", "", fmt.Sprintf(`{"email": %q, "password": %q}`, emailOf(collateral.Rep), demo.Password), &session)
	w.must(t, http.MethodPost, "/api/v1/tokens", session.Token, `{"name": "CRM", "scope": "report-uses"}`, &token)
	page = fmt.Sprintf(`<!doctype html><html lang="en"><title>CRM</title><h1>CRM</h1><script src="%s/beacon.js" data-token="%s"></script>`, w.url, token.Token)
	asset := w.path(t, "{Security and data protection at a glance}")
	_, before := w.figures(t, asset, "OPP-7")

	b := browsertest.Open(t, crm.URL)
	use := func(kind string) {
		b.Eval(fmt.Sprintf(`collateral.use({asset: %q, kind: %q, opportunity: "OPP-7", dwell: 1500, reaction: "positive"})`, asset, kind))
	}
	b.Go("/")
	use("share")
	b.Until(`collateral.waiting() === 0`)

	b.Expect("net::ERR_INTERNET_DISCONNECTED")
	b.Offline()
	b.Eval(`void (collateral.onrejected = (use, reason) => { document.querySelector("h1").textContent = use.kind + ": " + reason; })`)
	use("present")
	use("admire")
	use("share")
	b.Until(`performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/usage/events")).length > 1`)
	if got := string(b.Eval(`collateral.waiting()`)); got != "3" {
		t.Errorf("offline: got %s waiting, want 3", got)
	}
	b.Online()
	b.Until(`collateral.waiting() === 0`)
	b.Shows("h1", `admire: There is no kind of use "admire"`)

	b.Leaves(func() {
		b.Eval(fmt.Sprintf(`void (collateral.use({asset: %q, kind: "share", opportunity: "OPP-7"}), location = "/elsewhere")`, asset))
	})
	b.Go("/")
	b.Until(`collateral.waiting() === 0`)
	if kept, counted := w.figures(t, asset, "OPP-7"); kept != 4 || counted-before != 4 {
		t.Errorf("got %d uses kept, and the figures grew by %d, want 4 and 4", kept, counted-before)
	}

	w.must(t, http.MethodDelete, "/api/v1/tokens/"+token.ID, session.Token, "", nil)
	b.Expect("401")
	b.Eval(`void (collateral.onstopped = (why) => { document.querySelector("h1").textContent = why; })`)
	use("share")
	b.Shows("h1", "Sign in first")
	if got := string(b.Eval(`collateral.waiting()`)); got != "1" {
		t.Errorf("stopped: got %s waiting, want 1", got)
	}
}

func (w *town) must(t *testing.T, method, path, token, body string, into any) {
	t.Helper()
	if err := w.call(method, path, token, body, into); err != nil && !errors.Is(err, io.EOF) { // no body
		t.Fatal(err)
	}
}

// figures returns how many uses of an opportunity are kept, and how often the figures, which go on from day to day, say that the
// piece was brought to a buyer.
func (w *town) figures(t *testing.T, asset, opportunity string) (kept, counted int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(w.folder, "collateral.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRow(`SELECT (SELECT count(*) FROM usage_events WHERE opportunity = ?2), (SELECT coalesce(max(used), 0) FROM usage_totals WHERE asset_id = ?1)`,
		asset, opportunity).Scan(&kept, &counted)
	if err != nil {
		t.Fatal(err)
	}
	return kept, counted
}
