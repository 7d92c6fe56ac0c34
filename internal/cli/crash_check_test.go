package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// extent is how much is looked at.
type extent int

const (
	wasTouched extent = iota // since the last check
	everything
)

// check holds what a server tells after a kill against what was answered before it. It ends with searches, because those
// are uses themselves.
func (c *crash) check(which extent) {
	c.t.Helper()
	var pieces, published []*piece
	for _, m := range c.makers {
		for _, p := range m.pieces {
			if p.touched || which == everything {
				c.checkPiece(p)
				pieces = append(pieces, p)
			}
			if p.is.Published > 0 {
				published = append(published, p)
			}
			p.touched = false
		}
	}
	for _, r := range c.reps {
		r.checkBatches(which)
	}
	db, done := c.openDatabase()
	defer done()
	c.checkRows(db)
	c.checkFiles(db)
	c.checkFigures(db, published)
	c.waitForJobs(db)
	c.checkRows(db)
	c.checkIndex(pieces, published)
}

// checkPiece looks at a piece and at all its bytes.
func (c *crash) checkPiece(p *piece) {
	c.t.Helper()
	if p.maybe != nil {
		// The file of an upload may lie there without its version, and one of a deleted piece may not be gone yet.
		for _, v := range slices.Concat(p.is.Versions, p.maybe.Versions) {
			c.strays[v.SHA256] = true
		}
	}
	unanswered, before := p.maybe != nil, p.is
	if diff := p.settle(c.standingOf(p)); diff != "" {
		c.t.Errorf("piece %s is not as acknowledged, nor as the last request would have it (-want +got):\n%s", p.id, diff)
	}
	switch {
	case unanswered && cmp.Equal(before, p.is, cmpopts.EquateEmpty()):
		c.undone++
	case unanswered:
		c.done++
	}
	if p.is.Published > 0 {
		c.shelf.put(p)
	} else {
		c.shelf.take(p)
	}
	for i, v := range p.is.Versions {
		path := "/assets/" + p.id + "/versions/" + strconv.Itoa(i+1) + "/content"
		a := c.mustAsk(request{token: p.maker.token, method: http.MethodGet, path: path}, http.StatusOK)
		if sum := sha256.Sum256(a.body); hex.EncodeToString(sum[:]) != v.SHA256 {
			c.t.Errorf("version %d of %s: got %d other bytes than were acknowledged", i+1, p.id, len(a.body))
		}
	}
}

func (c *crash) standingOf(p *piece) standing {
	c.t.Helper()
	a := c.mustAsk(request{token: p.maker.token, method: http.MethodGet, path: "/assets/" + p.id}, http.StatusOK, http.StatusNotFound)
	if a.status == http.StatusNotFound {
		return standing{Deleted: true}
	}
	var asset struct {
		Title            string
		PublishedVersion int `json:"published_version"`
	}
	c.decode(a, &asset)
	var versions struct {
		Items []edition // the newest first
	}
	c.read(p.maker.token, "/assets/"+p.id+"/versions", &versions)
	slices.Reverse(versions.Items)
	return standing{Title: strings.TrimPrefix(asset.Title, "Deck "), Published: asset.PublishedVersion, Versions: versions.Items}
}

// checkIndex holds what is found against what is published.
func (c *crash) checkIndex(pieces, published []*piece) {
	c.t.Helper()
	var want, got []string
	for _, p := range published {
		want = append(want, p.id)
	}
	for page := 1; ; page++ {
		ids, total := c.find("per_page=100&page=" + strconv.Itoa(page))
		if total != len(published) {
			c.t.Errorf("the index holds %d pieces, want the %d that are published", total, len(published))
		}
		if got = append(got, ids...); len(ids) == 0 {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("found without words (-published +got):\n%s", diff)
	}
	for _, p := range pieces {
		by, notBy := p.found()
		for _, word := range by {
			if ids, total := c.find("q=" + url.QueryEscape(word)); total != 1 || !slices.Equal(ids, []string{p.id}) {
				c.t.Errorf("%s finds %d pieces, %q, want %s alone", word, total, ids, p.id)
			}
		}
		for _, word := range notBy {
			if ids, total := c.find("q=" + url.QueryEscape(word)); total != 0 {
				c.t.Errorf("%s finds %d pieces, %q, want none: it stands in nothing of %s that is published", word, total, ids, p.id)
			}
		}
	}
}

// find returns what one page of a search shows, and how much it is of in the index.
func (c *crash) find(query string) (ids []string, total int) {
	c.t.Helper()
	var result struct {
		Hits []struct {
			AssetID string `json:"asset_id"`
		}
		Total int
	}
	c.read(c.reps[0].token, "/search?"+query, &result)
	for _, h := range result.Hits {
		ids = append(ids, h.AssetID)
	}
	return ids, result.Total
}

// poll waits until a condition holds.
func (c *crash) poll(what string, holds func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.t.Fatalf("after %s still waiting until %s\n%s", patience, what, c.server.stderr)
		}
	}
}
