package collateral

import "strings"

// Closest returns the known word that was probably meant by a word that is not known, or "".
func Closest(word string, known []string) string {
	word = strings.ToLower(word)
	best, least := "", max(2, len(word)/3)+1
	for _, k := range known {
		if d := editDistance(word, strings.ToLower(k)); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// maxCompared bounds the words that are compared, in bytes: what is longer is no misspelt word of ours.
const maxCompared = 64

// editDistance counts the letters to insert, delete or change to make b of a (Wagner and Fischer, 1974).
func editDistance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
