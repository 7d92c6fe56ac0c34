package store

import (
	"sync"

	"github.com/google/uuid"
)

// pastTotals keeps the totals of all pieces up to some past days between reports: most reports begin on the same few
// days, and what happened before them stands still. It is safe for concurrent use.
type pastTotals struct {
	mu   sync.Mutex
	days []pastDay // the last asked for at the end
}

// pastDay is the totals of all pieces up to and with a day. It holds as long as the days up to it changed as often.
type pastDay struct {
	day     string
	changes string
	totals  map[uuid.UUID]string // as usage_totals.as_text; pieces without any have none
}

// keptDays bounds the memory: a day of 50,000 pieces takes 8 MB.
const keptDays = 6

// of returns the totals up to and with the day, if they are kept.
func (p *pastTotals) of(day string) (pastDay, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, kept := range p.days {
		if kept.day == day {
			p.days = append(append(p.days[:i:i], p.days[i+1:]...), kept)
			return kept, true
		}
	}
	return pastDay{}, false
}

// keep replaces what is known of the day, and forgets the day that was not asked for the longest.
func (p *pastTotals) keep(day pastDay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := []pastDay{}
	for _, other := range p.days {
		if other.day != day.day {
			kept = append(kept, other)
		}
	}
	kept = append(kept, day)
	p.days = kept[max(0, len(kept)-keptDays):]
}
