package collateral

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// SynonymGroup is a group of terms that mean the same to whoever searches, such as SLA and service level agreement.
type SynonymGroup struct {
	ID        uuid.UUID
	Terms     []string // each of one or several words, in the order in which they were given
	ChangedAt time.Time
}

// Limits of the table of synonyms.
const (
	MaxSynonymGroups = 1000
	MaxSynonymTerms  = 10  // of a group
	MaxSynonymLength = 100 // of a term, in characters
)

// Normal returns g with terms as they are stored.
func (g SynonymGroup) Normal() SynonymGroup {
	g.Terms = trimAll(g.Terms)
	return g
}

// Check returns one Invalid error that names every fault of a normal group. Whether a term holds a word, and is in one
// group only, is not for it to say.
func (g SynonymGroup) Check() error {
	var f Faults
	switch n := len(g.Terms); {
	case n < 2:
		f.Add("/terms", "A group has at least two terms: the one that people type, and the one that stands in the pieces.")
	case n > MaxSynonymTerms:
		f.Add("/terms", "A group has at most %d terms. Leave out the ones that nobody types.", MaxSynonymTerms)
	}
	for i, t := range g.Terms {
		checkLine(&f, "/terms/"+strconv.Itoa(i), t, 1, MaxSynonymLength)
	}
	return f.Err("These synonyms cannot be saved as described.")
}
