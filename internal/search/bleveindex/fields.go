package bleveindex

import "collateral/internal/search"

// schemaVersion names what fields.go and document.go write. An index of another version is made anew; raise it with
// every change of fields, and of the analysis in package search.
const schemaVersion = "3"

// The fields of the index. Every text field holds folded words as package search cuts them, without stems: inflections
// and faults are found by walking the dictionary, which a stemmed one does not allow.
const (
	fieldWords = "words" // every word of the document, wherever it stands: what decides whether it is a hit

	// The words of one part again: what decides how good a hit it is.
	fieldTitle   = "title"
	fieldTags    = "tags"
	fieldSummary = "summary"

	// What is stored for showing a hit, and not searched. A field is either one or the other, because segments merge
	// by a field's name.
	storedTitle   = "stored.title"
	storedSummary = "stored.summary"
	storedPage    = "stored.page" // the text of one page, in order

	fieldRevision  = "revision"
	fieldPublished = "published"
	fieldUses      = "uses"

	// startsSuffix is appended to a text field's name for the field that holds the first one, two and three letters of
	// each of its words. So the beginning of a word costs one posting list while it is short, and a walk over few
	// dictionary entries when it is not.
	startsSuffix = ".starts"
	maxStart     = 3

	facetPrefix = "facet."
)

// tier is a part of the document and what a word is worth there.
type tier struct {
	field  string
	weight float64
	length float64 // usual number of words
}

// tiers returns the parts in which words are weighed. Weights lie so far apart that an exact word in a better part wins
// over any number of words in the lesser ones; see scorer.
func tiers() []tier {
	return []tier{
		{fieldTitle, 8, 6},
		{fieldTags, 4, 10},
		{fieldSummary, 2, 30},
		{fieldWords, 1, 1000},
	}
}

func facetField(f search.Facet) string { return facetPrefix + string(f) }
