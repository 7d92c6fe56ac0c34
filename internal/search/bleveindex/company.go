package bleveindex

import "slices"

// What words are worth in the text is raised by onOnePage when one page holds all that stand nowhere better: enough to come
// before any document where they are scattered, and too little to come before one that has them in its summary. What a
// word is worth that follows the one before it in the title is raised by nextInTitle, which is more than popularity and
// newness can make up for.
const (
	onOnePage   = 1.4
	nextInTitle = 1.25
)

// company is how the words of a query stand to each other in each hit.
type company struct {
	inText []float64 // what they are worth in the text
	shared []places  // pages that hold all those that stand in the text
	before []places  // where in the title the word before stands
}

func newCompany(hits int) *company {
	return &company{
		inText: make([]float64, hits), shared: slices.Repeat([]places{everywhere}, hits), before: make([]places, hits),
	}
}

// meet takes the next word in, and returns what it is worth after the one before.
func (c *company) meet(at int, m merit, value, rarity float64) float64 {
	if c.before[at].precede(m.title) {
		value *= nextInTitle
	}
	c.before[at] = m.title
	c.inText[at] += rarity * float64(m.text)
	if m.standsInText() {
		c.shared[at] &= m.pages
	}
	return value
}

// bonus is what the words are worth more because they stand on one page.
func (c *company) bonus(at int) float64 {
	if c.shared[at] == 0 {
		return 0
	}
	return (onOnePage - 1) * c.inText[at]
}
