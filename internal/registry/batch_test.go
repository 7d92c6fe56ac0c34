package registry_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// outcomes says of each row of a batch what submitting it came to: "SOURCE STATE", with a mark when it was submitted now
// and the faults when it was not.
func (w *world) outcomes(actor collateral.Actor, batch *collateral.Batch) []string {
	w.t.Helper()
	var got []string
	for paging := (collateral.Paging{Limit: 2}); ; {
		page, next, err := w.SubmitBatch(w.t.Context(), actor, batch.ID, paging)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, s := range page {
			text := s.Source + " " + string(s.State)
			if s.Submitted {
				text += " now"
			}
			for _, f := range s.Missing {
				text += " " + f.Pointer + ":" + f.Detail[:9]
			}
			got = append(got, text)
		}
		if paging.Cursor = next; next == "" {
			return got
		}
	}
}

func TestBatchIsSubmitted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		lib := library()
		batch, _ := w.started(lib)
		if _, _, err := w.ImportFile(t.Context(), w.ada, batch.ID, "faq.txt", strings.NewReader("questions")); err != nil {
			t.Fatal(err)
		}
		want := []string{"decks/first.txt awaiting_file", "faq.txt incomplete /stages:The piece", "https://example.com/film awaiting_file"}
		if diff := cmp.Diff(want, w.outcomes(w.ada, batch)); diff != "" {
			t.Errorf("before the files (-want +got):\n%s", diff)
		}
		w.importFiles(batch, lib.Files)
		want = []string{"decks/first.txt in_review now", "faq.txt incomplete /stages:The piece", "https://example.com/film in_review now"}
		if diff := cmp.Diff(want, w.outcomes(w.ada, batch)); diff != "" {
			t.Errorf("the first time (-want +got):\n%s", diff)
		}
		waiting, _, err := w.BatchReviews(t.Context(), w.ann, batch.ID, true, collateral.Paging{Limit: 10})
		if err != nil || len(waiting) != 2 {
			t.Fatalf("got %d pieces of the batch that wait for ann, error %v, want 2", len(waiting), err)
		}
		batches := must(w.WaitingBatches(t.Context(), w.ann, true))(t)
		if len(batches) != 1 || batches[0].ID != batch.ID || batches[0].Name != batch.Name || batches[0].Waiting != 2 {
			t.Errorf("got the batches %+v, want this one with 2 that wait", batches)
		}
		_, err = w.WaitingBatches(t.Context(), w.mia, false)
		wantKind(t, err, collateral.Forbidden)
		w.submit(w.mia, w.created("Another deck", "text").ID)
		all, _, err := w.Reviews(t.Context(), w.ann, true, collateral.Paging{Limit: 10})
		if err != nil || len(all) != 3 {
			t.Errorf("got %d pieces that wait for ann, error %v, want 3", len(all), err)
		}

		// A piece becomes complete, another goes on by itself; the rest stays as it is.
		faq := w.items(batch)[1].Asset
		must(w.Change(t.Context(), w.mia, faq.ID, &faq.Revision, func(d *collateral.Details) error {
			d.Stages = []collateral.StageTag{{Stage: exploration, Role: roleText, Primary: true}}
			return nil
		}))(t)
		w.sign(w.ann, waiting[0].Asset.ID, 1)
		must(w.Publish(t.Context(), w.mia, waiting[0].Asset.ID))(t)
		want = []string{"decks/first.txt published", "faq.txt in_review now", "https://example.com/film in_review"}
		if diff := cmp.Diff(want, w.outcomes(w.ada, batch)); diff != "" {
			t.Errorf("the second time (-want +got):\n%s", diff)
		}
		counts := must(w.Batch(t.Context(), w.ada, batch.ID))(t).Counts
		if diff := cmp.Diff(map[collateral.ItemState]int{"published": 1, "in_review": 2}, counts); diff != "" {
			t.Errorf("the progress differs (-want +got):\n%s", diff)
		}
	})
}

// TestAdminLeavesNewerVersionsAlone: what an owner uploaded since is submitted by the owner.
func TestAdminLeavesNewerVersionsAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		batch := w.imported(library())
		w.upload(w.mia, w.items(batch)[0].AssetID, "not ready yet")
		got := w.outcomes(w.ada, batch)
		if want := "decks/first.txt draft :Its owner"; got[0] != want {
			t.Errorf("got %q, want %q", got[0], want)
		}
	})
}

// TestStateOfRowsIsTheRule holds the states that the database finds to the rule.
func TestStateOfRowsIsTheRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const stage = `"validation (primary): Shows that it works, with their data."`
		var csv strings.Builder
		csv.WriteString(libraryHeader)
		files := fstest.MapFS{}
		for i := range 10 {
			name := fmt.Sprintf("%d.txt", i)
			tags := stage
			if i == 0 {
				tags = "validation: Shows that it works at a customer."
			}
			fmt.Fprintf(&csv, "%s,,Piece %d,deck,customer,%s,mia@example.com,,,\n", name, i, tags)
			files[name] = &fstest.MapFile{Data: []byte(name)}
		}
		batch, _ := w.started(registry.Library{Name: "states", CSV: []byte(csv.String()), Files: files})
		delete(files, "9.txt")
		if done := must(w.ImportFiles(t.Context(), w.ada, batch, files, func(registry.Imported) {}))(t); done.Made != 9 {
			t.Fatalf("got %+v, want nine pieces", done)
		}
		items := w.items(batch)
		decide := func(i int, decision collateral.Decision) {
			w.submit(w.mia, items[i].AssetID)
			must(w.Review(t.Context(), w.ann, items[i].AssetID, 1, decision, "Said so."))(t)
		}
		publish := func(i int) {
			decide(i, collateral.Approve)
			must(w.Publish(t.Context(), w.mia, items[i].AssetID))(t)
		}
		w.submit(w.mia, items[2].AssetID)
		decide(3, collateral.RequestChanges)
		decide(4, collateral.Reject)
		decide(5, collateral.Approve)
		publish(6)
		publish(7)
		must(w.Withdraw(t.Context(), w.mia, items[7].AssetID, "Outdated."))(t)
		if err := w.Delete(t.Context(), w.mia, items[8].AssetID); err != nil {
			t.Fatal(err)
		}
		want := []collateral.ItemState{"incomplete", "draft", "in_review", "changes_requested", "rejected", "approved", "published", "withdrawn", "deleted", "awaiting_file"}
		var got []collateral.ItemState
		for _, i := range w.items(batch) {
			got = append(got, i.State)
			if i.Asset != nil && collateral.ItemStateOf(i.Asset) != i.State {
				t.Errorf("row %d: the database finds %s, the rule %s", i.N, i.State, collateral.ItemStateOf(i.Asset))
			}
			if listed := w.items(batch, i.State); len(listed) != 1 || listed[0].N != i.N {
				t.Errorf("got %d rows listed as %s, want row %d", len(listed), i.State, i.N)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the states differ (-want +got):\n%s", diff)
		}
		b := must(w.Batch(t.Context(), w.ada, batch.ID))(t)
		for _, state := range collateral.ItemStates() {
			if b.Counts[state] != 1 {
				t.Errorf("got %d rows counted as %s, want 1", b.Counts[state], state)
			}
		}
		if b.Rows() != len(items) {
			t.Errorf("got %d rows, want %d", b.Rows(), len(items))
		}
	})
}

func TestDuplicatesOfABatch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		text := func(seed, changed int) string {
			random := rand.New(rand.NewPCG(uint64(seed), 0))
			var b strings.Builder
			for i := range 400 {
				word := random.IntN(1000)
				if i < changed {
					word = 5000 + i
				}
				fmt.Fprintf(&b, "w%d ", word)
			}
			return b.String()
		}
		published := w.published("On the shelf", text(1, 0))
		hidden := must(w.Create(t.Context(), w.max, details("Hidden draft", exploration)))(t)
		w.upload(w.max, hidden.ID, text(2, 0))
		rows := []struct{ name, content, want string }{
			{"same.txt", text(1, 0), "On the shelf same"},
			{"near.txt", text(1, 12), "same.txt alike"},
			{"other.txt", text(3, 0), ""},
			{"twin.txt", text(3, 0), "other.txt same"},
			{"nearer.txt", text(3, 5), "other.txt alike"},
			{"far.txt", text(3, 200), ""},
			{"short.txt", "Draft, confidential.", ""},
			{"shorter.txt", "Draft, confidential!", ""},
			{"hidden.txt", text(2, 0), ""},
		}
		csv, files := libraryHeader, fstest.MapFS{}
		for _, r := range rows {
			csv += r.name + ",,Of " + r.name + ",deck,customer,,,,,\n"
			files[r.name] = &fstest.MapFile{Data: []byte(r.content)}
		}
		batch, _, _, err := w.StartImport(t.Context(), w.mia, registry.Library{Name: "twins", CSV: []byte(csv), Files: files})
		if err != nil {
			t.Fatal(err)
		}
		must(w.ImportFiles(t.Context(), w.mia, batch, files, func(registry.Imported) {}))(t)
		list := func(actor collateral.Actor) (map[string]string, int) {
			duplicates, unread, err := w.Duplicates(t.Context(), actor, batch.ID)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, d := range duplicates {
				how := " alike"
				if d.Same {
					how = " same"
				}
				got[d.Item.Source] = strings.TrimPrefix(d.Other.Title, "Of ") + how
				if d.Other.ID == published.ID && d.Other.Publication == nil || d.Likeness < collateral.NearlySame {
					t.Errorf("got %+v of %s, want the published piece and a likeness", d.Other, d.Item.Source)
				}
			}
			return got, unread
		}
		got, unread := list(w.mia)
		if want := map[string]string{"same.txt": "On the shelf same", "twin.txt": "other.txt same"}; unread != len(rows) || cmp.Diff(want, got) != "" {
			t.Errorf("got %v and %d unread before any text was read, want %v and all", got, unread, want)
		}
		w.work()
		want := map[string]string{}
		for _, r := range rows {
			if r.want != "" {
				want[r.name] = r.want
			}
		}
		got, unread = list(w.mia)
		if diff := cmp.Diff(want, got); diff != "" || unread != 0 {
			t.Errorf("got %d unread; what is like another differs (-want +got):\n%s", unread, diff)
		}
		// An admin sees the draft that a marketer must not learn of.
		want["hidden.txt"] = "Hidden draft same"
		if got, _ := list(w.ada); cmp.Diff(want, got) != "" {
			t.Errorf("an admin is told %v, want %v", got, want)
		}
		_, _, err = w.Duplicates(t.Context(), w.max, batch.ID)
		wantKind(t, err, collateral.NotFound)
	})
}
