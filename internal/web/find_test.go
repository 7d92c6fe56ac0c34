package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

const (
	exploration = "solution-exploration"
	selection   = "supplier-selection"
)

// live is a piece of mia's that ann signed, and that can be found.
func (w *world) live(title, text string, change func(*collateral.Details)) uuid.UUID {
	w.t.Helper()
	ctx, mia := w.t.Context(), w.mia.actor()
	d := collateral.Details{
		Title: title, Type: "deck", Audience: collateral.ForCustomer, Language: "en",
		Stages: []collateral.StageTag{{Stage: exploration, Role: "Shows the buyer what the product does.", Primary: true}},
	}
	if change != nil {
		change(&d)
	}
	a, err := w.pieces.Create(ctx, mia, d)
	if err != nil {
		w.t.Fatal(err)
	}
	w.newVersion(a.ID, text)
	return a.ID
}

// newVersion uploads, signs and publishes one.
func (w *world) newVersion(id uuid.UUID, text string) {
	w.t.Helper()
	ctx, mia := w.t.Context(), w.mia.actor()
	v, _, err := w.pieces.Upload(ctx, mia, id, registry.File{Name: "piece.txt", Note: "What is new in it.", Content: strings.NewReader(text)})
	if err == nil {
		_, _, err = w.pieces.Submit(ctx, mia, id)
	}
	if err == nil {
		_, err = w.pieces.Review(ctx, w.ann.actor(), id, v.N, collateral.Approve, "")
	}
	if err == nil {
		_, err = w.pieces.Publish(ctx, mia, id)
	}
	if err == nil {
		err = w.jobs.Drain(ctx)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func (p *shown) all(selector string) []string {
	texts := []string{}
	p.Find(selector).Each(func(_ int, s *goquery.Selection) { texts = append(texts, strings.Join(strings.Fields(s.Text()), " ")) })
	return texts
}

func (p *shown) wantAll(selector string, want ...string) *shown {
	p.t.Helper()
	if diff := cmp.Diff(want, p.all(selector)); diff != "" {
		p.t.Errorf("%s: %s (-want +got):\n%s", p.at, selector, diff)
	}
	return p
}

func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.live("Fleet deck", "first page\fhow a pilot is planned\fthe end", nil)
	w.live("Price list", "what it costs, and what a pilot costs", func(d *collateral.Details) {
		d.Type, d.Audience, d.ReviewBy, d.Personas = "one-pager", collateral.ForInternal, "2020-01-01", []string{"fleet-manager"}
		d.Stages = []collateral.StageTag{{Stage: selection, Role: "Tells the buyer what it will cost.", Primary: true}}
	})

	home := w.rita.get("/").wantStatus(http.StatusOK)
	home.wantText("[data-status]", "2 pieces")
	if got := len(home.all(".rail li")); got < 5 || home.text(".rail a[aria-current]") != "All stages" {
		t.Errorf("got a rail of %d with %q chosen, want every stage and all of them", got, home.text(".rail a[aria-current]"))
	}
	if home.Find(".rail-question").Length() == 0 {
		t.Error("no stage shows what the buyer asks")
	}

	found := w.rita.submit(home, "[data-find]", url.Values{"q": {"pilot"}})
	found.wantStatus(http.StatusOK).wantText("[data-status]", "2 pieces for “pilot”")
	hit := found.Find("article.hit").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.Contains(s.Text(), "Price list") })
	for _, want := range []string{"internal only", "past its review date", "not used in 90 days", "published just now", "page 1"} {
		if !strings.Contains(strings.Join(strings.Fields(hit.Text()), " "), want) {
			t.Errorf("the hit says %q, want %q in it", hit.Text(), want)
		}
	}
	if hit.Find("mark").First().Text() != "pilot" {
		t.Errorf("got %q highlighted, want the word", hit.Find("mark").Text())
	}

	one := w.rita.submit(found, "[data-find]", url.Values{"type": {"one-pager"}})
	one.wantAll("[data-hit]", "Price list").wantAll(".chosen .tag", "Without one-pager ×")
	if q := one.at.Query(); q.Get("q") != "pilot" || q.Get("type") != "one-pager" {
		t.Errorf("got the address %s, want it to say what is shown", one.at)
	}
	stage := w.rita.get("/?stage=" + exploration)
	stage.wantAll("[data-hit]", "Fleet deck").wantText("[data-status]", "1 piece at")
	again := w.rita.submit(stage, "[data-find]", url.Values{"q": {"pilot"}})
	again.wantAll("[data-hit]", "Fleet deck")
}

func TestNothingFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.live("Fleet deck", "how a pilot is planned", nil)
	p := w.rita.get("/?q=pilot+zeppelin&stage=" + selection).wantStatus(http.StatusOK)
	p.wantText("[data-status]", "Nothing found for “pilot zeppelin”").wantText(".nothing", "Only “pilot”")
	p = w.rita.get("/?q=pilot&stage=" + selection)
	link := p.Find(".nothing .tag").First()
	if !strings.Contains(link.Text(), "1") {
		t.Errorf("got the first way out %q, want the stage that has it", link.Text())
	}
	w.rita.get(link.AttrOr("href", "")).wantAll("[data-hit]", "Fleet deck")
}

func TestStrangeQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.live("Fleet deck", "how a pilot is planned", nil)
	for address, status := range map[string]int{
		"/?stage=no-such-stage":           http.StatusUnprocessableEntity,
		"/?q=" + strings.Repeat("a", 201): http.StatusBadRequest,
		"/?page=0":                        http.StatusOK, "/?page=x": http.StatusOK, "/?sort=strange": http.StatusOK, "/?type=&type=": http.StatusOK,
		"/?q=%ff":  http.StatusBadRequest,
		"/?page=9": http.StatusOK,
	} {
		w.rita.get(address).wantStatus(status)
	}
	escaped := w.rita.get("/?q=" + url.QueryEscape(`"><script>alert(1)</script>`)).wantStatus(http.StatusOK)
	if escaped.Find("main script").Length() > 0 {
		t.Error("what was typed became a script")
	}
}

// The pages of a result belong together.
func TestPagesOfAResult(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 21 {
		w.live("Piece "+string(rune('a'+i)), "pilot "+strings.Repeat("x", i+3), nil)
	}
	first := w.rita.get("/?q=pilot").wantText("[data-status]", "21 pieces").wantText(".pager", "Page 1 of 2")
	second := w.rita.get(first.Find("a[rel=next]").AttrOr("href", ""))
	if got := len(first.all("[data-hit]")) + len(second.all("[data-hit]")); got != 21 {
		t.Errorf("got %d hits on two pages, want 21", got)
	}
	w.rita.get(second.Find("a[rel=prev]").AttrOr("href", "")).wantText(".pager", "Page 1 of 2")
}

func TestSuggestionsOfThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/suggest?q=fle", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := w.rita.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Items []struct{ Kind, Text, Address string }
	}
	if err := json.Unmarshal(raw, &got); err != nil || len(got.Items) == 0 {
		t.Fatalf("got %s, %v, want suggestions", raw, err)
	}
	if first := got.Items[0]; first.Kind != "Piece" || first.Text != "Fleet deck" || first.Address != "/pieces/"+id.String() {
		t.Errorf("got the suggestion %+v, want the piece", first)
	}
}
