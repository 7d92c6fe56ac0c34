package search

import "slices"

// row looks for a synonym in a text: words that stand next to each other.
type row struct {
	word  int    // of the query
	of    string // the term of the query that it is a synonym of
	stems []string
	runs  []run // by place: the last run of words up to there
}

// run is a beginning of the row that was met in the text.
type run struct {
	start, at int // bytes of its beginning, place of its last word
	met       bool
}

// step is a place in a row at which a term fits.
type step struct {
	row   *row
	place int
}

func newRow(word int, of string, terms []string) *row {
	r := &row{word: word, of: of, runs: make([]run, len(terms))}
	for _, term := range terms {
		r.stems = append(r.stems, Stem(term))
	}
	return r
}

// restart forgets what was met in another text.
func (r *row) restart() { clear(r.runs) }

// take goes on with a token that fits at the place. When that completes the row, it returns what the row covers.
func (r *row) take(place int, token Token) (whole Token, complete bool) {
	start := token.Start
	if place > 0 {
		before := r.runs[place-1]
		if !before.met || token.At != before.at+1 {
			return Token{}, false
		}
		start = before.start
	}
	r.runs[place] = run{start: start, at: token.At, met: true}
	whole = Token{Term: token.Term, Start: start, End: token.End, At: token.At}
	return whole, place == len(r.stems)-1
}

// steps returns where a term fits into the synonyms that are looked for.
func (f *Finder) steps(term string) []step {
	if len(f.synonyms) == 0 {
		return nil
	}
	stem := Stem(term)
	var steps []step
	for _, r := range f.synonyms {
		for place, wanted := range slices.Backward(r.stems) { // the last first: a word does not follow itself
			if wanted == stem {
				steps = append(steps, step{r, place})
			}
		}
	}
	return steps
}
