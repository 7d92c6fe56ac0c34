package extract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/registry"
	"collateral/internal/search"
)

// shortType takes off what the types of Office and OpenDocument have in common.
var shortType = strings.NewReplacer("application/vnd.openxmlformats-officedocument.", "", "application/vnd.oasis.opendocument.", "opendocument.")

// tableMark is the line of docs/formats.md below which the table stands.
const tableMark = "<!-- Made by TestCorpusTheWholeWay; UPDATE_DOCS=1 go test ./internal/extract -run TestCorpus writes it anew. -->\n"

// TestCorpusTheWholeWay uploads, reads, signs off, publishes and searches every document of the corpus. What each yields
// is the table in docs/formats.md. PDFs are read by the engine that is always there.
func TestCorpusTheWholeWay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes several seconds")
	}
	q := newQueue(t)
	q.pieces.Text.Limits = extract.DefaultLimits()
	q.pieces.Text.Limits.Time = time.Minute // the machine may be busy
	q.pieces.Text.Command = append([]string{"env", "PATH=" + t.TempDir()}, q.pieces.Text.Command...)
	ann := q.approver()
	corpus := extract.Corpus(t)
	if len(corpus) < 60 {
		t.Errorf("got %d documents, want at least 60", len(corpus))
	}
	versions := make([]*collateral.Version, len(corpus))
	for i, c := range corpus {
		versions[i] = q.publish(ann, i, c)
	}
	q.work()

	var table strings.Builder
	table.WriteString("| Document | File | Type by content | Outcome | Pages | Found | What its owner reads |\n|---|---|---|---|--:|---|---|\n")
	for i, c := range corpus {
		v := versions[i]
		e := q.waitFor(v.ID, time.Second)
		found := "-"
		if c.Word != "" {
			page := q.find(c.Word, v.AssetID)
			if page != c.Page {
				t.Errorf("%s: %s: got %q on page %d, want page %d; %+v", c.FileName, c.Name, c.Word, page, c.Page, e)
			}
			found = fmt.Sprintf("%s, page %d", c.Word, page)
		}
		if e.State == collateral.ExtractionFailed && e.Reason == "" {
			t.Errorf("%s: %s: got no reason for %+v", c.FileName, c.Name, e)
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s | %d | %s | %s |\n", c.Name, c.FileName, shortType.Replace(v.MediaType), e.State, e.Pages, found, e.Reason)
	}
	compareTable(t, table.String())
}

func compareTable(t *testing.T, table string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "formats.md")
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	above, below, marked := strings.Cut(string(page), tableMark)
	if !marked {
		t.Fatalf("%s: got no line %q", path, tableMark)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(path, []byte(above+tableMark+table), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(below, table); diff != "" {
		t.Errorf("%s (-written +true):\n%s", path, diff)
	}
}

// approver makes a person who signs off.
func (q *queue) approver() collateral.Actor {
	q.t.Helper()
	u, _, err := accesstest.New(q.pieces.Store).CreateUser(q.t.Context(), nil, collateral.NewUser{Email: "ann@example.com", Name: "ann", Roles: []collateral.Role{collateral.Approver}}, "correct horse battery")
	if err != nil {
		q.t.Fatal(err)
	}
	return collateral.Actor{UserID: u.ID, Roles: u.Roles}
}

// publish brings a document to the search by the way every piece takes.
func (q *queue) publish(approver collateral.Actor, i int, c extract.CorpusFile) *collateral.Version {
	q.t.Helper()
	v := q.upload(fmt.Sprintf("Piece %d", i), c.FileName, c.Bytes)
	if _, _, err := q.pieces.Submit(q.t.Context(), q.mia, v.AssetID); err != nil {
		q.t.Fatal(err)
	}
	if _, err := q.pieces.Review(q.t.Context(), approver, v.AssetID, 1, collateral.Approve, ""); err != nil {
		q.t.Fatal(err)
	}
	if _, err := q.pieces.Publish(q.t.Context(), q.mia, v.AssetID); err != nil {
		q.t.Fatal(err)
	}
	return v
}

// work does every job that waits.
func (q *queue) work() {
	q.t.Helper()
	for {
		waiting, err := q.pieces.Store.ClaimJobs(q.t.Context(), []string{registry.JobExtract, registry.JobIndex}, 100, time.Hour)
		if err != nil {
			q.t.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
		for _, j := range waiting {
			if err := q.runner.Handlers[j.Kind](q.t.Context(), j.Key); err != nil {
				q.t.Fatalf("job %s %s: %v", j.Kind, j.Key, err)
			}
			if err := q.pieces.Store.FinishJob(q.t.Context(), j); err != nil {
				q.t.Fatal(err)
			}
		}
	}
}

// find returns the page on which a search for the word finds the piece; -1 when it does not.
func (q *queue) find(word string, piece uuid.UUID) int {
	q.t.Helper()
	found, err := q.pieces.Find(q.t.Context(), q.mia, search.Query{Words: word, Page: 1, PerPage: 20})
	if err != nil {
		q.t.Fatal(err)
	}
	for _, h := range found.Hits {
		if h.Piece.ID == piece {
			return h.Page
		}
	}
	return -1
}
