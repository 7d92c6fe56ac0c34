package web_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

// measured is a world in which six pieces of mia's and one of max's were published 40 days ago: one was brought to a buyer,
// one only opened, and reps looked in vain for hydrogen.
type measured struct {
	*world
	max *visitor
	ids map[string]uuid.UUID
}

func newMeasured(t *testing.T) *measured {
	t.Helper()
	w := newWorld(t)
	l := &measured{world: w, max: w.join("max", collateral.Marketer), ids: map[string]uuid.UUID{}}
	l.publish(w.mia, "Shared", "validation", "cfo")
	l.publish(w.mia, "Opened", "validation", "cio")
	for i, stage := range []string{"problem-identification", "solution-exploration", "requirements-building", "supplier-selection"} {
		l.publish(w.mia, fmt.Sprintf("Never %d", i), stage)
	}
	l.publish(l.max, "Other", "problem-identification", "cfo")
	const forward = 40 * 24 * time.Hour
	later := w.store.Now
	w.store.Now = func() time.Time { return later().Add(forward) }
	for _, v := range []*visitor{w.rita, w.mia, w.lea, w.ann, l.max} { // sessions have ended meanwhile
		v.post("/signin", url.Values{"email": {v.user.Email}, "password": {password}}).wantStatus(http.StatusOK)
	}
	l.publish(w.mia, "Young", "solution-exploration", "cfo")
	for title, kind := range map[string]collateral.UseKind{"Shared": collateral.Share, "Opened": collateral.View} {
		out, err := w.uses.Record(t.Context(), w.rita.actor(), []usage.Incoming{{
			ID: w.store.NewID().String(), Kind: string(kind), AssetID: l.ids[title].String(), OccurredAt: w.store.Now().Format(time.RFC3339Nano),
		}})
		if err != nil || out.Accepted != 1 {
			t.Fatalf("using %s: %+v, %v", title, out, err)
		}
	}
	w.uses.Searched(t.Context(), w.rita.actor(), usage.Search{Query: "Hydrogen <b>", Page: 1})
	return l
}

func (l *measured) publish(maker *visitor, title, stage string, personas ...string) {
	l.t.Helper()
	ctx := l.t.Context()
	a, err := l.pieces.Create(ctx, maker.actor(), collateral.Details{
		Title: title, Type: "deck", Audience: collateral.ForCustomer, Language: "en", Personas: personas,
		Stages: []collateral.StageTag{{Stage: stage, Role: "Shows the buyer what the product does.", Primary: true}},
	})
	if err != nil {
		l.t.Fatalf("creating %s: %v", title, err)
	}
	if _, _, err = l.pieces.Upload(ctx, maker.actor(), a.ID, registry.File{Name: "piece.txt", Content: strings.NewReader(title)}); err != nil {
		l.t.Fatalf("uploading %s: %v", title, err)
	}
	if _, _, err = l.pieces.Submit(ctx, maker.actor(), a.ID); err != nil {
		l.t.Fatalf("submitting %s: %v", title, err)
	}
	if _, err = l.pieces.Review(ctx, l.ann.actor(), a.ID, 1, collateral.Approve, ""); err != nil {
		l.t.Fatalf("signing %s: %v", title, err)
	}
	if _, err = l.pieces.Publish(ctx, maker.actor(), a.ID); err != nil {
		l.t.Fatalf("publishing %s: %v", title, err)
	}
	l.ids[title] = a.ID
}

// A leader reads the figures on one page, and gets from each to the pieces behind it.
func TestReportsOverview(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports").wantStatus(http.StatusOK)
	p.wantText(".figures", "86 % not brought to a buyer").wantText(".figures", "71 % not even opened").wantText(".figures", "7 old enough").
		wantText(".figures", "1 too new").wantText("main", "SiriusDecisions").wantText("#vain + ol", "hydrogen <b>")
	if got := p.Find("svg.chart-scale text.chart-name").Length(); got != 2 {
		t.Errorf("the scale has %d marks, want both shares", got)
	}
	p.wantText("details tbody tr:nth-child(2) td:last-child", "71 %").wantText("details tbody tr:last-child td:last-child", "60 % to 93 %")
	p = l.lea.get(p.Find(".figures a").Eq(1).AttrOr("href", "")).wantStatus(http.StatusOK)
	p.wantText("#pieces", "5 pieces")
	if got := p.Find("table.pieces tbody tr").Length(); got != 5 {
		t.Errorf("behind the pieces not opened: got %d rows, want 5", got)
	}
}

func TestUnusedPage(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports/unused").wantStatus(http.StatusOK)
	p.wantText(".figures", "6 of 7").wantText("#new ~ *, section[aria-labelledby=new]", "Young").wantText(".definitions", "nobody in the field shared or presented them").wantText(".definitions", "The last day and the 90 days before it")
	if got := p.Find("svg.chart-line path").Length(); got != 2 {
		t.Errorf("the trend has %d lines, want two", got)
	}
	if got := p.Find("section[aria-labelledby=over-time] tbody tr").Length(); got != usage.TrendWeeks {
		t.Errorf("the table of the trend has %d rows, want %d", got, usage.TrendWeeks)
	}
	if n := p.Find("[style], script:not([src]), style").Length(); n != 0 {
		t.Errorf("got %d styles and scripts within the page, want none", n)
	}
	// The form keeps what is chosen, and the figures follow it.
	p = l.lea.submit(p, "form.report-form", url.Values{"stage": {"validation"}, "window": {"30"}}).wantStatus(http.StatusOK)
	p.wantText(".figures", "1 of 2").wantText("h1 + p", "30 days · only Validation")
	if p.Find("[name=stage][value=validation][checked]").Length() != 1 || p.Find("[name=window]").AttrOr("value", "") != "30" {
		t.Error("the form lost what was chosen")
	}
	// A link in a table narrows to its row.
	href := p.Find("section[aria-labelledby=by-stage] tbody th a").Eq(0).AttrOr("href", "")
	l.lea.get(href).wantStatus(http.StatusOK).wantText("#pieces", "2 pieces")
}

func TestRefusedReportsKeepWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, want := range map[string]string{
		"window=0": "1 to 400 days", "window=many": "1 to 400 days", "window=401": "1 to 400 days", "as_of=yesterday": "neither a date nor a time",
		"as_of=2999-01-01": "in the future", "stage=nowhere": "no buying stage", "type=slide": "no type", "owner=me": "no such owner", "step=9": "no step 9", "step=x": "no such step",
	} {
		p := w.lea.get("/reports/unused?" + query).wantStatus(http.StatusUnprocessableEntity)
		p.wantText("[role=alert]", want)
		if p.Find("form.report-form").Length() != 1 {
			t.Errorf("%s: got no form to mend it with", query)
		}
	}
	w.lea.get("/reports/coverage?persona=nobody").wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "no persona")
	w.lea.get("/reports/searches?window=x").wantStatus(http.StatusUnprocessableEntity)
	w.lea.get("/reports?as_of=x").wantStatus(http.StatusUnprocessableEntity)
	w.lea.get("/reports/unused?cursor=abc").wantStatus(http.StatusBadRequest)
}

func TestReportsOfNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lea.get("/reports").wantStatus(http.StatusOK).wantText(".empty", "there is no share").wantText("main", "No piece names a persona yet")
	w.lea.get("/reports/unused").wantStatus(http.StatusOK).wantText("svg", "Nothing to show yet")
	w.lea.get("/reports/coverage").wantStatus(http.StatusOK).wantText(".empty", "no published piece")
	w.lea.get("/reports/searches").wantStatus(http.StatusOK).wantText(".empty", "found something")
}

func TestCoveragePage(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports/coverage").wantStatus(http.StatusOK)
	row := p.Find("table.matrix tbody tr").Eq(4) // validation
	var cells []string
	row.Find("td").Each(func(_ int, cell *goquery.Selection) {
		cells = append(cells, strings.Join(strings.Fields(cell.Text()), " "))
	})
	if got, want := strings.Join(cells, " | "), "● used 1 1 used | ○ unused 1 1 unused | – none | ● used 2 1 used, 1 unused"; got != want {
		t.Errorf("validation: got %q, want %q", got, want)
	}
	p = l.lea.get(row.Find("td a").Eq(1).AttrOr("href", "")).wantStatus(http.StatusOK)
	if got := p.text("table.pieces tbody th a"); got != "Opened" {
		t.Errorf("behind the cell: got %q, want the piece", got)
	}
}

func TestSearchesPage(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports/searches").wantStatus(http.StatusOK)
	p.wantText("section[aria-labelledby=nothing]", "hydrogen <b>").wantText("section[aria-labelledby=nothing]", "fewer than 5")
	if strings.Contains(p.text("main"), "rita") {
		t.Error("the page names who searched")
	}
}

// Marketers see their own pieces, and nobody's searches.
func TestWhoSeesWhichReport(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.mia.get("/").wantText("nav.areas", "Reports")
	p = l.mia.get(p.Find("nav.areas a[href='/reports']").AttrOr("href", "")).wantStatus(http.StatusOK)
	p.wantText(".figures", "6 old enough").wantText("main", "your own pieces")
	if p.Find("#vain").Length() != 0 {
		t.Error("a marketer is shown what the field searched for")
	}
	l.max.get("/reports/unused").wantText(".figures", "1 of 1")
	l.mia.get("/reports/searches").wantStatus(http.StatusForbidden)
	l.mia.get("/reports/searches.csv").wantStatus(http.StatusForbidden)
	for _, v := range []*visitor{l.rita, l.ann} {
		v.get("/reports").wantStatus(http.StatusForbidden)
		if strings.Contains(v.get("/").text("nav.areas"), "Reports") {
			t.Errorf("%s is led to reports that are not for them", v.user.Name)
		}
	}
}

func TestReportsAsFiles(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	for path, rows := range map[string]int{
		"/reports/unused.csv": 7, "/reports/unused.csv?step=0": 5, "/reports/unused/new.csv": 1, "/reports/unused/trend.csv": usage.TrendWeeks,
		"/reports/unused/figures.csv": 1 + 6 + 6 + 1 + 2, "/reports/coverage.csv": 6 * 4, "/reports/coverage/pieces.csv?persona=cfo": 3, "/reports/searches.csv": 1,
		"/reports/reviews.csv?list=decided": 8, "/reports/reviews/figures.csv": 17, "/reports/adoption.csv?window=30": 1, "/reports/adoption/teams.csv": 0,
	} {
		p := l.lea.get(path).wantStatus(http.StatusOK)
		if !strings.HasPrefix(p.header.Get("Content-Type"), "text/csv") || !strings.Contains(p.header.Get("Content-Disposition"), ".csv") {
			t.Errorf("%s: got headers %v, want a CSV to keep", path, p.header)
		}
		lines, err := csv.NewReader(strings.NewReader(p.Text())).ReadAll()
		if err != nil || len(lines) != rows+1 {
			t.Errorf("%s: got %d lines and %v, want %d and their names", path, len(lines), err, rows)
		}
	}
}

// A leader sees how sign-off goes, and gets from each figure to its rows; a marketer sees their own pieces.
func TestSignOffPage(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports/reviews").wantStatus(http.StatusOK)
	p.wantText(".figures", "100 % signed at first try").wantText(".figures", "0 waiting").wantText(".definitions", "How fast a single one decides is told nowhere")
	p.wantText(".tabs [aria-current]", "Sign-off").wantText("#rows", "Waiting for Sales: 0")
	p = l.lea.get(p.Find(".figures a").First().AttrOr("href", "")).wantStatus(http.StatusOK)
	if got := p.wantText("#rows", "Decided: 8").Find("table.pieces tbody tr").Length(); got != 8 {
		t.Errorf("behind the decisions: got %d rows, want 8", got)
	}
	if p.Find("table.pieces a").Length() != 8 || strings.Contains(p.Find("main").Text(), "ann") {
		t.Error("a published piece cannot be opened, or the page tells who decided")
	}
	if got := l.max.get("/reports/reviews?list=decided").wantStatus(http.StatusOK).Find("table.pieces tbody tr").Length(); got != 1 {
		t.Errorf("of max's own: got %d rows, want 1", got)
	}
	for address, fault := range map[string]string{"window=0": "1 to 400 days", "as_of=2030-01-01": "in the future", "stage=nowhere": "nowhere", "list=late": "no list", "signer=x": "no such approver"} {
		l.lea.get("/reports/reviews?"+address).wantStatus(http.StatusUnprocessableEntity).wantText("main", fault)
	}
	l.rita.get("/reports/reviews").wantStatus(http.StatusForbidden)
}

// A leader sees how fast new pieces are taken up, and reps as numbers that tell of nobody; a marketer sees their own pieces alone.
func TestAdoptionPage(t *testing.T) {
	t.Parallel()
	l := newMeasured(t)
	p := l.lea.get("/reports/adoption").wantStatus(http.StatusOK)
	p.wantText(".figures", "40 days to the first buyer").wantText(".figures", "7 not brought to a buyer").wantText(".figures", "fewer than 5 reps active")
	p.wantText(".tabs [aria-current]", "Adoption").wantText("#pieces", "8 pieces").wantText("section[aria-labelledby=teams]", "No team can be told apart")
	p = l.lea.get(p.Find(".figures a").First().AttrOr("href", "")).wantStatus(http.StatusOK)
	p.wantText("#pieces", "1 piece").wantText("table.pieces tbody", "Shared").wantText("table.pieces tbody td:nth-child(4)", "40")
	p = l.max.get("/reports/adoption").wantStatus(http.StatusOK)
	p.wantText("#pieces", "1 piece")
	if p.Find("section[aria-labelledby=teams]").Length() != 0 {
		t.Error("a marketer is told about reps")
	}
	l.lea.get("/reports/adoption?window=0").wantStatus(http.StatusUnprocessableEntity).wantText("main", "1 to 400 days")
	l.rita.get("/reports/adoption").wantStatus(http.StatusForbidden)
}
