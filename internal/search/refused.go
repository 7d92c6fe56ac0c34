package search

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ErrUnavailable is in the error of every method when the engine is another program that does not answer, or not in time.
// Later it may.
var ErrUnavailable = errors.New("search: the engine does not answer")

// Refused is the error of a Put when the engine has taken all documents but these, and would refuse them again as they are.
type Refused struct {
	Documents map[string]string // why, by ID
}

// Error names the documents.
func (r *Refused) Error() string {
	var told []string
	for _, id := range slices.Sorted(maps.Keys(r.Documents)) {
		told = append(told, fmt.Sprintf("%s: %s", id, r.Documents[id]))
	}
	return "search: refused for good: " + strings.Join(told, "; ")
}
