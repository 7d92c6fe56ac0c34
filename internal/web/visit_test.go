package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

// shared is a link of rita's, and the path that a buyer is given.
func (w *world) shared(l collateral.NewLink) (*sharing.Shared, string) {
	w.t.Helper()
	made, err := w.links.Make(w.t.Context(), w.rita.actor(), l)
	if err != nil {
		w.t.Fatal(err)
	}
	return made, strings.TrimPrefix(made.Address, publicURL)
}

// figures are what the maker of a link reads of it.
func (w *world) figures(id uuid.UUID) sharing.Figures {
	w.t.Helper()
	l, err := w.links.Link(w.t.Context(), w.rita.actor(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return l.Figures
}

func (w *world) wantFigures(id uuid.UUID, raw, counted int) {
	w.t.Helper()
	if got := w.figures(id); got.Raw != raw || got.Counted != counted {
		w.t.Errorf("got %d visits and %d counted, want %d and %d", got.Raw, got.Counted, raw, counted)
	}
}

func (v *visitor) head(path string, headers map[string]string) *shown {
	v.t.Helper()
	return v.ask(http.MethodHead, path, headers)
}

func (v *visitor) ask(method, path string, headers map[string]string) *shown {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return v.send(r)
}

// wantQuiet fails when a page for buyers can be found, kept or told of, or has anything of the registry around it.
func (p *shown) wantQuiet() *shown {
	p.t.Helper()
	for name, want := range map[string]string{
		"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	} {
		if got := p.header.Get(name); got != want {
			p.t.Errorf("%s: got %s %q, want %q", p.at, name, got, want)
		}
	}
	if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		p.t.Errorf("%s: got the policy %q", p.at, policy)
	}
	if got := p.Find(`nav, script:not([src^="/assets/attention.js"]), a[href="/signin"], a[href="/"]`).Length(); got != 0 || strings.Contains(p.Find("title").Text(), "collateral") {
		p.t.Errorf("%s: the page shows something of the registry", p.at)
	}
	return p
}

// A buyer without an account sees one piece, and takes it.
func TestBuyerSeesAPiece(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	link, path := w.shared(collateral.NewLink{
		Assets: []uuid.UUID{id}, Title: "For the fleet office", LinkTerms: collateral.LinkTerms{Downloads: true, ExpiresAt: new(w.store.Now().Add(48 * time.Hour))},
	})
	buyer := w.stranger()
	seen := buyer.get(path).wantStatus(http.StatusOK).wantQuiet()
	seen.wantText("h1", "For the fleet office").wantText(".visitor-head", "Fleet deck").wantText(".visitor-head", "here until").wantText(".preview", "how a pilot is planned")
	cookie := seen.header.Get("Set-Cookie")
	for _, want := range []string{"collateral_visitor=", "HttpOnly", "SameSite=Lax", "Path=" + path} {
		if !strings.Contains(cookie, want) {
			t.Errorf("got the cookie %q, want %s", cookie, want)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("the cookie %q does not come back over plain HTTP", cookie)
	}
	if secure := w.stranger().ask(http.MethodGet, path, map[string]string{"X-Forwarded-Proto": "https"}).header.Get("Set-Cookie"); !strings.Contains(secure, "Secure") {
		t.Errorf("by HTTPS: got the cookie %q, want Secure", secure)
	}
	w.wantFigures(link.ID, 2, 0)

	taken := buyer.submit(seen, "form", nil).wantStatus(http.StatusOK)
	if got := taken.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || !strings.Contains(taken.Text(), "how a pilot is planned") {
		t.Errorf("got %q as %q", taken.Text(), got)
	}
	w.wantFigures(link.ID, 2, 1)
	w.newVersion(id, "how a pilot is planned better")
	buyer.get(path).wantText(".preview", "planned better")
	if got := w.stranger().post(path+"/pieces/"+id.String()+"/download", nil); got.at.Path != path {
		t.Errorf("who never saw the page is led to %s, want %s", got.at.Path, path)
	}
}

func TestBuyerCannotTakeWhatIsOnlyShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}})
	buyer := w.stranger()
	if buyer.get(path).Find("form, iframe").Length() > 0 {
		t.Error("a download is offered")
	}
	piece := path + "/pieces/" + id.String()
	for _, answer := range []*shown{buyer.get(piece + "/content"), buyer.post(piece+"/download", nil)} {
		answer.wantStatus(http.StatusForbidden).wantQuiet().wantText("main", "can be read here")
	}
	buyer.get(piece + "/pages/1").wantStatus(http.StatusNotFound).wantQuiet()
}

// Several pieces are a room; what was withdrawn says so.
func TestBuyerSeesARoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	deck, plan := w.live("Fleet deck", "how a pilot is planned", nil), w.live("Fleet plan", "the plan in detail", nil)
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{plan, deck}, Title: "Our pilot"})
	buyer := w.stranger()
	listed := buyer.get(path).wantStatus(http.StatusOK).wantQuiet().wantText("h1", "Our pilot")
	listed.wantAll(".visitor-room h2", "Fleet plan", "Fleet deck")
	piece := listed.Find(".visitor-room a").First().AttrOr("href", "")
	buyer.get(piece).wantStatus(http.StatusOK).wantText("h1", "Fleet plan").wantText(".back", "Our pilot").wantText(".preview", "the plan in detail")

	if _, err := w.pieces.Withdraw(t.Context(), w.mia.actor(), plan, "prices changed"); err != nil {
		t.Fatal(err)
	}
	buyer.get(path).wantStatus(http.StatusOK).wantText(".visitor-room", "no longer available")
	gone := buyer.get(piece).wantStatus(http.StatusGone).wantQuiet().wantText("main", "no longer available")
	if strings.Contains(gone.Text(), "prices changed") {
		t.Error("the buyer reads why a piece was withdrawn")
	}
	buyer.get(piece + "/content").wantStatus(http.StatusGone)
	buyer.get(path + "/pieces/" + uuid.NewString()).wantStatus(http.StatusNotFound).wantQuiet()
}

func TestGatesOfALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	link, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, Passcode: "open sesame", LinkTerms: collateral.LinkTerms{
		EmailGate: collateral.GateAsk, Allowed: []string{"@buyer.example"}, MaxOpens: 1,
	}})
	buyer, piece := w.stranger(), path+"/pieces/"+id.String()
	gate := buyer.get(path).wantStatus(http.StatusOK).wantQuiet().wantText("h1", "Enter the passcode")
	if strings.Contains(gate.Text(), "Fleet deck") {
		t.Error("the gate names what lies behind it")
	}
	buyer.get(piece + "/content").wantStatus(http.StatusForbidden)
	if at := buyer.get(piece).at.Path; at != path {
		t.Errorf("the page of a piece leads to %s, want the gate", at)
	}
	buyer.submit(gate, "form", url.Values{"passcode": {"open barley"}}).wantStatus(http.StatusForbidden).wantText("[role=alert]", "passcode is wrong")
	w.wantFigures(link.ID, 1, 0)

	asked := buyer.submit(gate, "form", url.Values{"passcode": {"open sesame"}}).wantStatus(http.StatusOK).wantText("h1", "e-mail address")
	refused := buyer.submit(asked, "form", url.Values{"email": {"jo@other.example"}}).wantStatus(http.StatusForbidden).wantText("[role=alert]", "not invited")
	if got := refused.Find("input[name=email]").AttrOr("value", ""); got != "jo@other.example" {
		t.Errorf("got %q in the refused form, want what was typed", got)
	}
	buyer.submit(asked, "form", url.Values{"email": {"jo"}}).wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "not an e-mail address")
	buyer.submit(asked, "form", url.Values{"email": {"jo@buyer.example"}}).wantStatus(http.StatusOK).wantText("h1", "Fleet deck")
	w.wantFigures(link.ID, 1, 1)
	buyer.get(path).wantStatus(http.StatusOK)
	w.stranger().get(path).wantStatus(http.StatusGone).wantQuiet().wantText("main", "opened as often as it can be")
}

// A link that can be opened a number of times wants a click, which programs that follow links do not do.
func TestOpeningIsAClick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	link, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, LinkTerms: collateral.LinkTerms{MaxOpens: 1}})
	scanner := w.stranger()
	for _, ahead := range []*shown{
		scanner.head(path, nil), scanner.ask(http.MethodGet, path, map[string]string{"Sec-Purpose": "prefetch;prerender"}),
		scanner.ask(http.MethodGet, path, map[string]string{"X-Purpose": "preview"}),
	} {
		if ahead.wantStatus(http.StatusOK).header.Get("Set-Cookie") != "" {
			t.Error("what fetches ahead is remembered")
		}
	}
	w.wantFigures(link.ID, 3, 0)
	buyer := w.stranger()
	closed := buyer.get(path)
	buyer.submit(closed, "form", nil).wantStatus(http.StatusOK).wantText("h1", "Fleet deck")
	w.wantFigures(link.ID, 4, 1)
}

func TestBrowserWithoutCookies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, Passcode: "open sesame"})
	w.stranger().post(path+"/passcode", url.Values{"passcode": {"open sesame"}}).wantStatus(http.StatusForbidden).wantText("[role=alert]", "Allow cookies")
}

func TestLinkThatIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	link, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}})
	buyer := w.stranger()
	buyer.get(path).wantStatus(http.StatusOK)
	if _, err := w.links.Revoke(t.Context(), w.rita.actor(), link.ID); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{path, path + "/pieces/" + id.String(), path + "/pieces/" + id.String() + "/content"} {
		buyer.get(address).wantStatus(http.StatusGone).wantQuiet().wantText("main", "withdrawn. Ask the person who sent it")
	}
	for _, address := range []string{"/s/" + strings.Repeat("x", 24), "/s/short", path + "/elsewhere", "/s/"} {
		w.rita.get(address).wantStatus(http.StatusNotFound).wantQuiet().wantText("main", "ask the person who sent it")
	}
	_, path = w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, LinkTerms: collateral.LinkTerms{ExpiresAt: new(w.store.Now().Add(time.Second))}})
	present := w.store.Now
	w.store.Now = func() time.Time { return present().Add(time.Minute) }
	buyer.get(path).wantStatus(http.StatusGone).wantQuiet().wantText("main", "has ended")
}

func TestTooManyPasscodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, Passcode: "open sesame"})
	buyer := w.stranger()
	gate := buyer.get(path)
	for range 10 {
		buyer.submit(gate, "form", url.Values{"passcode": {"open barley"}}).wantStatus(http.StatusForbidden)
	}
	stopped := buyer.submit(gate, "form", url.Values{"passcode": {"open sesame"}}).wantStatus(http.StatusTooManyRequests).wantQuiet()
	stopped.wantText("[role=alert]", "too many wrong passcodes")
	if stopped.header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
}

// Browsers that do not know Sec-Fetch-Site say nothing of where a visitor's form comes from, since the page has them tell nobody.
func TestWhereAVisitorsFormComesFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	_, path := w.shared(collateral.NewLink{Assets: []uuid.UUID{id}, LinkTerms: collateral.LinkTerms{MaxOpens: 1}})
	buyer := w.stranger()
	buyer.get(path)
	for _, headers := range []map[string]string{{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "null"}} {
		buyer.ask(http.MethodPost, path+"/open", headers).wantStatus(http.StatusForbidden).wantQuiet()
	}
	w.rita.ask(http.MethodPost, "/signout", map[string]string{"Origin": "null"}).wantStatus(http.StatusForbidden)
	buyer.ask(http.MethodPost, path+"/open", map[string]string{"Origin": "null"}).wantStatus(http.StatusOK).wantText("h1", "Fleet deck")
}

func TestRobotsAreAskedToLeaveLinksAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.stranger().get("/robots.txt").wantStatus(http.StatusOK).Text(); !strings.Contains(got, "Disallow: /s/") {
		t.Errorf("got %q", got)
	}
}
