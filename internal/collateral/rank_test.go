package collateral

import "testing"

// By hand: the rank is the number of values times the percentage, rounded up.
func TestNearestRank(t *testing.T) {
	t.Parallel()
	tests := []struct {
		values  []int
		percent int
		want    int
	}{
		{[]int{7}, 50, 7},
		{[]int{7}, 90, 7},
		{[]int{1, 2}, 50, 1},
		{[]int{1, 2, 3}, 50, 2},
		{[]int{1, 2, 3, 4}, 50, 2},
		{[]int{1, 2, 3, 4}, 90, 4},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 90, 9},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 90, 10},
		{[]int{1, 2, 3}, 100, 3},
		{[]int{1, 2, 3}, 1, 1},
	}
	for _, tt := range tests {
		if got := NearestRank(tt.values, tt.percent); got != tt.want {
			t.Errorf("percentile %d of %v: got %d, want %d", tt.percent, tt.values, got, tt.want)
		}
	}
}
