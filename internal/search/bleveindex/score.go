package bleveindex

import (
	"math"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// A word counts where it is worth most; the other parts of the document that hold it add this much of theirs.
const otherParts = 0.2

// How much of a part's weight a word has at least there; the rest is for how often it stands there, and in how little
// text. With 0.8 and otherParts the best that the parts below can add up to stays under the least of the part above.
const leastOfPart = 0.8

// merit is what a term, a reading or a word is worth in one hit, and where it stands there.
type merit struct {
	value float32
	text  float32 // what of value comes from the text
	pages places  // of the document
	title places  // of the title
}

// standsInText tells a word that is in no better part of the document.
func (m merit) standsInText() bool { return 2*m.text >= m.value }

// scorer ranks the hits of one segment. Its slices have one place for each hit, in the order of hits.
type scorer struct {
	segment segment.Segment
	hits    []uint32
	bitmap  *roaring.Bitmap // the hits
	except  *roaring.Bitmap // all documents but the hits

	part  []float32
	where []places
	best  []float32
	sum   []float32

	term    []merit
	reading []merit
	word    []merit
}

func newScorer(in segment.Segment, hits *roaring.Bitmap) *scorer {
	s := new(scorer)
	s.begin(in, hits)
	return s
}

// begin makes the scorer ready for these hits, in the memory that it has from earlier ones as far as that goes: of a large
// library a common word finds megabytes' worth of hits.
func (s *scorer) begin(in segment.Segment, hits *roaring.Bitmap) {
	n := int(hits.GetCardinality())
	s.segment, s.bitmap, s.except = in, hits, hits.Clone()
	s.except.Flip(0, in.Count())
	s.hits = zeroed(s.hits, n)
	hits.ToExistingArray(&s.hits)
	s.where = zeroed(s.where, n)
	for _, slice := range []*[]float32{&s.part, &s.best, &s.sum} {
		*slice = zeroed(*slice, n)
	}
	for _, slice := range []*[]merit{&s.term, &s.reading, &s.word} {
		*slice = zeroed(*slice, n)
	}
}

// zeroed returns a slice of n zero values, in the memory of the one given if that is large enough.
func zeroed[T any](memory []T, n int) []T {
	if cap(memory) < n {
		return make([]T, n)
	}
	memory = memory[:n]
	clear(memory)
	return memory
}

// scorers keeps scorers from one query to the next.
type scorers struct{ pool sync.Pool }

// scores is scorer.scores of these hits of a segment.
func (p *scorers) scores(in segment.Segment, hits *roaring.Bitmap, words []wordPlan, rarity []float64) ([]float64, error) {
	s, ok := p.pool.Get().(*scorer)
	if !ok {
		s = new(scorer)
	}
	defer func() {
		s.segment, s.bitmap, s.except = nil, nil, nil
		p.pool.Put(s)
	}()
	s.begin(in, hits)
	return s.scores(words, rarity)
}

// scores returns how well each hit answers the words. Rarity is how much each word says.
func (s *scorer) scores(words []wordPlan, rarity []float64) ([]float64, error) {
	total := make([]float64, len(s.hits))
	var beside *company
	if len(words) > 1 {
		beside = newCompany(len(s.hits))
	}
	for i, w := range words {
		if err := s.scoreWord(w); err != nil {
			return nil, err
		}
		for at, m := range s.word {
			value := rarity[i] * float64(m.value)
			if beside != nil {
				value = beside.meet(at, m, value, rarity[i])
			}
			total[at] += value
		}
	}
	if beside != nil {
		for at := range total {
			total[at] += beside.bonus(at)
		}
	}
	return total, nil
}

// scoreWord fills word with the best of its readings and synonyms.
func (s *scorer) scoreWord(w wordPlan) error {
	clear(s.word)
	for _, reading := range w.readings {
		if err := s.scoreReading(reading); err != nil {
			return err
		}
	}
	for _, synonym := range w.synonyms {
		if err := s.scoreSynonym(synonym); err != nil {
			return err
		}
	}
	return nil
}

// scoreReading raises word to what a reading is worth: what its terms are on average.
func (s *scorer) scoreReading(reading []expansion) error {
	if len(reading) == 1 {
		return s.scoreTerm(reading[0], s.raiseWord)
	}
	clear(s.reading)
	share := 1 / float32(len(reading))
	for _, x := range reading {
		err := s.scoreTerm(x, func(at int, m merit) {
			r := &s.reading[at]
			r.value += m.value * share
			r.text += m.text * share
			r.pages |= m.pages
			r.title |= m.title
		})
		if err != nil {
			return err
		}
	}
	for at, m := range s.reading {
		s.raiseWord(at, m)
	}
	return nil
}

// scoreSynonym raises word to what a synonym is worth: where its words stand together, what the least of them is.
func (s *scorer) scoreSynonym(row []expansion) error {
	for i, x := range row {
		err := s.scoreTerm(x, func(at int, m merit) {
			r := &s.reading[at]
			if i == 0 {
				*r = m
				return
			}
			r.value = min(r.value, m.value)
			r.text = min(r.text, m.text)
			r.pages &= m.pages
			r.title |= m.title
		})
		if err != nil {
			return err
		}
	}
	for at, m := range s.reading {
		if m.pages != 0 {
			m.value, m.text = m.value*worthSynonym, m.text*worthSynonym
			s.raiseWord(at, m)
		}
	}
	return nil
}

func (s *scorer) raiseWord(at int, m merit) {
	if m.value > s.word[at].value {
		s.word[at] = m
	}
}

// scoreTerm calls use with what the term is worth in each hit.
func (s *scorer) scoreTerm(x expansion, use func(at int, m merit)) error {
	clear(s.best)
	clear(s.sum)
	for _, t := range tiers() {
		clear(s.part)
		clear(s.where)
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
		switch t.field {
		case fieldTitle:
			for at, where := range s.where {
				s.term[at].title = where
			}
		case fieldWords:
			for at, where := range s.where {
				s.term[at].pages = where
			}
		}
	}
	for at, m := range s.term {
		text := s.part[at] // the text is the last of the tiers
		m.text = text
		if text < s.best[at] {
			m.text = otherParts * text
		}
		m.value = s.best[at] + otherParts*(s.sum[at]-s.best[at])
		use(at, m)
	}
	return nil
}

// scoreWhole adds to part and where what candidates are worth that stand in one part of the hits. Where a word stands
// right, it is not looked for mistyped.
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
			count, where := unpacked(posting.Frequency())
			if c.worth > worthTypo || s.part[at] <= float32(t.weight*worthTypo) {
				s.where[at] |= where
			}
			s.part[at] = max(s.part[at], float32(t.weight*c.worth*fullness(count, posting.Norm(), t.length)))
		}
	}
	return nil
}

// scoreStart adds to part what words are worth that begin so. How often they stand there and where is not known.
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
		if t.field == fieldWords {
			s.where[at] = everywhere
		}
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
func fullness(count int, norm, usual float64) float64 {
	length := 1 / (norm * norm)
	frequency := float64(count)
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
