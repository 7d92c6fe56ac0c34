package search

import (
	"math/bits"
	"unicode/utf8"
)

// withinFaults tells whether b can be made of a by at most max faults, and by how many. A fault is a letter too many,
// too few or wrong, or a swap of two neighbours (the optimal string alignment distance).
func withinFaults(a, b string, max int) (int, bool) {
	if diff := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); diff > max || -diff > max {
		return 0, false
	}
	// A fault takes at most one letter away and brings at most one: most words are told apart by this alone.
	if has, wants := letters(a), letters(b); bits.OnesCount64(has&^wants) > max || bits.OnesCount64(wants&^has) > max {
		return 0, false
	}
	from, to := []rune(a), []rune(b)
	width := len(to) + 1
	rows := make([]int, 3*width)
	before, above, row := rows[:width], rows[width:2*width], rows[2*width:]
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(to); j++ {
			wrong := 1
			if from[i-1] == to[j-1] {
				wrong = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+wrong)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > max {
			return 0, false
		}
		before, above, row = above, row, before
	}
	return above[len(to)], above[len(to)] <= max
}

// letters is the set of a word's letters, some of which share a bit.
func letters(word string) uint64 {
	var set uint64
	for _, r := range word {
		set |= 1 << (r % 64)
	}
	return set
}
