package api

import (
	"encoding/csv"
	"strings"
	"testing"
)

// What the pages show of the trend, of coverage and of searches, clients get too, as JSON and as a file.
func TestFurtherReports(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("Value deck", "text")
		w.do(w.rita, "GET", "/search?q=hydrogen&stage=validation", nil).want(200)

		points := w.do(w.lea, "GET", "/reports/unused/trend?window=30&type=deck", nil).want(200).list("points")
		if len(points) != 26 || points[25].at("strict", "share").value != nil {
			t.Errorf("got %d points, the last one %v, want 26 without a share", len(points), points[25].value)
		}

		coverage := w.do(w.mia, "GET", "/reports/coverage", nil).want(200)
		if items := coverage.list("items"); len(items) != 1 || items[0].text("asset_id") != id || items[0].text("state") != "too_new" {
			t.Errorf("got %v behind the matrix, want the piece, too new", items)
		}
		pieces := int64(0)
		for _, row := range coverage.list("rows") {
			pieces += int64(row.at("total").number("pieces"))
		}
		if pieces == 0 || len(coverage.list("rows")) != 6 {
			t.Errorf("got rows %v, want the piece in one of six", coverage.list("rows"))
		}
		if empty := w.do(w.lea, "GET", "/reports/coverage?type=video&limit=1", nil).want(200).list("items"); len(empty) != 0 {
			t.Errorf("got %v of a type that no piece has", empty)
		}

		searches := w.do(w.lea, "GET", "/reports/searches", nil).want(200)
		found := searches.at("nothing").list("items")
		if len(found) != 1 || found[0].text("query") != "hydrogen" || found[0].at("people").value != nil || searches.number("searches") != 1 {
			t.Errorf("got %v, want one query of fewer than five", searches.value)
		}
		if strings.Contains(string(w.do(w.lea, "GET", "/reports/searches", nil).body), w.rita.id) {
			t.Error("the report names who searched")
		}

		answer := w.do(w.lea, "GET", "/reports/reviews?list=decided", nil)
		reviews := answer.want(200)
		if items := reviews.list("items"); len(items) != 1 || items[0].text("asset_id") != id || items[0].text("decision") != "approve" || items[0].at("review_by").value != nil {
			t.Errorf("got %v decided, want the signature of the piece", items)
		}
		if f := reviews.at("figures"); f.number("first_signed") != 1 || f.at("longest_wait_seconds").value != nil || reviews.at("before", "figures", "median_seconds").value != nil {
			t.Errorf("got figures %v, want one signature at first try, and nothing before", reviews.value)
		}
		if strings.Contains(string(answer.body), w.ann.id) {
			t.Error("the report tells who decided")
		}

		adoption := w.do(w.lea, "GET", "/reports/adoption", nil).want(200)
		if items := adoption.list("items"); len(items) != 1 || items[0].text("asset_id") != id || items[0].at("days").value != nil || adoption.at("figures").number("without") != 1 {
			t.Errorf("got %v, want one new piece without a use", adoption.value)
		}
		if adoption.at("reps", "active").value != nil {
			t.Errorf("got %v, want no number of fewer than five", adoption.at("reps").value)
		}

		for path, rows := range map[string]int{"/reports/unused/trend": 26, "/reports/searches": 1, "/reports/reviews?list=signed": 1, "/reports/adoption?list=without": 1} {
			file := w.do(w.lea, "GET", path, nil, "Accept", "text/csv")
			file.want(200)
			lines, err := csv.NewReader(strings.NewReader(string(file.body))).ReadAll()
			if err != nil || len(lines) != rows+1 || !strings.HasPrefix(file.header.Get("Content-Type"), mediaCSV) {
				t.Errorf("%s: got %d lines and %v, want %d and their names", path, len(lines), err, rows)
			}
		}
		w.do(w.lea, "GET", "/reports/coverage?stage=validation", nil, "Accept", "text/csv").want(200)
	})
}

func TestFurtherReportsRefuse(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		for _, path := range []string{"/reports/unused/trend", "/reports/coverage", "/reports/searches", "/reports/reviews", "/reports/adoption"} {
			w.do(w.lea, "GET", path+"?as_of=yesterday", nil).wantProblem(422, "invalid", "?as_of")
			w.do(w.lea, "GET", path+"?window=0", nil).wantProblem(400, "malformed", "?window")
			w.do(w.rita, "GET", path, nil).wantProblem(403, "forbidden")
		}
		w.do(w.mia, "GET", "/reports/searches", nil).wantProblem(403, "forbidden")
		w.do(w.lea, "GET", "/reports/reviews?stage=nowhere", nil).wantProblem(422, "invalid", "?stage")
		w.do(w.lea, "GET", "/reports/reviews?list=late", nil).wantProblem(400, "malformed", "?list")
		w.do(w.lea, "GET", "/reports/coverage?persona=nobody", nil).wantProblem(422, "invalid", "?persona")
		w.do(w.lea, "GET", "/reports/coverage?cursor=abc", nil).wantProblem(400, "malformed", "?cursor")
	})
}
