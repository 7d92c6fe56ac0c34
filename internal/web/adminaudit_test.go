package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

func TestAuditNamesPeopleAndThings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	piece, err := w.pieces.Create(t.Context(), w.mia.actor(), collateral.Details{Title: "=Pricing deck", Type: "deck", Audience: collateral.ForCustomer, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.people.ChangeUser(t.Context(), w.ada.actor(), w.rita.user.ID, access.UserChange{Team: new("North")}); err != nil {
		t.Fatal(err)
	}
	p := w.ada.get("/admin/audit").wantStatus(http.StatusOK)
	p.wantText("tbody tr:nth-child(1)", "ada user.changed user rita").wantText("tbody tr:nth-child(1)", "team")
	p.wantText("tbody tr:nth-child(2)", "mia asset.created asset =Pricing deck")
	if got, want := p.Find("tbody tr:nth-child(2) td:nth-child(4) a").First().AttrOr("href", ""), "/pieces/"+piece.ID.String(); got != want {
		t.Errorf("the piece leads to %s, want %s", got, want)
	}
	p.wantText("tbody", "the registry itself user.created")

	day := time.Now().UTC().Format(time.DateOnly)
	for _, tt := range []struct {
		query string
		want  int
	}{
		{"actor=MIA@example.com", 2}, // signed in, and made the piece
		{"actor=" + w.mia.user.ID.String() + "&action=asset.created", 1},
		{"kind=asset&id=" + strings.ToUpper(piece.ID.String()), 1},
		{"kind=batch", 0},
		{"action=asset.created&from=" + day + "&to=" + day, 1},
		{"action=asset.created&to=2001-01-01", 0},
		{"from=2999-01-01", 0},
	} {
		p := w.ada.get("/admin/audit?" + tt.query).wantStatus(http.StatusOK)
		if got := p.Find("tbody tr").Length(); got != tt.want {
			t.Errorf("%s: got %d entries, want %d", tt.query, got, tt.want)
		}
		p.wantText("main", "Show everything")
		if got := len(auditCSV(t, w, p)) - 1; got != tt.want {
			t.Errorf("%s: the CSV has %d entries, want %d", tt.query, got, tt.want)
		}
	}
	w.ada.get("/admin/audit?actor=nobody@example.com&from=soon").wantStatus(http.StatusUnprocessableEntity).
		wantText("[role=alert]", "Nobody has the e-mail address").wantText("[role=alert]", "2026-11-22")
	w.ada.get("/admin/audit.csv?to=soon").wantStatus(http.StatusUnprocessableEntity)

	created := auditCSV(t, w, w.ada.get("/admin/audit?action=asset.created"))[1]
	if created[2] != w.mia.user.ID.String() || created[3] != "mia" || created[6] != piece.ID.String() || created[7] != "'=Pricing deck" {
		t.Errorf("got %q, want ids, names, and no formula", created)
	}
}

// auditCSV reads the CSV that a page of the log leads to.
func auditCSV(t *testing.T, w *world, p *shown) [][]string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+p.Find(".heading a").AttrOr("href", ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := w.ada.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv") {
		t.Fatalf("got %s, want a CSV", got)
	}
	lines, err := csv.NewReader(answer.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// A long log has pages, and its CSV has all of them.
func TestAuditPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 510 {
		if _, err := w.people.ChangeUser(t.Context(), w.ada.actor(), w.rita.user.ID, access.UserChange{Team: new(strings.Repeat("N", i%2+1))}); err != nil {
			t.Fatal(err)
		}
	}
	at, n := "/admin/audit?"+url.Values{"action": {"user.changed"}}.Encode(), 0
	p := w.ada.get(at)
	all := len(auditCSV(t, w, p)) - 1
	for pages := 1; ; pages++ {
		n += p.Find("tbody tr").Length()
		next := p.Find("a[rel=next]")
		if next.Length() == 0 {
			break
		}
		if pages > 11 {
			t.Fatal("the pages do not end")
		}
		p = w.ada.get(hrefOf(0, next))
	}
	if n != 510 || all != 510 {
		t.Errorf("got %d entries on the pages and %d in the CSV, want 510", n, all)
	}
	p.wantText("tbody tr:first-child", "ada user.changed user rita")
}
