package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// exampleOfReviews is worked out by hand; everything happens at 9 o'clock. Pieces are mia's, of the first stage and signed by ann unless
// the table says otherwise. Bea is an approver since 1 November, and max was deactivated on 10 November.
//
//	piece    ver  submitted  decided                  took  first?           the piece
//	Alpha    1    1 Oct      3 Oct   changes          2 d   yes              stages 1 and 5, review by 10 Nov
//	         2    5 Oct      25 Oct  signed           20 d  no, sent back    published on 25 Oct
//	Beta     1    1 Nov      2 Nov   signed           1 d   yes              published on 2 Nov, review by 22 Nov
//	         2    10 Nov     14 Nov  rejected         4 d   yes, signed      version 1 stays published
//	Gamma    1    1 Sep      4 Sep   signed           3 d   yes              max's video, stage 2, published on 4 Sep, review by 22 Dec
//	Delta    1    20 Oct     20 Nov  signed by bea    31 d  yes              ann is co-author, stage 5, not published
//	Epsilon  1    15 Nov     -
//	Zeta     1    18 Nov     -                                               version 2 is a draft of 19 Nov
//	Eta      1    31 Aug     1 Sep   signed           1 d   yes              published on 1 Sep, withdrawn on 15 Nov, review by 31 Oct
func exampleOfReviews(w *world) {
	w.t.Helper()
	alpha := w.piece(piece{title: "Alpha", stages: []int{1, 5}, reviewBy: "11-10"})
	w.sendsBack(w.ann, w.submit(alpha, "10-01"), collateral.RequestChanges, "The prices are old.", "10-03")
	w.signs(w.ann, w.submit(alpha, "10-05"), "10-25", true)
	beta := w.piece(piece{title: "Beta", reviewBy: "11-22"})
	w.signs(w.ann, w.submit(beta, "11-01"), "11-02", true)
	w.sendsBack(w.ann, w.submit(beta, "11-10"), collateral.Reject, "=Not for buyers.", "11-14")
	gamma := w.piece(piece{title: "Gamma", owner: w.max, kind: "video", stages: []int{2}, reviewBy: "12-22"})
	w.signs(w.ann, w.submit(gamma, "09-01"), "09-04", true)
	delta := w.piece(piece{title: "Delta", coauthors: []uuid.UUID{w.ann.UserID}, stages: []int{5}})
	w.signs(w.bea, w.submit(delta, "10-20"), "11-20", false)
	w.submit(w.piece(piece{title: "Epsilon"}), "11-15")
	zeta := w.piece(piece{title: "Zeta"})
	w.submit(zeta, "11-18")
	w.draft(zeta, "11-19")
	eta := w.piece(piece{title: "Eta", reviewBy: "10-31"})
	w.signs(w.ann, w.submit(eta, "08-31"), "09-01", true)
	w.withdraw(eta, "11-15")
	w.leaves(w.max, "11-10")
}

func TestReviews(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		exampleOfReviews(w)
		tests := []struct {
			name string
			by   collateral.Actor
			q    ReviewsQuery
			want []string
		}{
			// 1, 4, 20 and 31 days: the median is the second, the 90th percentile the fourth (3.6 rounded up). First are both of Beta
			// and Delta. Zeta does not wait, since there is a newer version. Before: Alpha 1 alone; Alpha 2 and Delta waited, and Delta had
			// only ann, who is in it. 22 December is 30 days ahead.
			{"now", w.lea, ReviewsQuery{Window: 30}, []string{
				"2026-10-23 to 2026-11-22: decided 4 median 4d p90 31d signed 3 changes 0 rejected 1 first 2/3 waiting 1 unsignable 0 longest 7d",
				"2026-09-22 to 2026-10-22: decided 1 median 2d p90 2d signed 0 changes 1 rejected 0 first 0/1 waiting 2 unsignable 1 longest 17d14h59m59.999999s",
				"ann 1, bea 1; past review 1, expiring 2, owner gone 1",
				"waiting: Epsilon 1", "unsignable: ", "decided: Delta 1, Alpha 2, Beta 2, Beta 1", "signed: Delta 1, Alpha 2, Beta 1",
				"first_decided: Delta 1, Beta 2, Beta 1", "first_signed: Delta 1, Beta 1", "sent_back: Beta 2", "changes_requested: ", "rejected: Beta 2",
				"past_review: Alpha 2", "expiring: Beta 1, Gamma 1", "owner_gone: Gamma 1",
			}},
			// Delta is not decided yet, and Eta not withdrawn: its review date was 31 October. 22 December is more than 30 days ahead.
			{"14 November", w.lea, ReviewsQuery{Window: 30, AsOf: endOf("11-14")}, []string{
				"2026-10-15 to 2026-11-14: decided 3 median 4d p90 20d signed 2 changes 0 rejected 1 first 1/2 waiting 1 unsignable 0 longest 25d14h59m59.999999s",
				"2026-09-14 to 2026-10-14: decided 1 median 2d p90 2d signed 0 changes 1 rejected 0 first 0/1 waiting 1 unsignable 0 longest 9d14h59m59.999999s",
				"bea 1; past review 2, expiring 1, owner gone 1",
				"waiting: Delta 1", "unsignable: ", "decided: Alpha 2, Beta 2, Beta 1", "signed: Alpha 2, Beta 1",
				"first_decided: Beta 2, Beta 1", "first_signed: Beta 1", "sent_back: Beta 2", "changes_requested: ", "rejected: Beta 2",
				"past_review: Eta 1, Alpha 2", "expiring: Beta 1", "owner_gone: Gamma 1",
			}},
			// Bea was no approver, max was there, and Beta was not published. A review date of that very day is not over.
			{"31 October", w.lea, ReviewsQuery{Window: 30, AsOf: endOf("10-31")}, []string{
				"2026-10-01 to 2026-10-31: decided 2 median 2d p90 20d signed 1 changes 1 rejected 0 first 0/1 waiting 1 unsignable 1 longest 11d14h59m59.999999s",
				"2026-08-31 to 2026-09-30: decided 2 median 1d p90 3d signed 2 changes 0 rejected 0 first 2/2 waiting 0 unsignable 0 longest -",
				"nobody; past review 0, expiring 2, owner gone 0",
				"waiting: Delta 1", "unsignable: Delta 1", "decided: Alpha 2, Alpha 1", "signed: Alpha 2", "first_decided: Alpha 1", "first_signed: ",
				"sent_back: Alpha 1", "changes_requested: Alpha 1", "rejected: ", "past_review: ", "expiring: Eta 1, Alpha 2", "owner_gone: ",
			}},
			{"a stage", w.lea, ReviewsQuery{Window: 30, Stages: []string{"validation"}}, []string{
				"2026-10-23 to 2026-11-22: decided 2 median 20d p90 31d signed 2 changes 0 rejected 0 first 1/1 waiting 0 unsignable 0 longest -",
				"2026-09-22 to 2026-10-22: decided 1 median 2d p90 2d signed 0 changes 1 rejected 0 first 0/1 waiting 2 unsignable 1 longest 17d14h59m59.999999s",
				"nobody; past review 1, expiring 0, owner gone 0",
				"waiting: ", "unsignable: ", "decided: Delta 1, Alpha 2", "signed: Delta 1, Alpha 2", "first_decided: Delta 1", "first_signed: Delta 1",
				"sent_back: ", "changes_requested: ", "rejected: ", "past_review: Alpha 2", "expiring: ", "owner_gone: ",
			}},
			{"a marketer's own", w.max, ReviewsQuery{Window: 90}, []string{
				"2026-08-24 to 2026-11-22: decided 1 median 3d p90 3d signed 1 changes 0 rejected 0 first 1/1 waiting 0 unsignable 0 longest -",
				"2026-05-25 to 2026-08-23: decided 0 median - p90 - signed 0 changes 0 rejected 0 first 0/0 waiting 0 unsignable 0 longest -",
				"nobody; past review 0, expiring 1, owner gone 1",
				"waiting: ", "unsignable: ", "decided: Gamma 1", "signed: Gamma 1", "first_decided: Gamma 1", "first_signed: Gamma 1",
				"sent_back: ", "changes_requested: ", "rejected: ", "past_review: ", "expiring: Gamma 1", "owner_gone: Gamma 1",
			}},
			{"a type and an owner without a piece of it", w.lea, ReviewsQuery{Window: 400, Types: []string{"video"}, Owners: []uuid.UUID{w.mia.UserID}}, []string{
				"2025-10-18 to 2026-11-22: decided 0 median - p90 - signed 0 changes 0 rejected 0 first 0/0 waiting 0 unsignable 0 longest -",
				"2024-09-12 to 2025-10-17: decided 0 median - p90 - signed 0 changes 0 rejected 0 first 0/0 waiting 0 unsignable 0 longest -",
				"nobody; past review 0, expiring 0, owner gone 0",
				"waiting: ", "unsignable: ", "decided: ", "signed: ", "first_decided: ", "first_signed: ", "sent_back: ", "changes_requested: ",
				"rejected: ", "past_review: ", "expiring: ", "owner_gone: ",
			}},
		}
		for _, tt := range tests {
			if diff := gocmp.Diff(tt.want, w.written(tt.by, tt.q)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
	})
}

// written is the report in lines: its figures, those before, the rest, and each list.
func (w *world) written(by collateral.Actor, q ReviewsQuery) (lines []string) {
	w.t.Helper()
	for _, q.List = range ReviewLists() {
		r := w.reviews(by, q)
		if lines == nil {
			var who []string
			for _, a := range r.Approvers {
				who = append(who, fmt.Sprintf("%s %d", a.Name, a.Waiting))
			}
			lines = append(lines,
				r.Window.From+" to "+r.Window.To+": "+writtenFigures(r.Figures), r.BeforeWindow.From+" to "+r.BeforeWindow.To+": "+writtenFigures(r.Before),
				fmt.Sprintf("%s; past review %d, expiring %d, owner gone %d", cmp.Or(strings.Join(who, ", "), "nobody"), r.PastReview, r.Expiring, r.OwnerGone))
		}
		if r.Listed != len(r.Items) {
			w.t.Errorf("%s: got %d items of %d", q.List, len(r.Items), r.Listed)
		}
		lines = append(lines, string(q.List)+": "+strings.Join(titles(r), ", "))
	}
	return lines
}

func writtenFigures(f ReviewFigures) string {
	return fmt.Sprintf("decided %d median %s p90 %s signed %d changes %d rejected %d first %d/%d waiting %d unsignable %d longest %s",
		f.Decided, span(f.Median), span(f.P90), f.Signed, f.ChangesRequested, f.Rejected, f.FirstSigned, f.FirstDecided, f.Waiting, f.Unsignable, span(f.LongestWait))
}

func span(d *time.Duration) string {
	if d == nil {
		return "-"
	}
	days := fmt.Sprintf("%dd", *d/day)
	if rest := *d % day; rest > 0 {
		return days + rest.String()
	}
	return days
}

func titles(r ReviewsReport) (titles []string) {
	for _, i := range r.Items {
		titles = append(titles, fmt.Sprintf("%s %d", i.Title, i.N))
	}
	return titles
}

func (w *world) reviews(by collateral.Actor, q ReviewsQuery) ReviewsReport {
	w.t.Helper()
	r, err := w.Reviews(w.t.Context(), by, q)
	if err != nil {
		w.t.Fatalf("reporting: %v", err)
	}
	return r
}

// Of what waits, a reader gets what one approver can sign; pages put together are the list.
func TestReviewsInParts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		exampleOfReviews(w)
		for signer, want := range map[uuid.UUID]int{w.ann.UserID: 0, w.bea.UserID: 1, w.mia.UserID: 0} {
			if r := w.reviews(w.lea, ReviewsQuery{AsOf: endOf("11-14"), Signer: signer}); len(r.Items) != want || r.Figures.Waiting != 1 {
				t.Errorf("for %s: got %v of %d waiting, want %d of 1", signer, titles(r), r.Figures.Waiting, want)
			}
		}
		var got []string
		q := ReviewsQuery{List: Decided, Paging: collateral.Paging{Limit: 2}}
		for {
			r := w.reviews(w.lea, q)
			got = append(got, titles(r)...)
			if q.Cursor = r.NextCursor; q.Cursor == "" {
				break
			}
			w.now = w.now.Add(time.Hour)
		}
		if want := titles(w.reviews(w.lea, ReviewsQuery{List: Decided})); !slices.Equal(got, want) || len(got) != 7 {
			t.Errorf("got %v in pages, want %v", got, want)
		}
	})
}

// The files have the list's rows with the comments, safe for spreadsheets, and never who decided.
func TestReviewsCSV(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	exampleOfReviews(w)
	var rows, figures bytes.Buffer
	r := w.reviews(w.lea, ReviewsQuery{Window: 30, List: SentBack})
	if err := errors.Join(WriteReviewsCSV(&rows, r), WriteReviewFiguresCSV(&figures, r)); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("sent_back,%s,Beta,deck,problem-identification,%s,mia,false,2,2026-11-10T09:00:00Z,2026-11-14T09:00:00Z,345600,reject,true,'=Not for buyers.,,\n",
		r.Items[0].AssetID, w.mia.UserID)
	if _, got, _ := strings.Cut(rows.String(), "\n"); got != want {
		t.Errorf("got rows %q, want %q", got, want)
	}
	if strings.Contains(rows.String()+figures.String(), w.ann.UserID.String()) {
		t.Error("the files tell who decided")
	}
	lines, err := csv.NewReader(&figures).ReadAll()
	if err != nil || len(lines) != 18 || !slices.Equal(lines[4], []string{"median_seconds", "345600", "172800"}) {
		t.Errorf("got figures %v, %v", lines, err)
	}
}

func TestReviewsRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	exampleOfReviews(w)
	page := w.reviews(w.lea, ReviewsQuery{List: Decided, Paging: collateral.Paging{Limit: 1}})
	tests := []struct {
		name  string
		by    collateral.Actor
		q     ReviewsQuery
		kind  collateral.Kind
		field string
	}{
		{"a rep", w.rita, ReviewsQuery{}, collateral.Forbidden, ""},
		{"an approver", w.ann, ReviewsQuery{}, collateral.Forbidden, ""},
		{"a window of less than a day", w.lea, ReviewsQuery{Window: -1}, collateral.Invalid, "?window"},
		{"a window of years", w.lea, ReviewsQuery{Window: 401}, collateral.Invalid, "?window"},
		{"the future", w.lea, ReviewsQuery{AsOf: on("11-23")}, collateral.Invalid, "?as_of"},
		{"an unknown stage", w.lea, ReviewsQuery{Stages: []string{"nowhere"}}, collateral.Invalid, "?stage"},
		{"an unknown type", w.lea, ReviewsQuery{Types: []string{"slides"}}, collateral.Invalid, "?type"},
		{"an unknown list", w.lea, ReviewsQuery{List: "late"}, collateral.Invalid, "?list"},
		{"a page of another list", w.lea, ReviewsQuery{List: Signed, Paging: collateral.Paging{Cursor: page.NextCursor}}, collateral.Malformed, "?cursor"},
	}
	for _, tt := range tests {
		_, err := w.Reviews(t.Context(), tt.by, tt.q)
		refusal, ok := errors.AsType[*collateral.Error](err)
		if !ok || refusal.Kind != tt.kind {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.kind)
			continue
		}
		if tt.field != "" && (len(refusal.Fields) == 0 || refusal.Fields[0].Pointer != tt.field) {
			t.Errorf("%s: got fields %v, want %s", tt.name, refusal.Fields, tt.field)
		}
	}
}
