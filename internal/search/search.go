// Package search is the port to the engine that finds collateral by words, stage and facets. It holds published
// pieces only and knows nothing of the database, of people or of who may see what beyond the filters it is given:
// whoever asks reads the hits from the store once more before showing them.
//
// What must not differ from engine to engine is here too: how a text and a query are cut into words (Tokens, Words),
// which words count as the same (Stem, Faults, Synonyms), and where they stand in a hit (Finder).
package search

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
)

// Sort is the order of hits. Ties are broken by id, so that pages do not overlap.
type Sort string

// The orders a Query may ask for.
const (
	SortRelevance Sort = "relevance" // without words: the newest first
	SortNewest    Sort = "newest"
	SortMostUsed  Sort = "most-used"
)

// Query asks for one page of hits. Words are what a person typed, in no syntax: all of them are required, in any part of
// the document and any inflection; each may be mistyped (one fault from 5 letters, two from 9; a swap of neighbouring
// letters is one), and the last one may be the beginning of a word unless a space follows it. Without a letter or digit
// every document is a hit. Values of one facet are alternatives, different facets must all hold; a facet without values
// is not asked for, and one that is not in Facets is an error, so that no filter is ever dropped unseen.
//
// Where the words are a term of a table of synonyms, another term of its group stands for them: in the same part of a
// document an original comes before a synonym.
type Query struct {
	Words   string
	Filter  map[Facet][]string
	Sort    Sort
	Page    int // from 1, which is also what anything below means
	PerPage int // at most MaxPerPage; DefaultPerPage when it is below 1
}

// How many hits a page holds.
const (
	DefaultPerPage = 20
	MaxPerPage     = 100
)

// Window returns which hits the query asks for: those from offset (counted from 0) on, at most limit of them.
func (q *Query) Window() (offset, limit int) {
	limit = q.PerPage
	if limit < 1 {
		limit = DefaultPerPage
	}
	limit = min(limit, MaxPerPage)
	page := min(max(q.Page, 1), math.MaxInt32/limit)
	return (page - 1) * limit, limit
}

// Page is the answer to a Query.
type Page struct {
	Hits   []Hit
	Total  int               // hits on all pages
	Facets map[Facet][]Count // for each facet, values with at least one hit; the most frequent first, then by value. A facet's own choice does not narrow its own counts.
}

// Count says how many hits carry a facet's value.
type Count struct {
	Value string
	Count int
}

// Counts puts how often each value of a facet was met in the order of a Page.
func Counts(of map[string]int) []Count {
	counts := make([]Count, 0, len(of))
	for value, n := range of {
		counts = append(counts, Count{Value: value, Count: n})
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return counts
}

// Hit is one asset that answers the query.
type Hit struct {
	ID        string
	Page      int        // the page or slide where the words stand, from 1; 0 when they stand in the title, summary or tags only
	Fragments []Fragment // a short piece of text around the words, cut into plain and matching runs; empty without words
	Why       []Reason   // never empty: with words where they were found, else the filters that hold, else the order of the list
}

// Fragment is a run of plain text. It is never HTML: whoever shows it escapes it.
type Fragment struct {
	Text string
	Hit  bool // the run matches the query
}

// ReasonKind says where the words were found.
type ReasonKind string

// The kinds of Reason.
const (
	ReasonTitle   ReasonKind = "title"
	ReasonSummary ReasonKind = "summary"
	ReasonTag     ReasonKind = "tag"  // stage, persona, industry, product, type
	ReasonText    ReasonKind = "text" // inside the file; Page is set
	ReasonFilter  ReasonKind = "filter"
)

// Reason explains a hit in words, for example {text, "renewal on page 12", 12}.
type Reason struct {
	Kind ReasonKind
	Text string
	Page int
}

// ErrFull is returned by Put and Delete when the place that holds the index has no room left. Queries go on.
var ErrFull = errors.New("search: no space left")

// Index holds Documents and answers Queries. It is safe for concurrent use.
type Index interface {
	// Put stores the documents, each replacing the one with its ID; of several with one ID the last counts. When it
	// returns without an error they are durable, otherwise some may be. ErrFull when there is no room; a *Refused when
	// all are in but those that it names.
	Put(ctx context.Context, docs ...Document) error

	// Delete removes documents by ID; an unknown ID is not an error.
	Delete(ctx context.Context, ids ...string) error

	// SetSynonyms replaces the table of synonyms: groups of terms that mean the same, each of one or several words. It
	// changes no document. When it returns without an error the table is durable. No term is in two groups, and each
	// holds a word; TermKey says which terms are the same.
	SetSynonyms(ctx context.Context, groups [][]string) error

	// Query answers from everything put, deleted and set before the last Flush, and perhaps from more.
	Query(ctx context.Context, q Query) (Page, error)

	// Complete returns what a person may mean who has typed so much: titles and values of tags that hold the words as
	// Completes says, at most limit of each.
	Complete(ctx context.Context, typed string, limit int) (Completions, error)

	// Similar returns at most limit documents that have most in common with one of the index, the best first; of an
	// unknown one, none. See Kin.
	Similar(ctx context.Context, id string, limit int) ([]Kin, error)

	// Flush returns when all that was put, deleted and set before the call is visible to Query.
	Flush(ctx context.Context) error

	// Revisions returns the Revision of every document by its id; for finding differences to the database.
	Revisions(ctx context.Context) (map[string]string, error)
}
