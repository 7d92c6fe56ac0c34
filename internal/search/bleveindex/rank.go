package bleveindex

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// ranked is a hit with what orders it.
type ranked struct {
	match    *segmentMatch
	document uint32
	key      float64 // greater comes first
	id       string  // read when two keys are equal, and for what is shown
}

// ranking keeps the first hits of a stream of them: a heap with the last one on top.
type ranking struct {
	limit int
	hits  []ranked
	err   error // of reading an id
}

var _ heap.Interface = (*ranking)(nil)

func (r *ranking) Len() int           { return len(r.hits) }
func (r *ranking) Swap(i, j int)      { r.hits[i], r.hits[j] = r.hits[j], r.hits[i] }
func (r *ranking) Less(i, j int) bool { return r.compare(&r.hits[i], &r.hits[j]) > 0 }
func (r *ranking) Push(x any)         { r.hits = append(r.hits, x.(ranked)) } //nolint:forcetypeassert // offer pushes nothing else

func (r *ranking) Pop() any {
	last := r.hits[len(r.hits)-1]
	r.hits = r.hits[:len(r.hits)-1]
	return last
}

// offer takes the hit in if it is among the first.
func (r *ranking) offer(hit ranked) {
	switch {
	case len(r.hits) < r.limit:
		heap.Push(r, hit)
	case r.limit > 0 && r.compare(&hit, &r.hits[0]) < 0:
		r.hits[0] = hit
		heap.Fix(r, 0)
	}
}

// from returns the hits in order, without the first offset of them.
func (r *ranking) from(offset int) ([]*ranked, error) {
	order := make([]*ranked, len(r.hits))
	for i := range r.hits {
		order[i] = &r.hits[i]
	}
	slices.SortFunc(order, r.compare)
	shown := order[min(offset, len(order)):]
	for _, hit := range shown {
		r.readID(hit)
	}
	return shown, r.err
}

// compare is negative when a comes before b: by key, and by id where the keys are equal.
func (r *ranking) compare(a, b *ranked) int {
	if order := cmp.Compare(b.key, a.key); order != 0 {
		return order
	}
	r.readID(a)
	r.readID(b)
	return strings.Compare(a.id, b.id)
}

func (r *ranking) readID(hit *ranked) {
	if hit.id != "" {
		return
	}
	id, err := hit.match.segment.DocID(uint64(hit.document))
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("reading the id of document %d: %w", hit.document, err)
	}
	hit.id = string(id)
}
