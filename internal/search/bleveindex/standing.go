package bleveindex

import "math"

// Popularity and newness decide between hits that are about as good: together they add at most this much.
const (
	popularityBonus = 0.03
	newnessBonus    = 0.03
	popularUses     = 500                   // uses at which popularity counts fully
	newnessHalfLife = 180 * 24 * 3600 * 1e6 // microseconds
)

func popularity(uses int32) float32 {
	return float32(min(math.Log1p(max(float64(uses), 0))/math.Log1p(popularUses), 1))
}

func newness(published, newest int64) float32 {
	return float32(math.Exp2(float64(published-newest) / newnessHalfLife))
}

// standing returns the factor by which popularity and newness lift a document; newest is the newest publication of all
// segments.
func (c *columns) standing(newest int64) func(document uint32) float64 {
	segment := newnessBonus * float64(newness(c.newest, newest))
	return func(d uint32) float64 {
		return 1 + popularityBonus*float64(c.popularity[d]) + segment*float64(c.newness[d])
	}
}
