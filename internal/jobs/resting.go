package jobs

import (
	"slices"
	"time"
)

// resting knows which kinds of work rest, because a job of theirs found a disk full or a part away. When the rest is over
// one or two try again: a thousand that wait would find out no more, and each claim is a write itself. One goroutine uses it.
type resting struct {
	kinds []string
	until map[string]time.Time
}

func newResting(kinds []string) *resting {
	return &resting{kinds: kinds, until: make(map[string]time.Time)}
}

func (r *resting) rest(kind string, until time.Time) { r.until[kind] = until }

// awake returns the kinds that may be claimed.
func (r *resting) awake(now time.Time) []string {
	return slices.DeleteFunc(slices.Clone(r.kinds), func(kind string) bool { return now.Before(r.until[kind]) })
}
