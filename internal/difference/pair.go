package difference

import (
	"slices"
	"strings"
)

// couple is a page of the old text and the one that it became, counted from 0; -1 for none.
type couple struct{ before, after int }

// maxPairing bounds how many pairs of pages are weighed: beyond, pages are paired as they come.
const maxPairing = 2500

// likeness is the least that two pages have in common, of 1, to be taken for the same page.
const likeness = 0.3

// pair says which of some old pages became which of some new ones, in order, so that the pairs have the most words in common.
// A page that was put in between then is new, and those behind it are not.
func pair(before, after []string) []couple {
	if len(before) == 0 || len(after) == 0 || len(before)*len(after) > maxPairing || len(before) == 1 && len(after) == 1 {
		return inOrder(len(before), len(after))
	}
	likenesses := weigh(before, after)
	// best[i][j] is the most that pages from i and j on have in common.
	best := make([][]float64, len(before)+1)
	for i := range best {
		best[i] = make([]float64, len(after)+1)
	}
	for i := range slices.Backward(before) {
		for j := range slices.Backward(after) {
			best[i][j] = max(best[i+1][j], best[i][j+1], likenesses[i][j]+best[i+1][j+1])
		}
	}
	var couples []couple
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && likenesses[i][j] > 0 && best[i][j] == likenesses[i][j]+best[i+1][j+1]:
			couples = append(couples, couple{i, j})
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && best[i][j] == best[i+1][j]:
			couples = append(couples, couple{i, -1})
			i++
		default:
			couples = append(couples, couple{-1, j})
			j++
		}
	}
	return couples
}

func inOrder(before, after int) []couple {
	var couples []couple
	for i := range max(before, after) {
		c := couple{i, i}
		if i >= before {
			c.before = -1
		}
		if i >= after {
			c.after = -1
		}
		couples = append(couples, c)
	}
	return couples
}

// weigh returns the share of words that each two pages have in common; 0 when it is too little.
func weigh(before, after []string) [][]float64 {
	old, fresh := wordSets(before), wordSets(after)
	all := make([][]float64, len(old))
	for i, was := range old {
		all[i] = make([]float64, len(fresh))
		for j, is := range fresh {
			common := 0
			for word := range was {
				if is[word] {
					common++
				}
			}
			if share := float64(common) / float64(max(len(was)+len(is)-common, 1)); share >= likeness {
				all[i][j] = share
			}
		}
	}
	return all
}

func wordSets(pages []string) []map[string]bool {
	sets := make([]map[string]bool, len(pages))
	for i, page := range pages {
		sets[i] = make(map[string]bool)
		for word := range strings.FieldsSeq(strings.ToLower(shorten(page))) {
			sets[i][word] = true
		}
	}
	return sets
}
