package meilitest

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// matcher holds the nodes of one path against documents.
type matcher struct {
	index  *index
	nodes  []node
	allows []bool // by rank of attribute: whether words are looked for there
	typos  []bool // by rank of attribute: whether mistyped words are, too
}

// found is where a node stands in a document, at the fewest faults.
type found struct {
	places []place // of the first word
	ends   []int   // positions of the last word
	typos  int
	exact  bool // the word of the query itself is there
}

// match returns where each node stands in a document, when all do.
func (m *matcher) match(d *document) ([]found, bool) {
	all := make([]found, len(m.nodes))
	for i, nd := range m.nodes {
		best := found{typos: math.MaxInt}
		for _, w := range nd.ways {
			if w.typos > best.typos {
				continue
			}
			places := m.placesOf(d, w)
			if len(places) == 0 {
				continue
			}
			if w.typos < best.typos {
				best = found{typos: w.typos}
			}
			best.exact = best.exact || w.exact
			for _, p := range places {
				best.places = append(best.places, p)
				best.ends = append(best.ends, p.position+len(w.words)-1)
			}
		}
		if len(best.places) == 0 {
			return nil, false
		}
		all[i] = best
	}
	return all, true
}

// placesOf returns where the words of a way stand next to each other.
func (m *matcher) placesOf(d *document, w way) []place {
	var places []place
	for _, p := range d.places[w.words[0]] {
		if !m.allows[p.attribute] || w.typos > 0 && !m.typos[p.attribute] {
			continue
		}
		together := true
		for i, word := range w.words[1:] {
			if _, there := slices.BinarySearchFunc(d.places[word], place{p.attribute, p.position + i + 1}, comparePlaces); !there {
				together = false
				break
			}
		}
		if together {
			places = append(places, p)
		}
	}
	return places
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.attribute, b.attribute), cmp.Compare(a.position, b.position))
}

// costs returns what a document costs by each rule; less is better.
func (m *matcher) costs(d *document, all []found, rules []string) []int {
	var costs []int
	for _, rule := range rules {
		switch rule {
		case "typo":
			sum := 0
			for i, f := range all {
				sum += f.typos
				if n := m.nodes[i].words; n > 1 { // words that are taken as one
					sum += n
				}
			}
			costs = append(costs, sum)
		case "attributeRank":
			sum := 0
			for i, f := range all {
				best := math.MaxInt
				for _, p := range f.places {
					best = min(best, p.attribute)
				}
				sum += best * m.nodes[i].words
			}
			costs = append(costs, sum)
		case "wordPosition":
			sum, at := 0, 0
			for i, f := range all {
				best := math.MaxInt
				for _, p := range f.places {
					best = min(best, m.nodes[i].positionCost(p.position, at))
				}
				sum += best
				at += m.nodes[i].words
			}
			costs = append(costs, sum)
		case "proximity":
			sum := 0
			for i := range all {
				sum += m.nodes[i].words - 1
				if i > 0 {
					sum += nearest(&all[i-1], &all[i])
				}
			}
			costs = append(costs, sum)
		case "exactness":
			costs = append(costs, m.exactAttribute(d), m.inexactWords(all))
		}
	}
	return costs
}

// positionCost says how far a place in a text is from the word's place in the query, in the buckets of the server.
func (n node) positionCost(position, inQuery int) int {
	sum := 0
	for i := range n.words {
		distance := bucket(position) - inQuery
		sum += distanceCost(max(distance, -distance) + i)
	}
	return sum
}

// bucket is the place that the server remembers of a place: those further back are rounded up.
func bucket(position int) int {
	switch {
	case position < 16:
		return position
	case position < 24:
		return 24
	default:
		return 1 << bits.Len(uint(position-1))
	}
}

func distanceCost(distance int) int {
	for cost, last := range []int{0, 1, 4, 7, 11, 16, 24, 64, 256, 1024} {
		if distance <= last {
			return cost
		}
	}
	return 10
}

// maxProximity is the distance from which on words are as good as in different attributes.
const maxProximity = 8

// nearest is the least distance of two nodes that follow each other in a query; the wrong order costs one more.
func nearest(a, b *found) int {
	best := maxProximity
	order := make([]int, len(b.places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return comparePlaces(b.places[i], b.places[j]) })
	for i, p := range a.places {
		from, _ := slices.BinarySearchFunc(order, place{p.attribute, p.position - maxProximity}, func(n int, t place) int {
			return comparePlaces(b.places[n], t)
		})
		for _, n := range order[from:] {
			q := b.places[n]
			if q.attribute != p.attribute || q.position > a.ends[i]+maxProximity {
				break
			}
			if q.position > a.ends[i] {
				best = min(best, q.position-a.ends[i])
			} else if b.ends[n] < p.position {
				best = min(best, p.position-b.ends[n]+1)
			}
		}
	}
	return best
}

// exactAttribute is 0 for an attribute that is the query, 1 for one that begins with it, and else 2.
func (m *matcher) exactAttribute(d *document) int {
	best := 2
	for attribute, length := range d.length {
		if !m.allows[attribute] {
			continue
		}
		whole := true
		for i, nd := range m.nodes {
			word, ok := nd.itself()
			if _, there := slices.BinarySearchFunc(d.places[word], place{attribute, i}, comparePlaces); !ok || !there {
				whole = false
				break
			}
		}
		if whole && length == len(m.nodes) {
			return 0
		} else if whole {
			best = 1
		}
	}
	return best
}

func (n node) itself() (string, bool) {
	for _, w := range n.ways {
		if w.exact && len(w.words) == 1 {
			return w.words[0], true
		}
	}
	return "", false
}

func (m *matcher) inexactWords(all []found) int {
	n := 0
	for i, f := range all {
		if !f.exact {
			n += m.nodes[i].words
		}
	}
	return n
}

// wordRules returns the ranking rules by which the words of a query are compared.
func wordRules(rules []string) []string {
	return slices.DeleteFunc(slices.Clone(rules), func(rule string) bool {
		return rule == "sort" || rule == "words" || strings.Contains(rule, ":")
	})
}
