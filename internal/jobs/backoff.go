package jobs

import (
	"math/rand/v2"
	"time"
)

// MaxBackoff bounds the pause between two attempts, but for the jitter.
const MaxBackoff = time.Hour

// Backoff is the usual pause after the given attempt, from 1: a second, doubled with each attempt up to MaxBackoff, and
// up to a quarter longer, so that jobs that failed together do not come back together.
func Backoff(attempt int) time.Duration {
	pause := MaxBackoff
	if shift := max(attempt, 1) - 1; shift < 12 {
		pause = min(time.Second<<shift, MaxBackoff)
	}
	return pause + rand.N(pause/4+1)
}
