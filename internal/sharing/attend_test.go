package sharing_test

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/sharing"
	"collateral/internal/store"
)

// beat is one of a page that somebody touched, from and until so many seconds after the visit began.
func beat(from, until int) collateral.Beat {
	return collateral.Beat{From: time.Duration(from) * time.Second, Until: time.Duration(until) * time.Second, Inputs: 1}
}

// beats sends what a page of the visit tells of what is published of a piece.
func (b *browser) beats(asset uuid.UUID, beats ...collateral.Beat) error {
	b.w.t.Helper()
	a := must(b.w.pieces.Asset(b.w.t.Context(), b.w.mia, asset))(b.w.t)
	return b.w.Attend(b.w.t.Context(), b.request, collateral.Beats{VisitID: b.visit, AssetID: asset, VersionID: a.Publication.VersionID, Beats: beats})
}

func (b *browser) attends(asset uuid.UUID, beats ...collateral.Beat) {
	b.w.t.Helper()
	if err := b.beats(asset, beats...); err != nil {
		b.w.t.Fatal(err)
	}
}

// visible returns for how long the newest visit of a link looked.
func (w *world) visible(l *sharing.Shared) time.Duration {
	w.t.Helper()
	visits, _, err := w.Visits(w.t.Context(), w.rita, l.ID, collateral.Paging{Limit: 1})
	if err != nil || len(visits) != 1 {
		w.t.Fatalf("got visits %+v and error %v", visits, err)
	}
	return visits[0].Visible()
}

// engaged is how many engaged visits the totals of a piece count.
func (w *world) engaged(asset uuid.UUID) int {
	w.t.Helper()
	totals := must(w.Store.Totals(w.t.Context(), asset, "2000-01-01", "2100-01-01"))(w.t)
	if len(totals) == 0 {
		return 0
	}
	return int(totals[len(totals)-1].Engaged)
}

// asBrowser has requests come as those of a browser, an hour after the link was made.
func (w *world) asBrowser(l *sharing.Shared) *browser {
	w.t.Helper()
	b := w.browser(l)
	b.request.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	b.request.Header = http.Header{"Accept": {"text/html"}, "Accept-Language": {"en"}}.Get
	return b
}

func TestAttentionCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		told := []collateral.Beat{beat(0, 5), beat(5, 10), beat(12, 15), beat(20, 24)}
		for range 5 {
			b := w.browser(l)
			b.sees(collateral.AskNothing)
			w.later(30 * time.Second)
			for range 20 { // in any order, each many times, alone and together
				at := rand.IntN(len(told))
				b.attends(deck, told[at:at+1+rand.IntN(len(told)-at)]...)
			}
			b.attends(deck, told...)
			if got := w.visible(l); got != 17*time.Second {
				t.Errorf("got %v, want 17 s", got)
			}
		}
		if got := w.engaged(deck); got != 5 {
			t.Errorf("got %d engaged visits, want 5", got)
		}
	})
}

// Tabs of several visits tell the same at the same moment, to servers that share a database: it counts once for each visit.
func TestAttentionToldAtOnceCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		var visits [3]*browser
		for i := range visits {
			visits[i] = w.browser(l)
			visits[i].sees(collateral.AskNothing)
		}
		version := must(w.pieces.Asset(t.Context(), w.mia, deck))(t).Publication.VersionID
		w.later(time.Minute)
		const tabs = 6
		var errs [tabs * len(visits)]error
		var running sync.WaitGroup
		for i := range errs {
			b := visits[i%len(visits)]
			running.Go(func() {
				for from := range 5 {
					told := collateral.Beats{VisitID: b.visit, AssetID: deck, VersionID: version, Beats: []collateral.Beat{beat(4*from, 4*from+5)}}
					errs[i] = errors.Join(errs[i], w.Attend(t.Context(), b.request, told))
				}
			})
		}
		running.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			t.Error(err)
		}
		if got := w.visible(l); got != 21*time.Second || w.engaged(deck) != len(visits) {
			t.Errorf("got %v of one visit and %d engaged, want 21 s and %d", got, w.engaged(deck), len(visits))
		}
	})
}

func TestThousandTabs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		b := w.browser(l)
		b.sees(collateral.AskNothing)
		w.later(10 * time.Second)
		for tab := range 1000 / collateral.MaxBeats {
			var beats []collateral.Beat
			for i := range collateral.MaxBeats {
				beats = append(beats, collateral.Beat{From: time.Duration(tab*i) * time.Millisecond, Until: 9 * time.Second, Pages: map[int]time.Duration{1: time.Second}})
			}
			b.attends(deck, beats...)
		}
		if got := w.visible(l); got > 9*time.Second {
			t.Errorf("got %v, want no more than passed", got)
		}
		if got := w.engaged(deck); got != 0 {
			t.Errorf("got %d engaged visits after 9 s, want none", got)
		}
	})
}

func TestImpossibleAttention(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck, other := w.published("Deck"), w.published("Other")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		b := w.browser(l)
		b.sees(collateral.AskNothing)
		w.later(20 * time.Second)
		for name, impossible := range map[string]collateral.Beat{
			"negative": beat(5, 3), "nothing": beat(5, 5), "before the visit": beat(-5, 3), "longer than any": beat(0, 301), "in the future": beat(60, 65),
			"negative inputs": {Until: time.Second, Inputs: -1}, "a page longer than all": {Until: time.Second, Pages: map[int]time.Duration{1: 2 * time.Second}},
			"page 0": {Until: time.Second, Pages: map[int]time.Duration{0: time.Second}}, "a page for no time": {Until: time.Second, Pages: map[int]time.Duration{1: 0}},
			"longer than the visit": beat(0, 200),
		} {
			wantKind(t, name, b.beats(deck, impossible), collateral.Invalid)
		}
		wantKind(t, "none", b.beats(deck), collateral.Invalid)
		wantKind(t, "a piece that is not in the link", b.beats(other, beat(0, 5)), collateral.NotFound)
		told := collateral.Beats{VisitID: b.visit, AssetID: deck, VersionID: uuid.New(), Beats: []collateral.Beat{beat(0, 5)}}
		wantKind(t, "a version that is not there", w.Attend(ctx, b.request, told), collateral.NotFound)
		told.VersionID = must(w.pieces.Asset(ctx, w.mia, other))(t).Publication.VersionID
		wantKind(t, "a version of another piece", w.Attend(ctx, b.request, told), collateral.NotFound)
		told.VisitID = uuid.New()
		wantKind(t, "another visit", w.Attend(ctx, b.request, told), collateral.Forbidden)
		if f := w.reload(l.ID).Figures; f.Counted != 0 || w.visible(l) != 0 {
			t.Errorf("got %+v and %v in sight, want nothing counted", f, w.visible(l))
		}
	})
}

// Of pages that do not exist nothing is kept; of those that do, no more than was in sight.
func TestAttentionOfPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		w.paged(deck, 6)
		b := w.browser(l)
		b.sees(collateral.AskNothing)
		w.later(20 * time.Second)
		ms := time.Millisecond
		b.attends(deck, collateral.Beat{Until: 2000 * ms, Pages: map[int]time.Duration{1: 1500 * ms, 2: 1200 * ms, 7: 1000 * ms}})
		if got := w.engaged(deck); got != 0 {
			t.Errorf("got %d engaged visits after two pages of six, want none", got)
		}
		b.attends(deck, collateral.Beat{From: 2000 * ms, Until: 4000 * ms, Pages: map[int]time.Duration{3: 900 * ms}})
		b.attends(deck, collateral.Beat{From: 2000 * ms, Until: 4100 * ms, Pages: map[int]time.Duration{3: 900 * ms}})
		if got := w.engaged(deck); got != 1 {
			t.Errorf("got %d engaged visits after half of the pages, want 1", got)
		}
		o := must(w.Outcome(t.Context(), w.rita, l.ID))(t)
		want := sharing.Attention{Visits: 1, Median: 4100 * ms, Of: 6, Pages: []sharing.LookedPage{
			{N: 1, Visible: 1500 * ms, Persons: 1}, {N: 2, Visible: 1200 * ms, Persons: 1}, {N: 3, Visible: 1000 * ms, Persons: 1},
		}}
		if diff := cmp.Diff(want, o.Pieces[0].Attention); diff != "" {
			t.Errorf("attention (-want +got):\n%s", diff)
		}
		if got := must(w.PieceAttention(t.Context(), w.mia, deck))(t); !cmp.Equal(want, got) {
			t.Errorf("the owner sees %+v", got)
		}
		_, err := w.PieceAttention(t.Context(), w.rob, deck)
		wantKind(t, "a rep who asks for all links", err, collateral.Forbidden)
	})
}

// paged gives what is published of a piece a preview of so many pages.
func (w *world) paged(asset uuid.UUID, pages int) {
	w.t.Helper()
	v := must(w.pieces.Published(w.t.Context(), w.mia, asset))(w.t)
	if err := w.Store.PutPreview(w.t.Context(), v.SHA256, collateral.Preview{Total: pages}); err != nil {
		w.t.Fatal(err)
	}
}

// A page that is only open is no person's yet; one that is touched is. What counts then counts from the beginning.
func TestVisitIsJudgedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Rules = must(machines.Default())(t)
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		w.later(time.Hour)
		b := w.asBrowser(l)
		b.sees(collateral.AskNothing)
		want := func(when string, counted, opens, engaged int, why machines.Why) {
			t.Helper()
			got := w.reload(l.ID)
			visits, _, err := w.Visits(t.Context(), w.rita, l.ID, collateral.Paging{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			if got.Figures.Counted != counted || got.Opens != opens || w.engaged(deck) != engaged || visits[0].Visit.Why != string(why) {
				t.Errorf("%s: got %d counted, %d openings, %d engaged and %s, want %d, %d, %d and %s", when,
					got.Figures.Counted, got.Opens, w.engaged(deck), visits[0].Visit.Why, counted, opens, engaged, why)
			}
		}
		want("at first", 0, 0, 0, machines.Unconfirmed)
		w.later(12 * time.Second)
		untouched := beat(0, 12)
		untouched.Inputs = 0
		b.attends(deck, untouched)
		want("untouched", 0, 0, 0, machines.Unconfirmed)
		w.later(3 * time.Second)
		b.attends(deck, beat(12, 15))
		want("touched", 1, 1, 1, machines.Attended)
		b.attends(deck, beat(12, 15))
		want("touched, as was told before", 1, 1, 1, machines.Attended)
		wantKind(t, "a beat longer than the visit", b.beats(deck, beat(0, 250)), collateral.Invalid)
		want("forged", 0, 1, 0, machines.Forged)
	})
}

func TestSeveralLinksAtOnceAreAMachines(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Rules = must(machines.Default())(t)
		var links []*sharing.Shared
		for range 4 {
			links = append(links, w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}}))
		}
		w.later(time.Hour)
		for _, l := range links {
			w.asBrowser(l).sees(collateral.AskNothing)
		}
		for i, l := range links {
			if f := w.reload(l.ID).Figures; f.Machines != 1 {
				t.Errorf("link %d: got %+v, want a machine's visit: the others came with it", i, f)
			}
		}
	})
}

func TestVisitsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Rules = must(machines.Default())(t)
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}})
		w.later(time.Hour)
		w.asBrowser(l).sees(collateral.AskNothing)
		for _, tt := range []struct {
			after    time.Duration
			machines int
		}{{29 * time.Minute, 0}, {2 * time.Minute, 1}, {time.Hour, 1}} {
			w.later(tt.after)
			if err := w.EndVisits(t.Context()); err != nil {
				t.Fatal(err)
			}
			if f := w.reload(l.ID).Figures; f.Machines != tt.machines {
				t.Errorf("after %v more: got %+v, want %d machines", tt.after, f, tt.machines)
			}
		}
	})
}

// What is remembered of beats goes with the end of a visit, so nothing is added to it: not by a server either whose clock is
// behind that of the one which ended it.
func TestVisitThatEndedTakesNoBeats(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		b := w.browser(l)
		b.sees(collateral.AskNothing)
		w.later(10 * time.Second)
		b.attends(deck, beat(0, 6))
		w.later(collateral.VisitPause + time.Second)
		if err := w.EndVisits(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.later(-2 * time.Second)
		wantKind(t, "beats of before", b.beats(deck, beat(0, 6)), collateral.Forbidden)
		if got := w.visible(l); got != 6*time.Second || w.engaged(deck) != 0 {
			t.Errorf("got %v and %d engaged, want 6 s that engage nobody", got, w.engaged(deck))
		}
		ended := b.visit
		if b.sees(collateral.AskNothing); b.visit == ended {
			t.Error("a visit that ended goes on")
		}
	})
}

// Whoever looked without being sure a person, and is one by newer rules, got in: that others used the link up meanwhile does
// not keep the visit, nor those after it, from ending.
func TestVisitsOfALinkThatIsUsedUpEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.Rules = must(machines.Default())(t)
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		w.later(time.Hour)
		silent := w.asBrowser(l)
		silent.sees(collateral.AskNothing)
		w.later(10 * time.Second)
		silent.attends(deck, collateral.Beat{Until: 5 * time.Second})
		must(w.Change(ctx, w.rita, l.ID, &l.Revision, nil, func(t *collateral.LinkTerms) { t.MaxOpens = 1 }))(t)
		other := w.asBrowser(l)
		other.passes(other.enter())
		w.Rules = must(machines.Parse("person attended attended when beats>=1"))(t)
		w.later(time.Hour)
		if err := w.EndVisits(ctx); err != nil {
			t.Errorf("got %v, want the visits to end", err)
		}
		if got := w.reload(l.ID); got.Opens != 1 || got.Figures.Counted != 1 {
			t.Errorf("got %d openings and figures %+v, want one that counts", got.Opens, got.Figures)
		}
		if gone := must(w.Store.GoneVisits(ctx, w.Store.Now(), 10))(t); len(gone) != 0 {
			t.Errorf("got %d visits that did not end", len(gone))
		}
	})
}

func TestVisitsAreJudgedByOtherRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.Rules = must(machines.Default())(t)
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, LinkTerms: collateral.LinkTerms{MaxOpens: 3}})
		w.later(time.Hour)
		read := func(agent string) {
			b := w.asBrowser(l)
			b.request.UserAgent = agent
			b.passes(b.enter())
			w.later(15 * time.Second)
			b.attends(deck, beat(0, 15))
		}
		read("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		read("Probe/1.0 (+https://probe.example)")
		w.later(time.Hour)
		if err := w.EndVisits(ctx); err != nil {
			t.Fatal(err)
		}
		want := func(when string, counted, machines, notes int) {
			t.Helper()
			got, o := w.reload(l.ID), must(w.Outcome(ctx, w.rita, l.ID))(t)
			if got.Figures.Counted != counted || got.Figures.Machines != machines || w.engaged(deck) != counted || len(o.Notes) != notes || got.Opens != 2 {
				t.Errorf("%s: got %+v, %d engaged, %d notes and %d openings, want %d counted and %d machines", when, got.Figures, w.engaged(deck), len(o.Notes), got.Opens, counted, machines)
			}
		}
		want("at first", 1, 1, 0)
		same := must(w.JudgeAgain(ctx, false))(t)
		if same.Visits != 0 {
			t.Errorf("by the same rules %d visits are judged again", same.Visits)
		}
		w.Rules = must(machines.Parse("always foxes crawler word gecko\nperson attended attended when beats>=1"))(t)
		planned := must(w.JudgeAgain(ctx, true))(t)
		want("planned", 1, 1, 0)
		done := must(w.JudgeAgain(ctx, false))(t)
		if planned.Visits != 2 || planned.CameIn != 1 || planned.FellOut != 1 || done.Visits != 2 || done.CameIn != 1 || done.FellOut != 1 {
			t.Errorf("got %+v planned and %+v done", planned, done)
		}
		want("by other rules", 1, 1, 1)
		w.Rules = must(machines.Parse("always all program start mozilla | probe"))(t)
		must(w.JudgeAgain(ctx, false))(t)
		want("by rules that let nobody through", 0, 2, 2)
		if again := must(w.JudgeAgain(ctx, false))(t); again.Visits != 0 {
			t.Errorf("once more: got %+v", again)
		}
	})
}

// What is judged again is kept as it goes, with its note, so that others write in between: of more visits than one transaction
// takes, those before one that cannot be read.
func TestManyVisitsAreJudgedInParts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}})
		w.browser(l).sees(collateral.AskNothing)
		w.Rules = must(machines.Default())(t)
		w.later(time.Hour)
		if err := w.EndVisits(ctx); err != nil {
			t.Fatal(err)
		}
		first, _, err := w.Visits(ctx, w.rita, l.ID, collateral.Paging{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		const many = 600
		put := func(v collateral.Visit, facts string) {
			t.Helper()
			err := w.Store.Tx(ctx, func(tx *store.Store) error {
				return tx.PutJudged(ctx, &store.JudgedVisit{Visit: v, Rules: "of before", Facts: facts, Ended: true})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		visits := []collateral.Visit{first[0].Visit}
		err = w.Store.Tx(ctx, func(tx *store.Store) error {
			for range many - 1 {
				v := visits[0]
				v.ID = tx.NewID()
				visits = append(visits, v)
				if err := tx.AddVisit(ctx, &store.JudgedVisit{Visit: v, Facts: "{}"}); err != nil {
					return err
				}
				if err := tx.PutJudged(ctx, &store.JudgedVisit{Visit: v, Rules: "of before", Facts: "{}", Ended: true}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		put(visits[0], "{}")
		put(visits[many-1], "no facts")
		done, err := w.JudgeAgain(ctx, false)
		notes := must(w.Store.VisitNotes(ctx, time.Time{}))(t)
		if err == nil || done.Visits != 500 || len(notes) != 1 || notes[0].Visits != 500 {
			t.Fatalf("got %+v, error %v and notes %+v, want 500 visits judged before the error", done, err, notes)
		}
		put(visits[many-1], "{}")
		if done, err := w.JudgeAgain(ctx, false); err != nil || done.Visits != many-500 {
			t.Errorf("then: got %+v and error %v, want the other %d", done, err, many-500)
		}
	})
}
