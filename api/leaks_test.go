package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// What rita used, searched for and wrote beside it is in the data; whoever asks for anything else that the contract can tell finds
// neither her id nor her name in it. Lists of people and the audit log name her, and nothing that she used.
func TestNobodyIsToldWhatAPersonUsed(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		deck := w.published("Pricing deck", "prices of pumps")
		w.do(w.rita, "GET", "/search?q=secret+pumps+of+Zebra", nil).want(200)
		w.do(w.rita, "GET", "/assets/"+deck+"/content", nil).want(200)
		w.do(w.rita, "PUT", "/favourites/"+deck, nil)
		w.do(w.rita, "POST", "/usage/events", fields{"events": []fields{{
			"id": newID(), "kind": "present", "asset_id": deck, "occurred_at": time.Now().UTC().Format(time.RFC3339Nano), "opportunity": "ZEBRA-DEAL", "dwell_ms": 98765, "reaction": "positive",
		}}}).want(200)
		w.settle()
		lists := []string{"listUsers", "listAudit"}
		fill := strings.NewReplacer("{id}", deck, "{user}", w.rita.id, "{asset}", deck, "{n}", "1", "{key}", "validation", "{facet}", "persona")
		queries := map[string]string{"search": "?q=pumps", "suggest": "?q=pr", "listLookalikes": "?title=Pricing+deck"}
		told := make(map[string]bool)
		for _, o := range testContract(t).operations {
			if o.route.Method != http.MethodGet {
				continue
			}
			for name, reader := range map[string]*person{"leader": w.lea, "owner": w.mia, "marketer": w.max, "admin": w.ada, "approver": w.ann} {
				for _, accept := range []string{mediaJSON, "text/csv"} {
					a := w.do(reader, "GET", fill.Replace(o.route.Path)+queries[o.id], nil, "Accept", accept)
					if a.status >= 500 {
						t.Errorf("%s as %s: got %d", o.id, name, a.status)
					}
					told[o.id] = told[o.id] || a.status == http.StatusOK
					text := strings.ToLower(string(a.body))
					hidden := []string{"zebra-deal", "98765", w.rita.id, "rita"}
					if slices.Contains(lists, o.id) {
						hidden = hidden[:2]
					}
					for _, h := range hidden {
						if strings.Contains(text, strings.ToLower(h)) {
							t.Errorf("%s (%s) as %s tells %q: %s", o.id, accept, name, h, a.body)
						}
					}
				}
			}
		}
		for _, id := range []string{"reportUnused", "reportUnusedTrend", "reportCoverage", "reportSearches", "reportReviews", "reportAdoption", "getAssetHistory", "search", "suggest", "getAsset", "listAudit", "listUsers", "exportAssets", "getMyData", "listRecent", "listNotices", "listFlags", "listLinks"} {
			if !told[id] {
				t.Errorf("%s was answered to nobody: this shows nothing of it", id)
			}
		}
		for _, e := range w.do(w.ada, "GET", "/audit?actor="+w.rita.id, nil).want(200).list("items") {
			if e.text("subject_id") == deck {
				t.Errorf("the audit log has what rita used: %v", e)
			}
		}
	})
}
