package bleveindex

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"collateral/internal/search"
)

// wordPlan is one word of the query with all that it may stand for: readings, their terms, and each term's expansion.
type wordPlan struct {
	readings [][]expansion
	synonyms [][]expansion // readings of its synonyms
}

// plan expands the words of a query.
func plan(ctx context.Context, snapshot *scorch.IndexSnapshot, words []search.Word) ([]wordPlan, error) {
	e := expander{snapshot, fieldWords}
	plans := make([]wordPlan, len(words))
	for i, w := range words {
		var err error
		if plans[i], err = e.plan(ctx, w, e.expand); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

// plan expands each term of a word's readings by the given function, and its synonyms.
func (e expander) plan(ctx context.Context, w search.Word, expand func(term string, open bool) (expansion, error)) (wordPlan, error) {
	var p wordPlan
	for _, reading := range w.Readings {
		var expansions []expansion
		for j, term := range reading {
			if err := ctx.Err(); err != nil {
				return wordPlan{}, err
			}
			x, err := expand(term, w.Open && j == len(reading)-1)
			if err != nil {
				return wordPlan{}, err
			}
			expansions = append(expansions, x)
		}
		p.readings = append(p.readings, expansions)
	}
	for _, synonym := range w.Synonyms {
		for _, reading := range synonym.Readings {
			row, err := e.expandRow(reading)
			if err != nil {
				return wordPlan{}, err
			}
			p.synonyms = append(p.synonyms, row)
		}
	}
	return p, nil
}

// segmentMatch is what a query finds in one segment. Documents are the segment's numbers for them.
type segmentMatch struct {
	number  int // of the segment in its snapshot
	segment *scorch.SegmentSnapshot
	columns *columns
	words   []*roaring.Bitmap                // per word, the documents that hold it
	all     *roaring.Bitmap                  // the documents that hold all words, whatever the filters
	hits    *roaring.Bitmap                  // those that pass the filters too
	passing map[search.Facet]*roaring.Bitmap // per filtered facet, the documents that pass it
}

func matchSegment(number int, s *scorch.SegmentSnapshot, c *columns, words []wordPlan, filter map[search.Facet][]string) (*segmentMatch, error) {
	m := &segmentMatch{number: number, segment: s, columns: c, all: s.DocNumbersLive(), passing: make(map[search.Facet]*roaring.Bitmap)}
	live := m.all.Clone()
	for _, w := range words {
		found, err := wordDocuments(s.Segment(), fieldWords, w)
		if err != nil {
			return nil, err
		}
		found.And(live)
		m.words = append(m.words, found)
		m.all.And(found)
	}
	m.hits = m.all.Clone()
	for facet, values := range filter {
		if len(values) == 0 {
			continue
		}
		passing := roaring.New()
		for _, value := range values {
			if documents, ok := c.facets[facet][value]; ok {
				passing.Or(documents)
			}
		}
		m.passing[facet] = passing
		m.hits.And(passing)
	}
	return m, nil
}

// wordDocuments returns the documents in a field of which a word stands in one of its readings, or one of its synonyms
// does.
func wordDocuments(s segment.Segment, field string, w wordPlan) (*roaring.Bitmap, error) {
	found := roaring.New()
	for _, reading := range w.readings {
		complete, err := allTerms(s, field, reading)
		if err != nil {
			return nil, err
		}
		found.Or(complete)
	}
	for _, synonym := range w.synonyms {
		complete, err := allTerms(s, field, synonym)
		if err != nil {
			return nil, err
		}
		if err := keepTogether(s, synonym, complete); err != nil {
			return nil, err
		}
		found.Or(complete)
	}
	return found, nil
}

// allTerms returns the documents that hold every term, wherever in the field.
func allTerms(s segment.Segment, field string, terms []expansion) (*roaring.Bitmap, error) {
	var complete *roaring.Bitmap
	for _, x := range terms {
		documents, err := termDocuments(s, field, x)
		if err != nil {
			return nil, err
		}
		if complete == nil {
			complete = documents
		} else {
			complete.And(documents)
		}
	}
	return complete, nil
}

// keepTogether leaves the documents that hold the terms in one place, such as a page: a service on the first and a level
// on the last are no service level.
func keepTogether(s segment.Segment, terms []expansion, documents *roaring.Bitmap) error {
	if len(terms) == 1 || documents.IsEmpty() {
		return nil
	}
	sc := newScorer(s, documents)
	shared := slices.Repeat([]places{everywhere}, len(sc.hits))
	for _, x := range terms {
		clear(sc.part)
		clear(sc.where)
		if err := sc.scoreWhole(tier{field: fieldWords}, x.candidates); err != nil {
			return err
		}
		for at := range shared {
			shared[at] &= sc.where[at]
		}
	}
	for at, d := range sc.hits {
		if shared[at] == 0 {
			documents.Remove(d)
		}
	}
	return nil
}

func termDocuments(s segment.Segment, field string, x expansion) (*roaring.Bitmap, error) {
	found := roaring.New()
	dictionary, err := s.Dictionary(field)
	if err != nil {
		return nil, err
	}
	var list segment.PostingsList
	for _, c := range x.candidates {
		if list, err = addPostings(found, dictionary, c.term, list); err != nil {
			return nil, err
		}
	}
	if x.start != "" {
		starts, err := s.Dictionary(field + startsSuffix)
		if err != nil {
			return nil, err
		}
		if _, err := addPostings(found, starts, x.start, nil); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// countFacets counts what the matches carry. A facet's own choice does not narrow its own counts, so that a person
// sees what else there is to choose.
func countFacets(matches []*segmentMatch) map[search.Facet]map[string]int {
	counts := make(map[search.Facet]map[string]int)
	for _, facet := range search.Facets() {
		counts[facet] = make(map[string]int)
		for _, m := range matches {
			countable := m.hits
			if _, filtered := m.passing[facet]; filtered {
				countable = m.all.Clone()
				for other, passing := range m.passing {
					if other != facet {
						countable.And(passing)
					}
				}
			}
			carried := m.columns.carried[facet]
			for place, n := range carried.count(countable) {
				if n > 0 {
					counts[facet][carried.names[place]] += n
				}
			}
		}
	}
	return counts
}
