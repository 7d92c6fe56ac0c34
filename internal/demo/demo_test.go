package demo_test

import (
	"path"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// TestDemoHeadlines looks at the company as its visitors do, on each database. Both are made for the same moment, so both
// have the same figures.
func TestDemoHeadlines(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	dialects := []string{store.SQLite, store.Postgres}
	reports := make([]usage.UnusedReport, len(dialects))
	t.Cleanup(func() {
		if reports[1].Eligible == 0 {
			return // there is no PostgreSQL
		}
		if diff := cmp.Diff(used(reports[0]), used(reports[1])); diff != "" {
			t.Errorf("made again for the same moment (-SQLite +PostgreSQL):\n%s", diff)
		}
	})
	for i, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, dialect, now)
			w.work(t)
			if got := time.Since(w.Store.Now()); got < 0 || got > time.Minute {
				t.Errorf("the store's clock is %s behind", got)
			}
			checkPeople(t, w)
			checkPieces(t, w, now)
			checkWordsInside(t, w)
			reports[i] = w.unused(t, now)
			checkFigures(t, w, reports[i])
		})
	}
}

// usedPiece is what a report says of a piece, without ids.
type usedPiece struct {
	Title     string
	Step      collateral.Step
	Uses      int64
	LastUseOn string
}

func used(r usage.UnusedReport) (all []usedPiece) {
	for _, p := range slices.Concat(r.Items, r.TooNew) {
		all = append(all, usedPiece{p.Title, p.Step, p.Uses, p.LastUseOn})
	}
	return all
}

func checkPeople(t *testing.T, w town) {
	t.Helper()
	all, _, err := w.people.Users(t.Context(), w.actor(t, collateral.Admin), collateral.UserFilter{}, collateral.Paging{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	roles := make(map[collateral.Role]int)
	teams := make(map[string]int)
	for _, u := range all {
		roles[u.Roles[0]]++
		if u.Roles[0] == collateral.Rep {
			teams[u.Team]++
		}
	}
	want := map[collateral.Role]int{collateral.Rep: 25, collateral.Marketer: 4, collateral.Approver: 3, collateral.Leader: 1, collateral.Admin: 1}
	if diff := cmp.Diff(want, roles); diff != "" {
		t.Errorf("people by role (-want +got):\n%s", diff)
	}
	if len(teams) != 4 {
		t.Errorf("got reps in the teams %v, want four teams", teams)
	}
	for _, role := range collateral.Roles() {
		if !w.actor(t, role).Is(role) {
			t.Errorf("the account printed for the role %s does not hold it", role)
		}
	}
}

func checkPieces(t *testing.T, w town, now time.Time) {
	t.Helper()
	states := make(map[collateral.State]int)
	types := make(map[collateral.Type]int)
	stages := make(map[string]int)
	formats := make(map[string]int)
	var pending []string
	stale := 0
	for _, a := range w.pieces(t) {
		states[a.State()]++
		types[a.Type]++
		if a.Newest != nil {
			formats[path.Ext(a.Newest.FileName)]++
		}
		if a.Publication == nil {
			continue
		}
		for _, tag := range a.Stages {
			stages[tag.Stage]++
		}
		if a.Pending() == 2 && a.Newest.State == collateral.Submitted {
			pending = append(pending, a.Title)
		}
		if a.ReviewBy != "" && a.ReviewBy < now.Format(time.DateOnly) {
			stale++
		}
	}
	wantStates := map[collateral.State]int{
		collateral.AssetDraft: 3, collateral.AssetInReview: 3, collateral.AssetChangesRequested: 2, collateral.AssetRejected: 2,
		collateral.AssetApproved: 2, collateral.AssetPublished: 39, collateral.AssetWithdrawn: 2,
	}
	if diff := cmp.Diff(wantStates, states); diff != "" {
		t.Errorf("pieces by state (-want +got):\n%s", diff)
	}
	for _, typ := range collateral.Types() {
		if types[typ] == 0 {
			t.Errorf("there is no piece of the type %s", typ)
		}
	}
	if diff := cmp.Diff(map[string]int{".docx": 15, ".html": 7, ".pdf": 20, ".pptx": 8, "": 2}, formats); diff != "" {
		t.Errorf("pieces by the newest file's format (-want +got):\n%s", diff)
	}
	if len(stages) != 6 {
		t.Errorf("got published pieces at the stages %v, want all six", stages)
	}
	slices.Sort(pending)
	if diff := cmp.Diff([]string{"Battlecard: Tessivane", "Prices on one page"}, pending); diff != "" {
		t.Errorf("published with a newer version under review (-want +got):\n%s", diff)
	}
	if stale < 3 {
		t.Errorf("got %d published pieces past their review date, want some", stale)
	}
}

func checkFigures(t *testing.T, w town, r usage.UnusedReport) {
	t.Helper()
	if r.Strict.Share == nil || *r.Strict.Share < 0.7 || *r.Strict.Share > 0.9 {
		t.Errorf("got strict %+v, want a share from 0.7 to 0.9", r.Strict)
	}
	if r.Lenient.Share == nil || *r.Lenient.Share < 0.1 || *r.Lenient.Share > 0.5 {
		t.Errorf("got lenient %+v, want a share from 0.1 to 0.5", r.Lenient)
	}
	// These do not depend on the day on which the demo is made.
	ladder := make([]int, len(r.Ladder))
	for i, rung := range r.Ladder {
		ladder[i] = rung.Count
	}
	if diff := cmp.Diff([]int{3, 7, 13, 5, 4, 4}, ladder); diff != "" {
		t.Errorf("pieces by the step they reached (-want +got):\n%s", diff)
	}
	if len(r.TooNew) != 3 {
		t.Errorf("got %d pieces that are too new to be judged, want 3", len(r.TooNew))
	}
	dormant := func(p usage.Piece) bool { return p.Uses == 0 && p.LastUseOn != "" && p.LastUseOn < r.Window.From }
	if !slices.ContainsFunc(r.Items, dormant) {
		t.Error("no piece is dormant: used before the window and not in it")
	}
	most := slices.MaxFunc(r.Items, func(a, b usage.Piece) int { return int(a.Uses - b.Uses) })
	if most.Uses < 40 {
		t.Errorf("got %d uses of %q, want one piece that is used a lot", most.Uses, most.Title)
	}
	if users := w.usersOf(t, most.AssetID); users < 15 {
		t.Errorf("got %d reps who shared or presented %q, want one piece that many use", users, most.Title)
	}
}

func checkWordsInside(t *testing.T, w town) {
	t.Helper()
	rep := w.actor(t, collateral.Rep)
	tests := []struct {
		words string
		title string
		file  string
		page  int
	}{
		{"hard shoulder", "Keep them rolling: the first call about breakdowns", ".pptx", 4},
		{"paper wants a signature", "Keep them rolling: the first call about breakdowns", ".pptx", 8}, // added by version 2
		{"notary", "Security and data protection at a glance", ".pdf", 2},
		{"crietrion abort", "Pilot plan: four weeks, one depot, clear criteria", ".docx", 2}, // mistyped
		{"foreman's sleep", "ROI calculator: what fewer breakdowns are worth", ".html", 1},
		{"Lufttrockner", "Pulse Datenblatt", ".pdf", 1},
	}
	for _, test := range tests {
		found, err := w.Find(t.Context(), rep, search.Query{Words: test.words, Page: 1, PerPage: 20})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Hits) == 0 {
			t.Errorf("searching %q: got nothing, want %q", test.words, test.title)
			continue
		}
		hit := found.Hits[0]
		piece, err := w.Asset(t.Context(), rep, hit.Piece.ID)
		if err != nil {
			t.Fatal(err)
		}
		if file := path.Ext(piece.Newest.FileName); hit.Piece.Title != test.title || hit.Page != test.page || file != test.file {
			t.Errorf("searching %q: got %q (%s), page %d, want %q (%s), page %d", test.words, hit.Piece.Title, file, hit.Page, test.title, test.file, test.page)
		}
	}
	// What is not published is not found, and what was never written neither.
	for _, words := range []string{"recall letter", "hydrogen", "thirty cents dearer"} {
		if found, err := w.Find(t.Context(), rep, search.Query{Words: words, Page: 1, PerPage: 20}); err != nil || found.Total != 0 {
			t.Errorf("searching %q: got %+v, error %v, want nothing", words, found, err)
		}
	}
}
