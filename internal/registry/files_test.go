package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

func TestFailedUploadsLeaveNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, details("Deck", exploration)))(t)
		for _, c := range []struct {
			name string
			who  collateral.Actor
			file registry.File
			kind collateral.Kind
		}{
			{"empty", w.mia, registry.File{Name: "a.txt", Content: strings.NewReader("")}, collateral.Invalid},
			{"too large", w.mia, registry.File{Name: "a.txt", Content: strings.NewReader(strings.Repeat("x", 1<<20+1))}, collateral.TooLarge},
			{"broken early", w.mia, registry.File{Name: "a.txt", Content: broken(0)}, collateral.Malformed},
			{"broken late", w.mia, registry.File{Name: "a.txt", Content: broken(100_000)}, collateral.Malformed},
			{"path", w.mia, registry.File{Name: "../a.txt", Content: strings.NewReader("x")}, collateral.Invalid},
			{"control character", w.mia, registry.File{Name: "a\x07.txt", Content: strings.NewReader("x")}, collateral.Invalid},
			{"long note", w.mia, registry.File{Name: "a.txt", Note: strings.Repeat("n", 3000), Content: strings.NewReader("x")}, collateral.Invalid},
			{"not the owner's", w.max, registry.File{Name: "a.txt", Content: strings.NewReader("x")}, collateral.NotFound},
		} {
			_, _, err := w.Upload(ctx, c.who, a.ID, c.file)
			if got := collateral.KindOf(err); err == nil || got != c.kind {
				t.Errorf("%s: got %v (kind %d), want kind %d", c.name, err, got, c.kind)
			}
		}
		if got := w.blobs(); len(got) != 0 {
			t.Errorf("blobs left behind: %q", got)
		}
		if got := w.reload(a.ID); got.Newest != nil {
			t.Errorf("version left behind: %+v", got.Newest)
		}
	})
}

func TestSharedBytes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first := w.created("First", "the same bytes")
		second := must(w.Create(ctx, w.mia, details("Second", exploration)))(t)
		_, warnings, err := w.Upload(ctx, w.mia, second.ID, registry.File{Name: "b.txt", Content: strings.NewReader("the same bytes")})
		if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "First") {
			t.Errorf("got warnings %q, %v; want one that names First", warnings, err)
		}
		strangers := must(w.Create(ctx, w.max, details("Third", exploration)))(t)
		_, warnings, err = w.Upload(ctx, w.max, strangers.ID, registry.File{Name: "c.txt", Content: strings.NewReader("the same bytes")})
		if err != nil || len(warnings) != 0 {
			t.Errorf("got warnings %q, %v; want none about pieces that max may not see", warnings, err)
		}
		if got := w.blobs(); len(got) != 1 {
			t.Fatalf("got %d blobs, want 1", len(got))
		}
		for i, d := range []struct {
			who   collateral.Actor
			asset *collateral.Asset
			left  int
		}{{w.mia, first, 1}, {w.max, strangers, 1}, {w.mia, second, 0}} {
			if err := w.Delete(ctx, d.who, d.asset.ID); err != nil {
				t.Fatal(err)
			}
			if got := len(w.blobs()); got != d.left {
				t.Errorf("after deletion %d: got %d blobs, want %d", i+1, got, d.left)
			}
		}
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.published("Deck", "secret words")
		w.work()
		_, err := w.Purge(ctx, w.ada, a.ID, 1, "Sent by mistake.")
		wantKind(t, err, collateral.Conflict)
		must(w.Withdraw(ctx, w.mia, a.ID, "Has to go."))(t)
		v := must(w.Purge(ctx, w.ada, a.ID, 1, "Sent by mistake."))(t)
		if !v.Purged || v.SHA256 == "" {
			t.Errorf("got %+v, want a purged version that keeps its hash", v)
		}
		if got := w.blobs(); len(got) != 0 {
			t.Errorf("blobs after the purge: %q", got)
		}
		if pages := must(w.Store.VersionPages(ctx, v.ID))(t); len(pages) != 0 {
			t.Errorf("text after the purge: %q", pages)
		}
		_, err = w.VersionContent(ctx, w.mia, a.ID, 1)
		wantKind(t, err, collateral.Gone)
		_, err = w.Purge(ctx, w.ada, a.ID, 1, "Again.")
		wantKind(t, err, collateral.Conflict)
		_, err = w.Publish(ctx, w.mia, a.ID)
		wantKind(t, err, collateral.Gate, "/versions")

		// What Sales signed before does not come back in place of what was purged.
		b := w.published("Prices", "old prices")
		w.upload(w.mia, b.ID, "new prices")
		w.submit(w.mia, b.ID)
		w.sign(w.ann, b.ID, 2)
		must(w.Publish(ctx, w.mia, b.ID))(t)
		must(w.Withdraw(ctx, w.mia, b.ID, "Has to go."))(t)
		must(w.Purge(ctx, w.ada, b.ID, 2, "Sent by mistake."))(t)
		_, err = w.Publish(ctx, w.mia, b.ID)
		wantKind(t, err, collateral.Gate, "/versions")

		draft := w.created("Draft", "also secret")
		must(w.Purge(ctx, w.ada, draft.ID, 1, "Sent by mistake."))(t)
		wantKind(t, w.Delete(ctx, w.mia, draft.ID), collateral.Conflict)
	})
}

func TestExtractionTellsWhy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, details("Deck", exploration)))(t)
		v, _, err := w.Upload(ctx, w.mia, a.ID, registry.File{Name: "broken.pdf", Content: strings.NewReader("%PDF-1.7\nnot really")})
		if err != nil {
			t.Fatal(err)
		}
		if got := must(w.Store.Extractions(ctx, []uuid.UUID{v.ID}))(t)[v.ID].State; got != collateral.ExtractionPending {
			t.Errorf("after the upload: got %s, want pending", got)
		}
		w.work()
		versions, _, err := w.Versions(ctx, w.mia, a.ID, collateral.Paging{Limit: 1})
		if err != nil || versions[0].Extraction == nil {
			t.Fatalf("got versions %+v, %v; want one that tells of its extraction", versions, err)
		}
		got := versions[0].Extraction
		if got.State != collateral.ExtractionFailed || got.Reason == "" {
			t.Errorf("got %+v, want failed with a reason", got)
		}
	})
}

// TestExtractionWaitsForADeletion has the text of a draft read while the draft is being deleted. Written in between, the
// text would keep the deletion from ending.
func TestExtractionWaitsForADeletion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.created("Deck", "words of a draft")
		ended := make(chan error, 1)
		err := w.Store.Tx(ctx, func(tx *store.Store) error {
			if err := tx.LockAsset(ctx, a.ID); err != nil {
				return err
			}
			go func() { ended <- w.ExtractText(ctx, a.Newest.ID) }()
			select {
			case err := <-ended:
				t.Errorf("the text was kept beside the deletion (error %v)", err)
				ended <- err
			case <-time.After(300 * time.Millisecond):
			}
			_, err := tx.DeleteAsset(ctx, a.ID)
			return err
		})
		if err != nil {
			t.Errorf("deleting: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("reading the text of a piece that is gone: got %v, want nothing to do", err)
		}
	})
}

func TestLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, details("Demo site", exploration)))(t)
		_, _, err := w.AddLink(ctx, w.mia, a.ID, "javascript:alert(1)", "")
		wantKind(t, err, collateral.Invalid, "/url")
		v, _, err := w.AddLink(ctx, w.mia, a.ID, "https://example.com/demo", "")
		if err != nil {
			t.Fatal(err)
		}
		w.submit(w.mia, a.ID)
		w.sign(w.ann, a.ID, 1)
		must(w.Publish(ctx, w.mia, a.ID))(t)
		c := must(w.Content(ctx, w.rita, a.ID))(t)
		if diff := cmp.Diff("https://example.com/demo", c.Version.URL); diff != "" || c.File != nil || v.MediaType != collateral.LinkMediaType {
			t.Errorf("got %+v, want the address alone", c)
		}
	})
}

// An upload whose answer was lost is sent again, and is the version that it became the first time.
func TestUploadSentAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := must(w.Create(ctx, w.mia, details("Deck", exploration)))(t)
		must(w.AddCoauthor(ctx, w.mia, a.ID, w.max.UserID))(t)
		send := func(actor collateral.Actor, name, note, content string) int {
			t.Helper()
			v, _, err := w.Upload(ctx, actor, a.ID, registry.File{Name: name, Note: note, Content: strings.NewReader(content)})
			if err != nil {
				t.Fatal(err)
			}
			if v.N != w.reload(a.ID).Newest.N {
				t.Errorf("got version %d, want the newest", v.N)
			}
			return v.N
		}
		for i, step := range []struct {
			what string
			by   collateral.Actor
			name string
			note string
			text string
			want int
		}{
			{"the first", w.mia, "deck.txt", "", "one", 1},
			{"again", w.mia, "deck.txt", "", "one", 1},
			{"another note", w.mia, "deck.txt", "Mended.", "one", 2},
			{"another name", w.mia, "deck-2.txt", "Mended.", "one", 3},
			{"somebody else", w.max, "deck-2.txt", "Mended.", "one", 4},
			{"other content", w.max, "deck-2.txt", "Mended.", "two", 5},
			{"again", w.max, "deck-2.txt", "Mended.", "two", 5},
			{"what was there before", w.max, "deck-2.txt", "Mended.", "one", 6},
		} {
			if got := send(step.by, step.name, step.note, step.text); got != step.want {
				t.Errorf("step %d, %s: got version %d, want %d", i, step.what, got, step.want)
			}
		}
		w.submit(w.max, a.ID)
		if got := send(w.max, "deck-2.txt", "Mended.", "one"); got != 6 {
			t.Errorf("under review: got version %d, want the one that waits", got)
		}
		now := w.reload(a.ID)
		must(w.Change(ctx, w.mia, a.ID, &now.Revision, func(d *collateral.Details) error {
			d.Audience = collateral.ForPartner
			return nil
		}))(t)
		if got := send(w.max, "deck-2.txt", "Mended.", "one"); got != 7 {
			t.Errorf("under review with another audience: got version %d, want a new one", got)
		}
		w.submit(w.max, a.ID)
		w.sign(w.ann, a.ID, 7)
		if got := send(w.max, "deck-2.txt", "Mended.", "one"); got != 8 {
			t.Errorf("signed: got version %d, want a new one", got)
		}
		one, _, err := w.AddLink(ctx, w.mia, a.ID, "https://example.com/a", "")
		if err != nil {
			t.Fatal(err)
		}
		two, _, err := w.AddLink(ctx, w.mia, a.ID, "https://example.com/a", "")
		if err != nil || one.ID != two.ID {
			t.Errorf("a link: got version %d, then %d, %v; want one", one.N, two.N, err)
		}
	})
}
