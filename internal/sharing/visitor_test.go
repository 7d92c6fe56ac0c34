package sharing_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/sharing"
	"collateral/internal/watermark"
)

// browser is a visitor's: it keeps the key it is given.
type browser struct {
	w       *world
	request sharing.Request
	visit   uuid.UUID // as the page told
}

func (w *world) browser(l *sharing.Shared) *browser {
	return &browser{w: w, request: sharing.Request{Token: l.Token, Address: "198.51.100.1", Method: "GET", UserAgent: "Mozilla/5.0"}}
}

// keep keeps the key of a door and returns what was asked for.
func (b *browser) keep(d *sharing.Door, err error) (collateral.Ask, error) {
	b.w.t.Helper()
	if err != nil {
		return "", err
	}
	if d.Key != "" {
		b.request.Key = d.Key
	}
	b.visit = d.Visit.ID
	return d.Ask, nil
}

func (b *browser) open() (collateral.Ask, error) {
	b.w.t.Helper()
	return b.keep(b.w.Open(b.w.t.Context(), b.request))
}

// sees fails unless the link asks for exactly this.
func (b *browser) sees(want collateral.Ask) {
	b.w.t.Helper()
	if got, err := b.open(); err != nil || got != want {
		b.w.t.Fatalf("got asked for %q and error %v, want %q", got, err, want)
	}
}

func (b *browser) passcode(code string) (collateral.Ask, error) {
	return b.keep(b.w.GivePasscode(b.w.t.Context(), b.request, code))
}

func (b *browser) email(address string) (collateral.Ask, error) {
	return b.keep(b.w.GiveEmail(b.w.t.Context(), b.request, address))
}

func (b *browser) code(code string) (collateral.Ask, error) {
	return b.keep(b.w.GiveCode(b.w.t.Context(), b.request, code))
}

func (b *browser) enter() (collateral.Ask, error) {
	return b.keep(b.w.Enter(b.w.t.Context(), b.request))
}

// passes fails unless a gate let the visitor in.
func (b *browser) passes(ask collateral.Ask, err error) {
	b.w.t.Helper()
	if err != nil || ask != collateral.AskNothing {
		b.w.t.Fatalf("got asked for %q and error %v, want to be in", ask, err)
	}
}

func (b *browser) content(asset uuid.UUID, take bool) (string, error) {
	b.w.t.Helper()
	c, err := b.w.Content(b.w.t.Context(), b.request, asset, take)
	if err != nil {
		return "", err
	}
	return read(b.w.t, c), nil
}

func TestVisitorIsShownWhatIsPublishedNow(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck, prices, plan := w.published("Deck"), w.published("Prices"), w.published("Plan")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck, prices, plan}, Title: "For you", LinkTerms: collateral.LinkTerms{Downloads: true}})
		w.publish(deck, 2, "the second deck")
		if _, err := w.pieces.Withdraw(ctx, w.mia, prices, "Old."); err != nil {
			t.Fatal(err)
		}
		w.narrow(plan)
		b := w.browser(l)
		d := must(w.Open(ctx, b.request))(t)
		b.request.Key = d.Key
		if d.Title != "For you" || d.Ask != collateral.AskNothing || len(d.Pieces) != 3 {
			t.Fatalf("got %+v", d)
		}
		if p := d.Pieces[0]; p.Version == nil || p.Version.N != 2 || p.Title != "Deck" || p.Notice != "" {
			t.Errorf("got deck %+v, want its second version", p)
		}
		for i, title := range map[int]string{1: "Prices", 2: "Plan"} {
			if p := d.Pieces[i]; p.Version != nil || p.Title != title || p.Notice == "" {
				t.Errorf("got %+v, want a notice about %s", p, title)
			}
		}
		if got, err := b.content(deck, true); err != nil || got != "the second deck" {
			t.Errorf("got %q and error %v", got, err)
		}
		for name, id := range map[string]uuid.UUID{"withdrawn": prices, "internal by now": plan} {
			_, err := b.content(id, false)
			wantKind(t, name, err, collateral.Gone)
		}
		_, err := b.content(w.published("Other"), false)
		wantKind(t, "a piece that is not in the link", err, collateral.NotFound)
		if uses := must(w.Store.UsesOf(ctx, w.rita.UserID, l.CreatedAt, 10))(t); len(uses) != 0 {
			t.Errorf("the visitor's openings are uses of the rep: %+v", uses)
		}
	})
}

// narrow publishes a version of a piece of mia's that is for internal use.
func (w *world) narrow(id uuid.UUID) {
	w.t.Helper()
	a := must(w.pieces.Asset(w.t.Context(), w.mia, id))(w.t)
	_, err := w.pieces.Change(w.t.Context(), w.mia, id, &a.Revision, func(d *collateral.Details) error {
		d.Audience = collateral.ForInternal
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.publish(id, 2, "for our eyes only")
}

func TestLinkThatLetsNobodyIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		end := w.Store.Now().Add(time.Hour)
		expires := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, LinkTerms: collateral.LinkTerms{ExpiresAt: &end}})
		revoked := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		inside, stays := w.browser(revoked), w.browser(expires)
		inside.sees(collateral.AskNothing)
		stays.sees(collateral.AskNothing)
		if _, err := w.Revoke(ctx, w.rita, revoked.ID); err != nil {
			t.Fatal(err)
		}
		_, err := inside.content(deck, false)
		wantKind(t, "revoked while a visitor is in", err, collateral.Gone)
		wantKind(t, "revoked, a heartbeat", inside.beats(deck, beat(0, 1)), collateral.Gone)
		w.later(time.Hour)
		_, err = stays.open()
		wantKind(t, "ended while a visitor is in", err, collateral.Gone)
		for _, token := range []string{"", "short", strings.Repeat("a", 24), strings.Repeat("ä", 12), revoked.ID.String()} {
			_, err := w.Open(ctx, sharing.Request{Token: token})
			wantKind(t, "token "+token, err, collateral.NotFound)
		}
		if f := w.reload(revoked.ID).Figures; f.Raw != 1 {
			t.Errorf("got %d visits of the revoked link, want the one of before", f.Raw)
		}
	})
}

func TestPasscode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, Title: "Secret title", Passcode: "open sesame"})
		b := w.browser(l)
		d := must(w.Open(ctx, b.request))(t)
		b.request.Key = d.Key
		if d.Ask != collateral.AskPasscode || d.Title != "" || d.Pieces != nil {
			t.Errorf("got %+v before the passcode, want nothing told", d)
		}
		_, err := b.content(deck, false)
		wantKind(t, "content before the passcode", err, collateral.Forbidden)
		wantKind(t, "heartbeat before the passcode", b.beats(deck, beat(0, 1)), collateral.Forbidden)
		for _, wrong := range []string{"", "Open sesame", strings.Repeat("x", 10_000)} {
			_, err = b.passcode(wrong)
			wantKind(t, "wrong passcode", err, collateral.Forbidden, "/passcode")
		}
		b.passes(b.passcode("open sesame"))
		b.sees(collateral.AskNothing)
		if f := w.reload(l.ID).Figures; f.Raw != 1 || f.Counted != 1 || f.Persons != 1 || f.LastOpenedAt == nil {
			t.Errorf("got %+v, want one counted visit", f)
		}
		if _, err := w.Change(ctx, w.rita, l.ID, new(int64(1)), new("close sesame"), func(*collateral.LinkTerms) {}); err != nil {
			t.Fatal(err)
		}
		b.sees(collateral.AskPasscode)
		_, err = b.passcode("open sesame")
		wantKind(t, "the passcode of before", err, collateral.Forbidden)
		b.passes(b.passcode("close sesame"))
	})
}

func TestPasscodesAreLimited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}, Passcode: "open sesame"})
		try := func(address, passcode string) error {
			b := w.browser(l)
			b.request.Address = address
			_, err := b.passcode(passcode)
			return err
		}
		for range 10 {
			wantKind(t, "wrong passcode", try("2001:db8::1", "wrong!"), collateral.Forbidden)
		}
		wantKind(t, "after ten from one network", try("2001:db8::2", "open sesame"), collateral.TooMany)
		for i := range 40 {
			wantKind(t, "from elsewhere", try("198.51.100."+string(rune('1'+i%9)), "wrong!"), collateral.Forbidden)
		}
		wantKind(t, "after fifty from anywhere", try("203.0.113.1", "open sesame"), collateral.TooMany)
		w.later(time.Hour)
		if err := try("203.0.113.1", "open sesame"); err != nil {
			t.Errorf("after an hour: %v", err)
		}
	})
}

func TestAddressIsAsked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}, LinkTerms: collateral.LinkTerms{
			EmailGate: collateral.GateAsk, Allowed: []string{"@example.com"},
		}})
		b := w.browser(l)
		b.sees(collateral.AskEmail)
		_, err := b.email("jo")
		wantKind(t, "no address", err, collateral.Invalid, "/email")
		_, err = b.email("jo@example.org")
		wantKind(t, "an address that is not on the list", err, collateral.Forbidden, "/email")
		b.passes(b.email(" Jo@Example.com"))
		again := w.browser(l) // the same person on another machine
		again.passes(again.email("jo@example.com"))
		if f := w.reload(l.ID).Figures; f.Raw != 2 || f.Counted != 2 || f.Persons != 1 {
			t.Errorf("got %+v, want two visits of one person", f)
		}
		visits, _, err := w.Visits(ctx, w.rita, l.ID, collateral.Paging{Limit: 1})
		if err != nil || len(visits) != 1 || visits[0].Email != "jo@example.com" || visits[0].Verified || !visits[0].Visit.Counted() {
			t.Errorf("got visits %+v and error %v", visits, err)
		}
		if _, err := w.Change(ctx, w.rita, l.ID, new(int64(1)), nil, func(t *collateral.LinkTerms) { t.Allowed = []string{"ann@example.com"} }); err != nil {
			t.Fatal(err)
		}
		b.sees(collateral.AskEmail)
	})
}

func TestLinkThatOpensANumberOfTimes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}, LinkTerms: collateral.LinkTerms{MaxOpens: 2, Downloads: true}})
		first, second, late := w.browser(l), w.browser(l), w.browser(l)
		for _, b := range []*browser{first, second, late} {
			b.sees(collateral.AskOpen) // looking takes nothing
			b.sees(collateral.AskOpen)
			_, err := b.content(deck, true)
			wantKind(t, "content before the click", err, collateral.Forbidden)
		}
		first.passes(first.enter())
		first.passes(first.enter())
		second.passes(second.enter())
		_, err := late.enter()
		wantKind(t, "the third", err, collateral.Gone)
		_, err = late.open()
		wantKind(t, "the third again", err, collateral.Gone)
		first.sees(collateral.AskNothing) // the visit that took one goes on
		if got, err := first.content(deck, true); err != nil || got != "text of Deck" {
			t.Errorf("got %q and error %v", got, err)
		}
		if got := w.reload(l.ID); got.Opens != 2 || got.State != collateral.LinkUsedUp || got.Figures.Counted != 2 || got.Figures.Raw != 3 {
			t.Errorf("got %d openings, state %s, figures %+v", got.Opens, got.State, got.Figures)
		}
		w.later(time.Hour)
		_, err = first.open()
		wantKind(t, "the first in another visit", err, collateral.Gone)
	})
}

// Of two visitors who open a link for the last time at the same moment, one gets in.
func TestRaceForTheLastOpening(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}, LinkTerms: collateral.LinkTerms{MaxOpens: 3}})
		const racers = 8
		var browsers [racers]*browser
		for i := range browsers {
			browsers[i] = w.browser(l)
			browsers[i].sees(collateral.AskOpen)
		}
		var errs [racers]error
		var running sync.WaitGroup
		for i, b := range browsers {
			running.Go(func() { _, errs[i] = b.enter() })
		}
		running.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
			} else if collateral.KindOf(err) != collateral.Gone {
				t.Errorf("got %v, want a refusal that the link is used up", err)
			}
		}
		if got := w.reload(l.ID); in != 3 || got.Opens != 3 || got.Figures.Counted != 3 {
			t.Errorf("got %d in, %d openings and %d counted, want 3 of each", in, got.Opens, got.Figures.Counted)
		}
	})
}

func TestVisits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		deck := w.published("Deck")
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		w.Rules = must(machines.Default())(t)
		w.later(time.Hour)
		person, scanner := w.asBrowser(l), w.browser(l)
		scanner.request.UserAgent = "curl/8.5"
		scanner.sees(collateral.AskNothing)
		person.sees(collateral.AskNothing)
		w.later(29 * time.Minute)
		person.sees(collateral.AskNothing) // the same visit
		w.later(29 * time.Minute)
		for _, b := range []collateral.Beat{beat(3470, 3475), beat(3475, 3480)} {
			if err := person.beats(deck, b); err != nil {
				t.Fatal(err)
			}
		}
		if f := w.reload(l.ID).Figures; f.Raw != 2 || f.Counted != 1 || f.Persons != 1 || f.LastOpenedAt == nil {
			t.Errorf("got %+v, want two raw visits and one counted", f)
		}
		w.later(31 * time.Minute)
		wantKind(t, "a heartbeat after the visit", person.beats(deck, beat(3480, 3485)), collateral.Forbidden)
		person.sees(collateral.AskNothing) // another visit
		forged := *person
		forged.request.Key = "forged"
		wantKind(t, "a heartbeat with a forged key", forged.beats(deck, beat(0, 1)), collateral.Forbidden)
		other := w.made(collateral.NewLink{Assets: []uuid.UUID{deck}})
		forged = *person
		forged.request.Token = other.Token
		wantKind(t, "a heartbeat with the key of another link", forged.beats(deck, beat(0, 1)), collateral.Forbidden)
		visits, _, err := w.Visits(ctx, w.mia, l.ID, collateral.Paging{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		type seen struct{ Machine, Counted bool }
		var got []seen
		for _, v := range visits {
			got = append(got, seen{v.Visit.Machine, v.Visit.Counted()})
		}
		if diff := cmp.Diff([]seen{{false, false}, {false, true}, {true, false}}, got); diff != "" {
			t.Errorf("visits (-want +got):\n%s", diff)
		}
	})
}

// Many requests of one visitor at once, as a browser sends them after a pause, begin one visit.
func TestVisitBeginsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}})
		b := w.browser(l)
		b.sees(collateral.AskNothing)
		w.later(time.Hour)
		var running sync.WaitGroup
		for range 8 {
			running.Go(func() {
				if _, err := w.Open(t.Context(), b.request); err != nil {
					t.Error(err)
				}
			})
		}
		running.Wait()
		if f := w.reload(l.ID).Figures; f.Raw != 2 {
			t.Errorf("got %d visits, want 2", f.Raw)
		}
	})
}

func TestLinkWithoutDownloads(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		deck := w.published("Deck")
		b := w.browser(w.made(collateral.NewLink{Assets: []uuid.UUID{deck}}))
		b.sees(collateral.AskNothing)
		for _, take := range []bool{false, true} {
			_, err := b.content(deck, take)
			wantKind(t, "content", err, collateral.Forbidden)
		}
	})
}

func TestFilesAreMarked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.Marks = watermark.New()
		sheet, text := w.published("Sheet"), w.published("Text")
		w.publishFile(sheet, 2, "sheet.pdf", pdf(t))
		w.publish(text, 2, "no PDF")
		b := w.browser(w.made(collateral.NewLink{Assets: []uuid.UUID{sheet, text}, Recipient: "Jo Doe", LinkTerms: collateral.LinkTerms{Downloads: true, Watermark: true}}))
		b.sees(collateral.AskNothing)
		var files []string
		for _, take := range []bool{true, false, true} {
			c := must(w.Content(t.Context(), b.request, sheet, take))(t)
			if err := c.Sound(t.Context()); err != nil {
				t.Error(err)
			}
			got := read(t, c)
			if sum := sha256.Sum256([]byte(got)); c.Version.SHA256 != hex.EncodeToString(sum[:]) || c.Version.Size != int64(len(got)) || got == string(pdf(t)) || !strings.HasPrefix(got, "%PDF-") {
				t.Errorf("got %d bytes under the digest %s, want a marked PDF", len(got), c.Version.SHA256)
			}
			files = append(files, got)
		}
		if files[0] != files[1] || files[1] != files[2] {
			t.Error("the same visitor gets another file each time: its parts do not fit together")
		}
		_, err := b.content(text, true)
		wantKind(t, "a file that is no PDF", err, collateral.Forbidden)
	})
}

// pdf is a small one.
func pdf(t *testing.T) []byte {
	t.Helper()
	d := fpdf.New("P", "mm", "A4", "")
	d.SetCreationDate(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	d.SetModificationDate(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	d.AddPage()
	d.SetFont("Helvetica", "", 14)
	d.Cell(40, 10, "A sheet")
	var b bytes.Buffer
	if err := d.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A flood of requests without a cookie must not fill the database, and does not keep others out.
func TestVisitsAreLimited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.VisitsPerMinute = 3
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}})
		present := w.Store.Now().Truncate(time.Minute).Add(time.Minute)
		w.Store.Now = func() time.Time { return present }
		known := w.browser(l)
		for range 3 {
			known.request.Key = ""
			known.sees(collateral.AskNothing)
		}
		_, err := w.browser(l).open()
		wantKind(t, "a fourth visit", err, collateral.TooMany)
		known.sees(collateral.AskNothing) // goes on
		elsewhere := w.browser(l)
		elsewhere.request.Address = "203.0.113.1"
		elsewhere.sees(collateral.AskNothing)
		guess := sharing.Request{Token: strings.Repeat("a", 24), Address: "203.0.113.9"}
		for range 3 {
			_, err := w.Open(t.Context(), guess)
			wantKind(t, "a wrong token", err, collateral.NotFound)
		}
		_, err = w.Open(t.Context(), guess)
		wantKind(t, "a fourth wrong token", err, collateral.TooMany)
		w.later(time.Minute)
		w.browser(l).sees(collateral.AskNothing)
	})
}
