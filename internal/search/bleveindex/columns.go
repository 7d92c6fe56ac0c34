package bleveindex

import (
	"fmt"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"collateral/internal/search"
)

// columns is what filters, counts and orders need of every document of one segment. A segment never changes, so it is
// read once; a value's bitmap may name documents that were deleted since, which whoever uses it has left out already.
type columns struct {
	facets    map[search.Facet]map[string]*roaring.Bitmap
	carried   map[search.Facet]*carried
	uses      []int32
	published []int64 // microseconds since 1970
	newest    int64   // the greatest of published

	popularity []float32 // from 0 to 1
	newness    []float32 // 1 for the newest of the segment, half of that for each half-life before it
}

// columnCache keeps the columns of the segments in use. A value of a facet costs a bit per document at most, and a
// document four bytes for each facet and each of its values, so 100,000 documents cost about ten megabytes.
type columnCache struct {
	mu       sync.Mutex
	segments map[uint64]*columnEntry
}

type columnEntry struct {
	once    sync.Once
	columns *columns
	err     error
}

func newColumnCache() *columnCache { return &columnCache{segments: make(map[uint64]*columnEntry)} }

// of returns the columns of each segment of the snapshot, in its order, and forgets segments that are no longer there.
func (c *columnCache) of(snapshot *scorch.IndexSnapshot) ([]*columns, error) {
	segments := snapshot.Segments()
	entries := make([]*columnEntry, len(segments))
	current := make(map[uint64]*columnEntry, len(segments))
	c.mu.Lock()
	for i, s := range segments {
		entry, ok := c.segments[s.Id()]
		if !ok {
			entry = new(columnEntry)
		}
		entries[i], current[s.Id()] = entry, entry
	}
	c.segments = current
	c.mu.Unlock()

	all := make([]*columns, len(segments))
	for i, entry := range entries {
		entry.once.Do(func() { entry.columns, entry.err = readColumns(segments[i].Segment()) })
		if entry.err != nil {
			return nil, entry.err
		}
		all[i] = entry.columns
	}
	return all, nil
}

func readColumns(s segment.Segment) (*columns, error) {
	c := &columns{
		facets:    make(map[search.Facet]map[string]*roaring.Bitmap),
		carried:   make(map[search.Facet]*carried),
		uses:      make([]int32, s.Count()),
		published: make([]int64, s.Count()),
	}
	for _, facet := range search.Facets() {
		values, err := readValues(s, facetField(facet))
		if err != nil {
			return nil, fmt.Errorf("reading the values of facet %s: %w", facet, err)
		}
		c.facets[facet], c.carried[facet] = values, newCarried(values, s.Count())
	}
	if err := c.readNumbers(s); err != nil {
		return nil, fmt.Errorf("reading what orders hits: %w", err)
	}
	c.popularity, c.newness = make([]float32, s.Count()), make([]float32, s.Count())
	for d := range c.uses {
		c.popularity[d] = popularity(c.uses[d])
		c.newness[d] = newness(c.published[d], c.newest)
	}
	return c, nil
}

// readValues returns which documents carry each term of a field.
func readValues(s segment.Segment, field string) (map[string]*roaring.Bitmap, error) {
	dictionary, err := s.Dictionary(field)
	if err != nil {
		return nil, err
	}
	values := make(map[string]*roaring.Bitmap)
	terms := dictionary.AutomatonIterator(nil, nil, nil)
	for {
		entry, err := terms.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			return values, nil
		}
		documents := roaring.New()
		if _, err := addPostings(documents, dictionary, entry.Term, nil); err != nil {
			return nil, err
		}
		// The segment's file may be unmapped while the columns are still there.
		documents.CloneCopyOnWriteContainers()
		values[entry.Term] = documents
	}
}

func (c *columns) readNumbers(s segment.Segment) error {
	visitable, ok := s.(segment.DocValueVisitable)
	if !ok {
		return fmt.Errorf("segment %T has no document values", s)
	}
	fields := []string{fieldUses, fieldPublished}
	var state segment.DocVisitState
	var faulty error
	for n := range s.Count() {
		var err error
		state, err = visitable.VisitDocValues(n, fields, func(field string, term []byte) {
			value, err := strconv.ParseInt(string(term), 10, 64)
			switch {
			case err != nil:
				faulty = err
			case field == fieldUses:
				c.uses[n] = int32(value)
			default:
				c.published[n] = value
				c.newest = max(c.newest, value)
			}
		}, state)
		if err != nil {
			return err
		}
	}
	return faulty
}

// tag gives a Document the values that it carries, those of each facet in their own order.
func (c *columns) tag(number uint32, d *search.Document) {
	for facet, carried := range c.carried {
		for _, value := range carried.of(number) {
			d.AddValue(facet, value)
		}
	}
}

// addPostings adds the documents with a term to a bitmap, and returns the list for reuse.
func addPostings(to *roaring.Bitmap, dictionary segment.TermDictionary, term string, reuse segment.PostingsList) (segment.PostingsList, error) {
	list, err := dictionary.PostingsList([]byte(term), nil, reuse)
	if err != nil {
		return nil, fmt.Errorf("reading term %q: %w", term, err)
	}
	if whole, ok := list.(interface{ OrInto(*roaring.Bitmap) }); ok {
		whole.OrInto(to)
		return list, nil
	}
	postings := list.Iterator(false, false, false, nil)
	for {
		posting, err := postings.Next()
		if err != nil {
			return nil, fmt.Errorf("reading term %q: %w", term, err)
		}
		if posting == nil {
			return list, nil
		}
		to.Add(uint32(posting.Number()))
	}
}
