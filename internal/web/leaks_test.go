package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// crawl follows every address that pages lead to, and returns what stands behind each.
func (v *visitor) crawl(from ...string) map[string]*shown {
	v.t.Helper()
	seen := make(map[string]*shown)
	for len(from) > 0 && len(seen) < 400 {
		path := from[0]
		from = from[1:]
		if seen[path] != nil {
			continue
		}
		p := v.get(path)
		seen[path] = p
		p.Find("a[href], img[src], option[data-href]").Each(func(_ int, at *goquery.Selection) {
			to, err := p.at.Parse(at.AttrOr("href", at.AttrOr("src", "")))
			if err == nil && to.Host == p.at.Host && !strings.HasPrefix(to.Path, "/api") {
				from = append(from, to.RequestURI())
			}
		})
	}
	return seen
}

// What rita used and searched for stands on no page that anybody else can come to by following links. Pages on accounts and the
// audit log name her, and nothing that she used.
func TestNoPageTellsWhatAPersonUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	piece := "/pieces/" + id.String()
	w.rita.get("/?q=pilot")
	w.rita.get(piece + "/content")
	w.rita.submit(w.rita.get(piece), "form[data-use=present]", url.Values{"opportunity": {"ZEBRA-DEAL"}, "reaction": {"positive"}})
	w.rita.submit(w.rita.get(piece), "form[data-use=share]", url.Values{"opportunity": {"ZEBRA-DEAL"}})
	if err := w.uses.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	who := w.rita.user.ID.String()
	for name, reader := range map[string]*visitor{"leader": w.lea, "marketer": w.mia, "approver": w.ann, "admin": w.ada} {
		pages := reader.crawl("/", piece, "/?q=pilot", "/reports", "/reports/searches", "/work", "/work/"+id.String(), "/account", "/recent", "/admin")
		for path, p := range pages {
			text := p.text("body") + strings.Join(p.Find("a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") }), " ")
			if strings.Contains(text, "ZEBRA-DEAL") {
				t.Errorf("%s on %s: the deal of rita's use", name, path)
			}
			named := strings.Contains(text, who) || strings.Contains(strings.ToLower(text), "rita")
			if named && !(name == "admin" && (strings.HasPrefix(path, "/admin/people") || strings.HasPrefix(path, "/admin/audit"))) {
				t.Errorf("%s on %s: rita is named", name, path)
			}
		}
		if p := pages["/work/"+id.String()]; (name == "marketer" || name == "admin") && (p == nil || p.status != http.StatusOK || len(pages) < 20) {
			t.Errorf("%s came to %d pages, not to what became of the piece: this shows nothing", name, len(pages))
		}
	}
	did := w.ada.get("/admin/audit?actor=" + who)
	if strings.Contains(did.text("main"), "Fleet deck") {
		t.Errorf("the audit log tells what rita used: %s", did.text("main"))
	}
}
