package bleveindex

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"collateral/internal/search"
)

// Similar compares the document with all others by bitmaps, and reads the text of none but itself.
func (x *Index) Similar(ctx context.Context, id string, limit int) ([]search.Kin, error) {
	snapshot, release, err := x.snapshot()
	if err != nil {
		return nil, fmt.Errorf("looking for documents like %s: %w", id, err)
	}
	defer release()
	columns, err := x.columns.of(snapshot)
	if err != nil {
		return nil, fmt.Errorf("looking for documents like %s: %w", id, err)
	}
	kin, err := similar(ctx, snapshot, columns, id, limit)
	if err != nil {
		return nil, fmt.Errorf("looking for documents like %s: %w", id, err)
	}
	return kin, nil
}

func similar(ctx context.Context, snapshot *scorch.IndexSnapshot, all []*columns, id string, limit int) ([]search.Kin, error) {
	self, err := locate(snapshot, all, id)
	if err != nil || self == nil || limit < 1 {
		return nil, err
	}
	d, err := readDocument(self, true)
	if err != nil {
		return nil, err
	}
	words, err := commonGround(ctx, snapshot, d)
	if err != nil {
		return nil, err
	}
	r := ranking{limit: limit}
	var newest int64
	for _, c := range all {
		newest = max(newest, c.newest)
	}
	for i, s := range snapshot.Segments() {
		near := newNearness(s, all[i])
		for _, w := range words {
			near.add(w.in[i], search.ByWords*w.share)
		}
		for _, stage := range d.Stages {
			near.add(all[i].facets[search.FacetStage][stage], search.ByStages/float64(len(d.Stages)))
		}
		for _, persona := range d.Personas {
			near.add(all[i].facets[search.FacetPersona][persona], search.ByPersonas/float64(len(d.Personas)))
		}
		if s == self.match.segment {
			near.met.Remove(self.document)
		}
		near.offer(&r, i, newest)
	}
	hits, err := r.from(0)
	if err != nil {
		return nil, err
	}
	kin := make([]search.Kin, len(hits))
	for i, hit := range hits {
		kin[i] = shared(hit, d, words)
	}
	return kin, nil
}

// locate finds the document; it is nil when the index does not hold it.
func locate(snapshot *scorch.IndexSnapshot, all []*columns, id string) (*ranked, error) {
	for i, s := range snapshot.Segments() {
		numbers, err := s.Segment().DocNumbers([]string{id})
		if err != nil {
			return nil, err
		}
		numbers.And(s.DocNumbersLive())
		if !numbers.IsEmpty() {
			return &ranked{match: &segmentMatch{segment: s, columns: all[i], number: i}, document: numbers.Minimum(), id: id}, nil
		}
	}
	return nil, nil
}

// commonWord is a word of the document that some others hold in title or summary, too.
type commonWord struct {
	spelled string
	in      []*roaring.Bitmap // by segment: who holds it
	share   float64           // of what all such words say
}

// commonGround returns the words by which the document can be compared, the rarest first.
func commonGround(ctx context.Context, snapshot *scorch.IndexSnapshot, d *search.Document) ([]commonWord, error) {
	documents, err := snapshot.DocCount()
	if err != nil {
		return nil, err
	}
	e := expander{snapshot, fieldWords}
	var words []commonWord
	sum := 0.0
	for _, w := range d.KinWords() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row, err := e.expandRow([]string{w.Term})
		if err != nil {
			return nil, err
		}
		word, holding := commonWord{spelled: w.Spelled}, 0
		for _, s := range snapshot.Segments() {
			found, err := inTitleOrSummary(s.Segment(), row[0])
			if err != nil {
				return nil, err
			}
			found.And(s.DocNumbersLive())
			holding += int(found.GetCardinality())
			word.in = append(word.in, found)
		}
		if search.IsKinWord(holding, int(documents)) {
			word.share = math.Log1p(float64(documents) / float64(holding))
			sum += word.share
			words = append(words, word)
		}
	}
	for i := range words {
		words[i].share /= sum
	}
	slices.SortStableFunc(words, func(a, b commonWord) int { return cmp.Compare(b.share, a.share) })
	return words, nil
}

func inTitleOrSummary(s segment.Segment, x expansion) (*roaring.Bitmap, error) {
	found, err := termDocuments(s, fieldTitle, x)
	if err != nil {
		return nil, err
	}
	summary, err := termDocuments(s, fieldSummary, x)
	if err != nil {
		return nil, err
	}
	found.Or(summary)
	return found, nil
}

// nearness adds up what the documents of one segment have in common with the one in question.
type nearness struct {
	segment *scorch.SegmentSnapshot
	columns *columns
	points  []float64
	met     *roaring.Bitmap // documents with points
}

func newNearness(s *scorch.SegmentSnapshot, c *columns) *nearness {
	return &nearness{segment: s, columns: c, points: make([]float64, s.Segment().Count()), met: roaring.New()}
}

func (n *nearness) add(documents *roaring.Bitmap, points float64) {
	if documents == nil {
		return
	}
	n.met.Or(documents)
	for d := documents.Iterator(); d.HasNext(); {
		n.points[d.Next()] += points
	}
}

// offer hands over the documents with points. Standing is between 1 and 1.06; it decides between equals only.
func (n *nearness) offer(r *ranking, number int, newest int64) {
	const (
		steps = 1e6 // so that sums in another order are equal
		least = 1e-3
	)
	n.met.And(n.segment.DocNumbersLive())
	m := &segmentMatch{segment: n.segment, columns: n.columns, number: number}
	standing := n.columns.standing(newest)
	for documents := n.met.Iterator(); documents.HasNext(); {
		d := documents.Next()
		r.offer(ranked{match: m, document: d, key: math.Round(n.points[d]*steps)/steps + least*standing(d)})
	}
}

// shared says what a hit has in common with the document.
func shared(hit *ranked, d *search.Document, words []commonWord) search.Kin {
	carries := func(facet search.Facet, values []string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
			documents := hit.match.columns.facets[facet][value]
			return documents == nil || !documents.Contains(hit.document)
		})
	}
	kin := search.Kin{
		ID: hit.id, Stages: carries(search.FacetStage, d.Stages), Personas: carries(search.FacetPersona, d.Personas),
	}
	for _, w := range words {
		if w.in[hit.match.number].Contains(hit.document) {
			kin.Words = append(kin.Words, w.spelled)
		}
	}
	return kin
}
