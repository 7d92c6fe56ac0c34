package collateral

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Stage is a step of the customer's buying process. Stages are data: leaders edit, rename, reorder and merge them.
type Stage struct {
	ID         uuid.UUID
	Key        string // slug
	Name       string
	Position   int       // order of showing, from 1
	AlwaysOn   bool      // goes on beside all others, such as building consensus
	Questions  []string  // what the buyer asks at this stage
	Milestones []string  // what shows that the buyer has passed it, as something the buyer does
	MergedInto uuid.UUID // the stage that took this one's place; uuid.Nil while in use
	RetiredAt  *time.Time
}

// Normal returns s with texts as they are stored.
func (s Stage) Normal() Stage {
	s.Name = strings.TrimSpace(s.Name)
	s.Questions = trimAll(s.Questions)
	s.Milestones = trimAll(s.Milestones)
	return s
}

func trimAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = strings.TrimSpace(t)
	}
	return out
}

// Mark names what is said of the stage, its place apart. Two equal marks are the same state.
func (s Stage) Mark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %t %q %q", s.Key, s.Name, s.AlwaysOn, s.Questions, s.Milestones))
	return hex.EncodeToString(sum[:8])
}

// Check returns one Invalid error that names every fault of a normal stage.
func (s Stage) Check() error {
	var f Faults
	if !IsSlug(s.Key) {
		f.Add("/key", "The key of a stage is 1 to 64 lower-case letters, digits and hyphens.")
	}
	checkLine(&f, "/name", s.Name, 1, 100)
	if s.Position < 1 {
		f.Add("/position", "Positions count from 1.")
	}
	checkList(&f, "/questions", s.Questions)
	checkList(&f, "/milestones", s.Milestones)
	return f.Err("This stage cannot be saved as described.")
}

func checkList(f *Faults, pointer string, texts []string) {
	if len(texts) > 20 {
		f.Add(pointer, "At most 20 are kept: a stage with more is two stages.")
	}
	for i, t := range texts {
		checkLine(f, pointer+"/"+strconv.Itoa(i), t, 3, 300)
	}
}
