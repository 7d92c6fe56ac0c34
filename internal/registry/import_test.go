package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"collateral/internal/access"
	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/registry"
)

const libraryHeader = "file,url,title,type,audience,stages,owner,coauthors,first_published_on,personas\n"

// libraryCSV is two files and a link: complete, incomplete, complete.
const libraryCSV = libraryHeader +
	`decks/first.txt,,First call deck,deck,customer,"validation (primary): Shows that it works, with their data.",mia@example.com,max@example.com,2024-02-29,cfo | cto` + "\n" +
	`faq.txt,,Questions and answers,faq,partner,,mia@example.com,,,` + "\n" +
	`,https://example.com/film,The film,video,customer,"validation (primary): Shows that it works, with their data.",max@example.com,,,` + "\n"

func libraryFiles() fstest.MapFS {
	return fstest.MapFS{"decks/first.txt": {Data: []byte("the first call")}, "faq.txt": {Data: []byte("questions")}}
}

func library() registry.Library {
	return registry.Library{Name: "library", CSV: []byte(libraryCSV), Files: libraryFiles()}
}

// started is a batch of the library that ada brings in.
func (w *world) started(lib registry.Library) (*collateral.Batch, *registry.Plan) {
	w.t.Helper()
	batch, plan, _, err := w.StartImport(w.t.Context(), w.ada, lib)
	if err != nil {
		w.t.Fatalf("starting the import: %v", err)
	}
	return batch, plan
}

// imported is a batch whose pieces were made.
func (w *world) imported(lib registry.Library) *collateral.Batch {
	w.t.Helper()
	batch, _ := w.started(lib)
	w.importFiles(batch, lib.Files)
	return must(w.Batch(w.t.Context(), w.ada, batch.ID))(w.t)
}

func (w *world) importFiles(batch *collateral.Batch, files fs.FS) registry.Imported {
	w.t.Helper()
	done := must(w.ImportFiles(w.t.Context(), w.ada, batch, files, func(registry.Imported) {}))(w.t)
	if done.Failed > 0 {
		w.t.Fatalf("importing files: %v", done.Faults)
	}
	return done
}

func (w *world) deactivate(person collateral.Actor) {
	w.t.Helper()
	no := false
	must(w.access.ChangeUser(w.t.Context(), w.ada, person.UserID, access.UserChange{Active: &no}))(w.t)
}

func (w *world) items(batch *collateral.Batch, states ...collateral.ItemState) []registry.BatchItem {
	w.t.Helper()
	items, _, err := w.BatchItems(w.t.Context(), w.ada, batch.ID, states, collateral.Paging{Limit: 1000})
	if err != nil {
		w.t.Fatalf("listing the rows: %v", err)
	}
	return items
}

func TestLibraryBecomesPieces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		batch := w.imported(library())
		want := map[collateral.ItemState]int{collateral.ItemDraft: 2, collateral.ItemIncomplete: 1}
		if diff := cmp.Diff(want, batch.Counts); diff != "" {
			t.Errorf("the progress differs (-want +got):\n%s", diff)
		}
		a := w.reload(w.items(batch)[0].AssetID)
		wanted := &collateral.Asset{
			Details: collateral.Details{
				Title: "First call deck", Type: "deck", Audience: collateral.ForCustomer, Personas: []string{"cfo", "cto"},
				Stages: []collateral.StageTag{{Stage: "validation", Role: "Shows that it works, with their data.", Primary: true}},
			},
			OwnerID: w.mia.UserID, Coauthors: a.Coauthors, FirstPublishedOn: "2024-02-29", Revision: 1,
		}
		ignored := cmp.Options{
			cmpopts.IgnoreFields(collateral.Asset{}, "ID", "CreatedAt", "UpdatedAt", "Standing"),
			cmpopts.IgnoreFields(collateral.StageTag{}, "StageID"), cmpopts.EquateEmpty(),
		}
		if diff := cmp.Diff(wanted, a, ignored); diff != "" {
			t.Errorf("the piece differs (-want +got):\n%s", diff)
		}
		if len(a.Coauthors) != 1 || a.Coauthors[0] != w.max.UserID {
			t.Errorf("got co-authors %v, want max", a.Coauthors)
		}
		v := a.Newest
		if v.State != collateral.Draft || v.FileName != "first.txt" || v.UploadedBy != w.ada.UserID || v.Extraction != nil && v.Extraction.State != collateral.ExtractionPending {
			t.Errorf("got version %+v, want a draft of first.txt that ada uploaded", v)
		}
		w.work()
		if got := w.read(must(w.VersionContent(t.Context(), w.mia, a.ID, 1))(t)); got != "the first call" {
			t.Errorf("got content %q, want that of the file", got)
		}
		// Who brought it in made it: they cannot sign it even as an approver.
		submitted := must(first(w.Submit(t.Context(), w.mia, a.ID)))(t)
		_, err := w.Review(t.Context(), collateral.Actor{UserID: w.ada.UserID, Roles: []collateral.Role{collateral.Approver, collateral.Admin}}, submitted.ID, 1, collateral.Approve, "")
		wantKind(t, err, collateral.Forbidden)
	})
}

func first[A, B any](a A, _ B, err error) (A, error) { return a, err }

// TestImportGoesOn does everything twice, with a piece that was made, one that was deleted, and a row that was changed.
func TestImportGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		lib := library()
		some := fstest.MapFS{"decks/first.txt": lib.Files.(fstest.MapFS)["decks/first.txt"]}
		batch, _ := w.started(lib)
		done := must(w.ImportFiles(t.Context(), w.ada, batch, some, func(registry.Imported) {}))(t)
		if done.Made != 2 || done.Failed != 1 || done.Faults[0].Line != 3 {
			t.Fatalf("got %+v, want two pieces and a failure in line 3", done)
		}

		// Once more, with all rows changed, one added in the middle and the link gone.
		again := lib
		again.CSV = []byte(strings.NewReplacer("First call deck", "First call", "Questions", "All questions",
			"faq.txt", "more.txt,,More,faq,partner,,mia@example.com,,,\nfaq.txt", "https://example.com/film", "https://example.com/other").Replace(libraryCSV))
		again.Files = fstest.MapFS{"decks/first.txt": some["decks/first.txt"], "faq.txt": {Data: []byte("questions")}, "more.txt": {Data: []byte("more")}}
		same, plan := w.started(again)
		if same.ID != batch.ID || plan.Known != 1 {
			t.Errorf("got batch %s with %d pieces known, want %s with one", same.ID, plan.Known, batch.ID)
		}
		var warnings []string
		for _, f := range plan.Warnings {
			warnings = append(warnings, f.String())
		}
		want := []string{
			"2: The row was changed since its piece was made, and the piece keeps what it has. Change the piece instead.",
			"4: The row was changed since it was first read, and is taken as it is now.",
			"Rows that are no longer in the CSV, and have their pieces: 1. The pieces stay.",
		}
		if diff := cmp.Diff(want, warnings); diff != "" {
			t.Errorf("the warnings differ (-want +got):\n%s", diff)
		}
		if done := w.importFiles(batch, again.Files); done.Made != 3 || done.Of != 3 {
			t.Errorf("got %+v, want three pieces more", done)
		}
		var titles []string
		for _, i := range w.items(batch) {
			titles = append(titles, i.Asset.Title)
		}
		if diff := cmp.Diff([]string{"First call deck", "All questions and answers", "The film", "More", "The film"}, titles); diff != "" {
			t.Errorf("the pieces differ (-want +got):\n%s", diff)
		}

		// What an owner deleted does not come back.
		if err := w.Delete(t.Context(), w.mia, w.items(batch)[1].AssetID); err != nil {
			t.Fatal(err)
		}
		_, plan = w.started(again)
		if done := w.importFiles(batch, again.Files); done.Made != 0 || done.Of != 0 || plan.Known != 4 {
			t.Errorf("got %+v and %d pieces known, want nothing left to do", done, plan.Known)
		}
		if states := w.items(batch, collateral.ItemDeleted); len(states) != 1 || states[0].Source != "faq.txt" {
			t.Errorf("got %d deleted rows, want faq.txt", len(states))
		}
	})
}

// TestImportOfFaultsDoesNothing names every fault with its line, and leaves no trace.
func TestImportOfFaultsDoesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		const stage = `"validation (primary): Shows that it works, with their data."`
		rows := []string{
			"gone.txt,,Gone,deck,customer," + stage + ",mia@example.com,,,",
			"empty.txt,,Empty,deck,customer," + stage + ",mia@example.com,,,",
			"large.txt,,Large,deck,customer," + stage + ",mia@example.com,,,",
			"folder,,Folder,deck,customer," + stage + ",mia@example.com,,,",
			"good.txt,,Good,deck,customer,\"validatoin: Shows that it works, with their data.\",mia@example.com,,,",
			"good.txt,,Good,deck,customer," + stage + ",mia@example.com,,,",
			",https://example.com/,Link,link,customer," + stage + ",nobody@example.com,eve@example.com,,",
			",https://example.com/,Link,link,customer," + stage + ",ann@example.com,rob@example.com,,",
			",https://example.com/2,Link,lnk,customer," + stage + ",,,2023-02-29,Not A Slug",
		}
		must(w.SetTaxonomy(t.Context(), w.ada, collateral.Taxonomy{Facet: collateral.Persona, Closed: true, Values: []string{"cfo"}}))(t)
		rows = append(rows, "good2.txt,,Good,deck,customer,"+stage+",mia@example.com,,,coo")
		w.deactivate(w.rob)
		lib := registry.Library{Name: "library", CSV: []byte(libraryHeader + strings.Join(rows, "\n")), Files: fstest.MapFS{
			"empty.txt": {}, "large.txt": {Data: make([]byte, 1<<20+1)}, "folder/file.txt": {Data: []byte("a")}, "good.txt": {Data: []byte("a")}, "good2.txt": {Data: []byte("b")},
		}}
		batch, plan, _, err := w.StartImport(t.Context(), w.ada, lib)
		if batch != nil || plan == nil {
			t.Fatalf("got batch %v and plan %v, want a plan only", batch, plan)
		}
		wantKind(t, err, collateral.Invalid, "/csv/2/file", "/csv/3/file", "/csv/4/file", "/csv/5/file", "/csv/6/stages", "/csv/7/file",
			"/csv/8/owner", "/csv/8/coauthors", "/csv/9/url", "/csv/9/owner", "/csv/9/coauthors",
			"/csv/10/type", "/csv/10/personas", "/csv/10/first_published_on", "/csv/10/personas", "/csv/10/owner", "/csv/11/personas")
		var got []string
		for _, f := range plan.Faults {
			got = append(got, f.String())
		}
		want := []string{
			"2: file: There is no such file in the folder.",
			"3: file: The file is empty.",
			"4: file: The file is larger than 1 MiB, the most that this registry takes.",
			"5: file: This is a folder or something else that is no file.",
			`6: stages: There is no buying stage "validatoin". Did you mean "validation"?`,
			"7: file: This stands in line 6 already. A piece has one row.",
			`8: owner: Nobody has the e-mail address "nobody@example.com".`,
			`8: coauthors: Nobody has the e-mail address "eve@example.com".`,
			"9: url: This stands in line 8 already. A piece has one row.",
			"9: owner: ann@example.com is neither marketer nor rep, and pieces belong to one of these. Name somebody else.",
			"9: coauthors: The account of rob@example.com is not active. Leave it out.",
			`10: type: There is no type "lnk". Did you mean "link"?`,
			`10: personas: Use 1 to 64 lower-case letters, digits and hyphens, like "line-of-business".`,
			"10: first_published_on: This is not a date. Write it like 2024-03-31.",
			`10: personas: "Not A Slug" is not in the list of personas, which an admin closed. Choose one that is, or ask an admin to add it.`,
			"10: owner: ada@example.com is neither marketer nor rep, and pieces belong to one of these. Name somebody else.",
			`11: personas: "coo" is not in the list of personas, which an admin closed. Choose one that is, or ask an admin to add it.`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the faults differ (-want +got):\n%s", diff)
		}
		batches, _, err := w.Batches(t.Context(), w.ada, collateral.Paging{Limit: 10})
		if err != nil || len(batches) > 0 || len(w.blobs()) > 0 {
			t.Errorf("got %d batches and blobs %v, error %v, want nothing", len(batches), w.blobs(), err)
		}
	})
}

// TestPlanDoesNothing is what --dry-run promises.
func TestPlanDoesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		plan := must(w.PlanImport(t.Context(), w.ada, library()))(t)
		got := registry.Plan{Format: plan.Format, Rows: plan.Rows, Links: plan.Links, Known: plan.Known, Incomplete: plan.Incomplete, Faults: plan.Faults, Warnings: plan.Warnings}
		want := registry.Plan{Format: "UTF-8, separated by commas", Rows: 3, Links: 1, Incomplete: 1}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(registry.Plan{})); diff != "" {
			t.Errorf("the plan differs (-want +got):\n%s", diff)
		}
		batches, _, err := w.Batches(t.Context(), w.ada, collateral.Paging{Limit: 10})
		if err != nil || len(batches) > 0 || len(w.blobs()) > 0 {
			t.Errorf("got %d batches and blobs %v, error %v, want nothing", len(batches), w.blobs(), err)
		}
	})
}

func TestWhoImports(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		own := registry.Library{Name: "own", CSV: []byte("url,title,type,audience,owner\nhttps://example.com/a,Own link,link,customer,\n")}
		for name, actor := range map[string]collateral.Actor{"a rep": w.rita, "an approver": w.ann, "a leader": w.lea} {
			_, err := w.PlanImport(t.Context(), actor, own)
			if collateral.KindOf(err) != collateral.Forbidden {
				t.Errorf("%s: got %v, want a refusal", name, err)
			}
		}
		batch, _, made, err := w.StartImport(t.Context(), w.mia, own)
		if err != nil || !made {
			t.Fatalf("a marketer's own library: got %v, made %v", err, made)
		}
		if done := must(w.ImportFiles(t.Context(), w.mia, batch, nil, func(registry.Imported) {}))(t); done.Made != 1 {
			t.Errorf("got %+v, want the link made", done)
		}
		_, _, _, err = w.StartImport(t.Context(), w.max, library())
		wantKind(t, err, collateral.Invalid, "/csv/2/owner", "/csv/3/owner")

		// A batch is seen by its maker and by admins.
		for name, actor := range map[string]collateral.Actor{"another marketer": w.max, "an approver": w.ann} {
			_, err := w.Batch(t.Context(), actor, batch.ID)
			if collateral.KindOf(err) != collateral.NotFound {
				t.Errorf("%s: got %v, want not found", name, err)
			}
			_, _, err = w.SubmitBatch(t.Context(), actor, batch.ID, collateral.Paging{Limit: 10})
			if collateral.KindOf(err) != collateral.NotFound {
				t.Errorf("%s: got %v, want not found", name, err)
			}
			batches, _, err := w.Batches(t.Context(), actor, collateral.Paging{Limit: 10})
			if err != nil || len(batches) > 0 {
				t.Errorf("%s: got %d batches, error %v, want none", name, len(batches), err)
			}
		}
		must(w.Batch(t.Context(), w.ada, batch.ID))(t)
	})
}

// TestFilesAreSentOneByOne is how a library comes in over the network.
func TestFilesAreSentOneByOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		lib := library()
		lib.Files = nil
		batch, _ := w.started(lib)
		send := func(actor collateral.Actor, source, content string) (bool, error) {
			_, made, err := w.ImportFile(t.Context(), actor, batch.ID, source, strings.NewReader(content))
			return made, err
		}
		for i, want := range []bool{true, false} {
			if made, err := send(w.ada, "decks/first.txt", "the first call"); err != nil || made != want {
				t.Errorf("sending a file, time %d: got made %v, error %v, want %v", i+1, made, err, want)
			}
		}
		_, err := send(w.ada, "decks/first.txt", "something else")
		wantKind(t, err, collateral.Conflict)
		_, err = send(w.ada, "decks/unknown.txt", "something else")
		wantKind(t, err, collateral.NotFound)
		_, err = send(w.ada, "https://example.com/film", "something else")
		wantKind(t, err, collateral.NotFound) // a link has no path
		_, err = send(w.ada, "faq.txt", "")
		wantKind(t, err, collateral.Invalid, "/file")
		_, _, err = w.ImportFile(t.Context(), w.ada, batch.ID, "faq.txt", io.MultiReader(strings.NewReader("x"), broken(10)))
		wantKind(t, err, collateral.Malformed)
		other := w.person("eva", collateral.Admin)
		_, err = send(other, "faq.txt", "questions")
		wantKind(t, err, collateral.Forbidden)
		if got := len(w.blobs()); got != 1 {
			t.Errorf("got %d blobs, want that of the one piece", got)
		}
		if got := w.items(batch, collateral.ItemAwaiting); len(got) != 2 {
			t.Errorf("got %d rows that wait, want the other file and the link", len(got))
		}
		if err := w.Delete(t.Context(), w.mia, w.items(batch)[0].AssetID); err != nil {
			t.Fatal(err)
		}
		_, err = send(w.ada, "decks/first.txt", "the first call")
		wantKind(t, err, collateral.Conflict)
	})
}

// TestPeopleAreLookedAtAgain: between the reading of a row and the arrival of its file, its owner may have gone.
func TestPeopleAreLookedAtAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		lib := library()
		batch, _ := w.started(lib)
		w.deactivate(w.max)
		done := must(w.ImportFiles(t.Context(), w.ada, batch, lib.Files, func(registry.Imported) {}))(t)
		want := []collateral.RowFault{
			{Line: 2, Column: "coauthors", Detail: "The account of max@example.com is not active. Leave it out."},
			{Line: 4, Column: "owner", Detail: "The account of max@example.com is not active, so it cannot own a piece. Name somebody else."},
		}
		if diff := cmp.Diff(want, done.Faults); diff != "" || done.Made != 1 {
			t.Errorf("got %d pieces, want 1; the failures differ (-want +got):\n%s", done.Made, diff)
		}
		if got := len(w.blobs()); got != 1 {
			t.Errorf("got %d blobs, want that of the one piece", got)
		}
	})
}

// TestWhatFailsForAllEndsTheImport: a full disk is nothing that the next file would escape; a file that cannot be read is.
func TestWhatFailsForAllEndsTheImport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		lib := library()
		batch, _ := w.started(lib)
		blobs := w.Blobs
		w.Blobs = fullStore{blobs}
		done, err := w.ImportFiles(t.Context(), w.ada, batch, lib.Files, func(registry.Imported) {})
		wantKind(t, err, collateral.Full)
		if done.Made != 0 || done.Failed > 0 {
			t.Errorf("got %+v, want nothing", done)
		}
		w.Blobs = blobs
		done = must(w.ImportFiles(t.Context(), w.ada, batch, failingFS{lib.Files}, func(registry.Imported) {}))(t)
		if done.Made != 1 || done.Failed != 2 || done.Faults[0].String() != "2: file: The file cannot be read: the machine is on fire." {
			t.Errorf("got %+v, want the link made and two files that failed", done)
		}
		if done := w.importFiles(batch, lib.Files); done.Made != 2 {
			t.Errorf("got %+v afterwards, want the two files", done)
		}
	})
}

// fullStore has no room left.
type fullStore struct{ blob.Store }

func (fullStore) Put(context.Context, io.Reader) (blob.Info, error) { return blob.Info{}, blob.ErrFull }

// failingFS has files whose content cannot be read.
type failingFS struct{ fs.FS }

func (f failingFS) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	return failingFile{file}, err
}

type failingFile struct{ fs.File }

func (failingFile) Read([]byte) (int, error) { return 0, errors.New("the machine is on fire") }

func TestLargeBatchIsPaged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		var csv strings.Builder
		csv.WriteString("url,title,type,audience,owner\n")
		for i := range 25 {
			fmt.Fprintf(&csv, "https://example.com/%d,Link number %d,link,customer,mia@example.com\n", i, i)
		}
		batch := w.imported(registry.Library{Name: "links", CSV: []byte(csv.String())})
		var got []string
		for paging := (collateral.Paging{Limit: 10}); ; {
			page, next, err := w.BatchItems(t.Context(), w.ada, batch.ID, []collateral.ItemState{collateral.ItemIncomplete, collateral.ItemDeleted}, paging)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page {
				if len(i.Missing) != 1 || i.Missing[0].Pointer != "/stages" {
					t.Errorf("got %v missing, want the stages", i.Missing)
				}
				got = append(got, i.Source)
			}
			if paging.Cursor = next; next == "" {
				break
			}
		}
		if len(got) != 25 || got[0] != "https://example.com/0" || got[24] != "https://example.com/24" {
			t.Errorf("got %d rows from %s to %s, want 25 in their order", len(got), got[0], got[len(got)-1])
		}
	})
}
