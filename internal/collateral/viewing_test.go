package collateral_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func TestViewingTakes(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	v := collateral.Viewing{StartedAt: began, LastAt: began}
	var p collateral.Pulse
	paged := func(from, until float64, page int, seen float64) collateral.Beat {
		b := spanning(from, until)
		b.Pages = map[int]time.Duration{page: seconds(seen)}
		return b
	}
	for _, tt := range []struct {
		why    string
		made   float64 // the page, in seconds after the viewing began
		beat   collateral.Beat
		passed float64
		want   float64 // visible in all
		fault  bool
	}{
		{"the first", -60, paged(60, 65, 2, 4), 5, 5, false},
		{"the same again", -60, paged(60, 65, 2, 4), 6, 5, false},
		{"by a page that was made later", 3, paged(0, 5, 1, 5), 8, 8, false},
		{"from before the viewing", -60, paged(50, 58, 1, 8), 9, 8, false},
		{"partly from before it", -60, paged(58, 62, 1, 4), 9, 8, false},
		{"a page that the version has not", 0, paged(8, 10, 4, 2), 10, 10, false},
		{"a time that has not come", 0, paged(20, 25, 1, 5), 11, 10, true},
	} {
		err := v.Take(&p, collateral.Beats{Beats: []collateral.Beat{tt.beat}}, began.Add(seconds(tt.made)), 3, began.Add(seconds(tt.passed)))
		if v.Visible != seconds(tt.want) || (err != nil) != tt.fault {
			t.Errorf("%s: got %v and %v, want %v and a refusal %v", tt.why, v.Visible, err, seconds(tt.want), tt.fault)
		}
	}
	if diff := cmp.Diff([]time.Duration{seconds(3), seconds(4)}, v.Pages); diff != "" || v.Of != 3 {
		t.Errorf("of %d pages (-want +got):\n%s", v.Of, diff)
	}
	for passed, over := range map[time.Duration]bool{collateral.VisitPause: false, collateral.VisitPause + time.Second: true} {
		if got := v.IsOver(v.LastAt.Add(passed)); got != over {
			t.Errorf("after %v: got over %v, want %v", passed, got, over)
		}
	}
}

func TestFiguresOfViewings(t *testing.T) {
	t.Parallel()
	people := make([]uuid.UUID, 6)
	for i := range people[1:] {
		people[i+1] = uuid.New()
	}
	viewing := func(person int, visible float64, pages ...float64) collateral.Viewing {
		v := collateral.Viewing{UserID: people[person], Visible: seconds(visible), Of: 3, Qualifies: true}
		for _, p := range pages {
			v.Pages = append(v.Pages, seconds(p))
		}
		return v
	}
	few := []collateral.Viewing{
		viewing(1, 10, 5, 5), viewing(2, 12, 6, 6), viewing(3, 14, 7, 7), viewing(4, 30_000, 8, 8, 9000), viewing(0, 8, 4), viewing(1, 9),
	}
	if got := collateral.FiguresOf(few); got != nil {
		t.Errorf("of four people and one who was forgotten: got %+v, want nothing", got)
	}
	maker := viewing(5, 500, 500)
	maker.Qualifies = false
	if got := collateral.FiguresOf(append(few, maker, viewing(5, 0))); got != nil {
		t.Errorf("with the maker, and somebody who saw nothing: got %+v, want nothing", got)
	}
	want := &collateral.ViewingFigures{
		Viewings: 7, People: 5, Median: seconds(12), Trimmed: new(seconds(12.2)), Of: 3,
		Pages: []collateral.ViewedPage{{N: 1, Visible: seconds(36), People: 5}},
	}
	if diff := cmp.Diff(want, collateral.FiguresOf(append(few, viewing(5, 16, 6, 0.5)))); diff != "" {
		t.Errorf("of five people (-want +got):\n%s", diff)
	}
}
