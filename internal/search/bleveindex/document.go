package bleveindex

import (
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"collateral/internal/search"
)

// field is one field of a document whose words are counted already, so that the text is cut once for all fields.
type field struct {
	name    string
	value   []byte // what is stored
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
	length  int
}

var _ index.Field = (*field)(nil)

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }
func (f *field) Size() int                                        { return len(f.value) + f.terms.Size() }

const (
	countedWords = index.IndexField
	plainTerms   = index.IndexField | index.SkipFreqNorm
	sortable     = plainTerms | index.DocValues
)

// newDocument lays a Document out in the index's fields.
func newDocument(d *search.Document) *document.Document {
	doc := document.NewDocument(d.ID)
	all := newCounter()
	part := func(name string, place places, texts ...string) {
		c := newCounter()
		first := 0
		for _, text := range texts {
			first = c.addInOrder(text, first) + 1 // the last word of one tag is no neighbour of the next one's first
			all.add(text, place)
		}
		doc.AddField(c.words(name))
		doc.AddField(c.starts(name))
	}
	part(fieldTitle, titlePlace, d.Title)
	part(fieldSummary, summaryPlace, d.Summary)
	var tags []string
	for _, facet := range search.Tags() {
		tags = append(tags, d.Values(facet)...)
	}
	part(fieldTags, tagsPlace, tags...)

	for i, page := range d.Pages {
		all.add(page, pagePlace(i, len(d.Pages)))
		doc.AddField(stored(storedPage, page))
	}
	doc.AddField(all.words(fieldWords))
	doc.AddField(all.starts(fieldWords))

	for _, facet := range search.Facets() {
		for _, value := range d.Values(facet) {
			doc.AddField(term(facetField(facet), value, plainTerms))
		}
	}
	if d.Revision != "" {
		doc.AddField(term(fieldRevision, d.Revision, sortable))
	}
	doc.AddField(stored(storedTitle, d.Title))
	doc.AddField(stored(storedSummary, d.Summary))
	doc.AddField(term(fieldUses, strconv.Itoa(d.Uses), sortable))
	doc.AddField(term(fieldPublished, strconv.FormatInt(d.PublishedAt.UnixMicro(), 10), sortable))
	return doc
}

func stored(name, value string) *field {
	return &field{name: name, value: []byte(value), options: index.StoreField}
}

func term(name, value string, options index.FieldIndexingOptions) *field {
	return &field{
		name: name, options: options, length: 1,
		terms: index.TokenFrequencies{value: &index.TokenFreq{Term: []byte(value)}},
	}
}

// counter counts words, and notes where they stand.
type counter struct {
	terms  index.TokenFrequencies
	length int
}

func newCounter() *counter { return &counter{terms: make(index.TokenFrequencies)} }

// add takes the words of a text that is one place.
func (c *counter) add(text string, place places) {
	for token := range search.Tokens(text) {
		c.count(token.Term, place)
	}
}

// addInOrder takes the words of a text, whose positions count from first on, and returns the next one.
func (c *counter) addInOrder(text string, first int) (next int) {
	next = first
	for token := range search.Tokens(text) {
		c.count(token.Term, position(first+token.At))
		next = first + token.At + 1
	}
	return next
}

func (c *counter) count(term string, place places) {
	c.length++
	tf, ok := c.terms[term]
	if !ok {
		// The term may be a piece of the whole text, which must not be held for it.
		own := strings.Clone(term)
		tf = &index.TokenFreq{Term: []byte(own)}
		tf.SetFrequency(packed(1, place))
		c.terms[own] = tf
		return
	}
	count, where := unpacked(uint64(tf.Frequency()))
	tf.SetFrequency(packed(count+1, where|place))
}

func (c *counter) words(name string) *field {
	return &field{name: name, options: countedWords, terms: c.terms, length: c.length}
}

func (c *counter) starts(name string) *field {
	terms := make(index.TokenFrequencies)
	for word := range c.terms {
		letters := 0
		for end := range word {
			if letters > 0 {
				terms[word[:end]] = nil
			}
			if letters++; letters > maxStart {
				break
			}
		}
		if letters <= maxStart {
			terms[word] = nil
		}
	}
	for start := range terms {
		terms[start] = &index.TokenFreq{Term: []byte(start)}
	}
	return &field{name: name + startsSuffix, options: plainTerms, terms: terms, length: len(terms)}
}
