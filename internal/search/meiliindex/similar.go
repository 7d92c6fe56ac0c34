package meiliindex

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// maxKinOfOne is how many documents are looked at for each word, stage and persona that they share: the most used and
// newest. Only of something that many more share may a nearer one be missed.
const maxKinOfOne = 200

// Similar asks who shares each word, stage and persona of the document, and weighs them here.
func (x *Index) Similar(ctx context.Context, id string, limit int) ([]search.Kin, error) {
	kin, err := x.similar(ctx, id, limit)
	if err != nil {
		return nil, fmt.Errorf("looking for documents like %s: %w", id, err)
	}
	return kin, nil
}

func (x *Index) similar(ctx context.Context, id string, limit int) ([]search.Kin, error) {
	own, err := key(id)
	if err != nil || limit < 1 {
		return nil, nil //nolint:nilerr // what cannot be a key is unknown
	}
	results, err := x.search(ctx, []*meilisearch.SearchRequest{
		{HitsPerPage: new(int64(1)), Page: 1, Filter: oneOf(fieldKey, []string{own})},
		{HitsPerPage: new(int64(0)), Page: 1},
	})
	if err != nil || len(results[0].Hits) == 0 {
		return nil, err
	}
	self, err := hit(results[0].Hits[0]).document()
	if err != nil {
		return nil, err
	}
	n, err := x.neighbours(ctx, self, int(results[1].TotalHits))
	if err != nil {
		return nil, err
	}
	return n.nearest(limit), nil
}

// neighbours are the documents that share something with one.
type neighbours struct {
	self  *search.Document
	words []sharedWord // the rarest first
	met   map[string]relative
}

// sharedWord is a word of the document that says something.
type sharedWord struct {
	stem    string
	spelled string
	share   float64 // of what all such words say
}

// relative is what there is to know of a neighbour.
type relative struct {
	*search.Document
	kin       []string // stems
	published float64
}

func (x *Index) neighbours(ctx context.Context, self *search.Document, documents int) (*neighbours, error) {
	n := &neighbours{self: self, met: make(map[string]relative)}
	words := self.KinWords()
	var asked []*meilisearch.SearchRequest
	ask := func(filter string) {
		asked = append(asked, &meilisearch.SearchRequest{
			Filter: filter, HitsPerPage: new(int64(maxKinOfOne)), Page: 1,
			Sort: []string{fieldUses + ":desc", fieldPublished + ":desc", fieldKey + ":asc"},
			AttributesToRetrieve: []string{
				fieldKey, fieldKin, fieldUses, fieldPublished, string(search.FacetStage), string(search.FacetPersona),
			},
		})
	}
	for _, w := range words {
		ask(oneOf(fieldKin, []string{value(search.Stem(w.Term))}))
	}
	var groups []string
	for _, facet := range []search.Facet{search.FacetStage, search.FacetPersona} {
		for _, v := range values(self.Values(facet)) {
			one := oneOf(string(facet), []string{v})
			ask(one)
			groups = append(groups, one)
		}
	}
	if len(groups) > 1 {
		ask(strings.Join(groups, " AND "))
	}
	if len(asked) == 0 {
		return n, nil
	}
	results, err := x.search(ctx, asked)
	if err != nil {
		return nil, err
	}
	for i, r := range results {
		if i < len(words) {
			holding := int(r.TotalHits)
			if !search.IsKinWord(holding, documents) {
				continue
			}
			w := sharedWord{search.Stem(words[i].Term), words[i].Spelled, math.Log1p(float64(documents) / float64(holding))}
			n.words = append(n.words, w)
		}
		for _, found := range r.Hits {
			if err := n.meet(hit(found)); err != nil {
				return nil, err
			}
		}
	}
	n.weighWords()
	return n, nil
}

func (n *neighbours) weighWords() {
	sum := 0.0
	for _, w := range n.words {
		sum += w.share
	}
	for i := range n.words {
		n.words[i].share /= sum
	}
	slices.SortStableFunc(n.words, func(a, b sharedWord) int { return cmp.Compare(b.share, a.share) })
}

func (n *neighbours) meet(h hit) error {
	d, err := h.document()
	if err != nil || d.ID == n.self.ID {
		return err
	}
	r := relative{Document: d}
	kin, err := h.list(fieldKin)
	if err != nil {
		return err
	}
	for _, stem := range kin {
		r.kin = append(r.kin, valueOf(stem))
	}
	if err := json.Unmarshal(h[fieldUses], &d.Uses); err != nil {
		return fmt.Errorf("reading the uses of %s: %w", d.ID, err)
	}
	if err := json.Unmarshal(h[fieldPublished], &r.published); err != nil {
		return fmt.Errorf("reading when %s was published: %w", d.ID, err)
	}
	n.met[d.ID] = r
	return nil
}

// nearest weighs the neighbours and returns the first of them.
func (n *neighbours) nearest(limit int) []search.Kin {
	type weighed struct {
		search.Kin
		points float64
		relative
	}
	var all []weighed
	for _, r := range n.met {
		w := weighed{Kin: search.Kin{ID: r.ID, Stages: both(n.self.Stages, r.Stages), Personas: both(n.self.Personas, r.Personas)}, relative: r}
		for _, shared := range n.words {
			if slices.Contains(r.kin, shared.stem) {
				w.Words = append(w.Words, shared.spelled)
				w.points += search.ByWords * shared.share
			}
		}
		if len(w.Kin.Stages) > 0 {
			w.points += search.ByStages * float64(len(w.Kin.Stages)) / float64(len(n.self.Stages))
		}
		if len(w.Kin.Personas) > 0 {
			w.points += search.ByPersonas * float64(len(w.Kin.Personas)) / float64(len(n.self.Personas))
		}
		const steps = 1e6 // so that sums in another order are equal
		w.points = math.Round(w.points * steps)
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(b.Uses, a.Uses), cmp.Compare(b.published, a.published),
			strings.Compare(a.Kin.ID, b.Kin.ID))
	})
	kin := make([]search.Kin, min(limit, len(all)))
	for i := range kin {
		kin[i] = all[i].Kin
	}
	return kin
}

func both(own, others []string) []string {
	return slices.DeleteFunc(slices.Clone(own), func(v string) bool { return !slices.Contains(others, v) })
}
