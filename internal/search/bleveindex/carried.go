package bleveindex

import (
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// carried is the values of one facet that each document of a segment carries, by document: for counting, where bitmaps
// by value cost a walk for every value that there is.
type carried struct {
	names  []string // sorted
	starts []uint32 // by document: where its values begin; one more for the end
	values []uint32 // places in names, each document's in order
	totals []int    // by place in names: documents that carry it
}

// newCarried turns bitmaps by value around.
func newCarried(values map[string]*roaring.Bitmap, documents uint64) *carried {
	c := &carried{names: slices.Sorted(maps.Keys(values)), starts: make([]uint32, documents+1)}
	for _, name := range c.names {
		for d := values[name].Iterator(); d.HasNext(); {
			c.starts[d.Next()+1]++
		}
	}
	for d := range documents {
		c.starts[d+1] += c.starts[d]
	}
	c.values = make([]uint32, c.starts[documents])
	next := slices.Clone(c.starts)
	for place, name := range c.names {
		c.totals = append(c.totals, int(values[name].GetCardinality()))
		for documents := values[name].Iterator(); documents.HasNext(); {
			d := documents.Next()
			c.values[next[d]] = uint32(place)
			next[d]++
		}
	}
	return c
}

// of returns the values of a document, sorted.
func (c *carried) of(document uint32) []string {
	var values []string
	for _, place := range c.places(document) {
		values = append(values, c.names[place])
	}
	return values
}

func (c *carried) places(document uint32) []uint32 {
	return c.values[c.starts[document]:c.starts[document+1]]
}

// count returns how many of the documents carry each of the names. The caller changes nothing of it.
func (c *carried) count(documents *roaring.Bitmap) []int {
	if documents.GetCardinality() == uint64(len(c.starts)-1) {
		return c.totals
	}
	counts := make([]int, len(c.names))
	var some [256]uint32
	for all := documents.ManyIterator(); ; {
		n := all.NextMany(some[:])
		if n == 0 {
			return counts
		}
		for _, d := range some[:n] {
			for _, place := range c.places(d) {
				counts[place]++
			}
		}
	}
}
