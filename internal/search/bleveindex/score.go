package bleveindex

import (
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// A word counts where it is worth most; the other parts of the document that hold it add this much of theirs.
const otherParts = 0.2

// How much of a part's weight a word has at least there; the rest is for how often it stands there, and in how little
// text. With 0.7 and otherParts the best that the parts below can add up to stays under the least of the part above.
const leastOfPart = 0.7

// Popularity and newness decide between hits that are about as good: together they add at most this much.
const (
	popularityBonus = 0.03
	newnessBonus    = 0.03
	popularUses     = 500                   // uses at which popularity counts fully
	newnessHalfLife = 180 * 24 * 3600 * 1e6 // microseconds
)

// scorer ranks the hits of one segment. Its slices have one place for each hit, in the order of hits.
type scorer struct {
	segment segment.Segment
	hits    []uint32
	bitmap  *roaring.Bitmap // the hits
	except  *roaring.Bitmap // all documents but the hits
	part    []float32
	best    []float32
	sum     []float32
	reading []float32
	word    []float32
}

func newScorer(m *segmentMatch) *scorer {
	s := &scorer{segment: m.segment.Segment(), hits: m.hits.ToArray(), bitmap: m.hits, except: m.hits.Clone()}
	s.except.Flip(0, s.segment.Count())
	for _, slice := range []*[]float32{&s.part, &s.best, &s.sum, &s.reading, &s.word} {
		*slice = make([]float32, len(s.hits))
	}
	return s
}

// scores returns how well each hit answers the words. Rarity is how much each word says.
func (s *scorer) scores(words []wordPlan, rarity []float64) ([]float64, error) {
	total := make([]float64, len(s.hits))
	for i, w := range words {
		clear(s.word)
		for _, reading := range w.readings {
			clear(s.reading)
			for _, x := range reading {
				if err := s.scoreTerm(x); err != nil {
					return nil, err
				}
				for at := range s.hits {
					s.reading[at] += s.best[at] + otherParts*(s.sum[at]-s.best[at])
				}
			}
			for at := range s.hits {
				s.word[at] = max(s.word[at], s.reading[at]/float32(len(reading)))
			}
		}
		for at := range s.hits {
			total[at] += rarity[i] * float64(s.word[at])
		}
	}
	return total, nil
}

// scoreTerm fills best and sum with what the term is worth in the parts of each hit.
func (s *scorer) scoreTerm(x expansion) error {
	clear(s.best)
	clear(s.sum)
	for _, t := range tiers() {
		clear(s.part)
		if err := s.scoreWhole(t, x.candidates); err != nil {
			return err
		}
		if x.start != "" {
			if err := s.scoreStart(t, x.start); err != nil {
				return err
			}
		}
		for at, value := range s.part {
			s.best[at] = max(s.best[at], value)
			s.sum[at] += value
		}
	}
	return nil
}

// scoreWhole adds to part what candidates are worth that stand in one part of the hits.
func (s *scorer) scoreWhole(t tier, candidates []candidate) error {
	dictionary, err := s.segment.Dictionary(t.field)
	if err != nil {
		return err
	}
	var list segment.PostingsList
	var postings segment.PostingsIterator
	for _, c := range candidates {
		if list, err = dictionary.PostingsList([]byte(c.term), s.except, list); err != nil {
			return err
		}
		postings = list.Iterator(true, true, false, postings)
		at := 0
		for {
			posting, err := postings.Next()
			if err != nil {
				return err
			}
			if posting == nil {
				break
			}
			at = seek(s.hits, at, uint32(posting.Number()))
			s.part[at] = max(s.part[at], float32(t.weight*c.worth*fullness(posting, t.length)))
		}
	}
	return nil
}

// scoreStart adds to part what words are worth that begin so. How often they stand there is not known.
func (s *scorer) scoreStart(t tier, start string) error {
	starts, err := s.segment.Dictionary(t.field + startsSuffix)
	if err != nil {
		return err
	}
	documents := roaring.New()
	if _, err := addPostings(documents, starts, start, nil); err != nil {
		return err
	}
	documents.And(s.bitmap)
	value := float32(t.weight * worthOpen * (1 + leastOfPart) / 2)
	at := 0
	for found := documents.Iterator(); found.HasNext(); {
		at = seek(s.hits, at, found.Next())
		s.part[at] = max(s.part[at], value)
	}
	return nil
}

// seek returns the place of a document that is in the sorted list, at or after from. It gallops, because the next one
// is most often near.
func seek(sorted []uint32, from int, document uint32) int {
	end, step := from, 1
	for end < len(sorted) && sorted[end] < document {
		from = end + 1
		end += step
		step *= 2
	}
	end = min(end+1, len(sorted))
	at, _ := slices.BinarySearch(sorted[from:end], document)
	return from + at
}

// fullness is between leastOfPart and 1: more when the word stands often, less when there is much other text.
func fullness(posting segment.Posting, usual float64) float64 {
	length := 1 / (posting.Norm() * posting.Norm())
	frequency := float64(posting.Frequency())
	filled := frequency / (frequency + 0.25 + 0.75*length/usual)
	return leastOfPart + (1-leastOfPart)*filled
}

// rarities weighs each word by how few documents hold it, between 0 and 1.
func rarities(matches []*segmentMatch, words int) []float64 {
	documents := 0.0
	holding := make([]float64, words)
	for _, m := range matches {
		documents += float64(m.segment.Count())
		for i, found := range m.words {
			holding[i] += float64(found.GetCardinality())
		}
	}
	rarity := make([]float64, words)
	for i := range rarity {
		rarity[i] = math.Log1p(documents/(holding[i]+1)) / math.Log1p(documents+1)
	}
	return rarity
}

func popularity(uses int32) float32 {
	return float32(min(math.Log1p(max(float64(uses), 0))/math.Log1p(popularUses), 1))
}

func newness(published, newest int64) float32 {
	return float32(math.Exp2(float64(published-newest) / newnessHalfLife))
}

// standing returns the factor by which popularity and newness lift a document; newest is the newest publication of all
// segments.
func (c *columns) standing(newest int64) func(document uint32) float64 {
	segment := newnessBonus * float64(newness(c.newest, newest))
	return func(d uint32) float64 {
		return 1 + popularityBonus*float64(c.popularity[d]) + segment*float64(c.newness[d])
	}
}
