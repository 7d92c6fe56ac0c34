package collateral

// NearestRank returns the percentile of values that stand in ascending order, by the nearest-rank method: the smallest of them that
// at least so many percent are not above. It is always one of the values, so there is a row to look at. percent is 1 to 100, and values
// are not empty.
func NearestRank[T any](ascending []T, percent int) T {
	return ascending[(len(ascending)*percent+99)/100-1]
}
