package sharing

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/machines"
)

// Bounds of what burst remembers and tells: more others than these tell nothing more.
const (
	mostOthers   = 5
	mostOpenings = 4096
)

// burst remembers which links were opened lately and from where, in memory and for as long as that tells anything.
type burst struct {
	mu     sync.Mutex
	opened []*opening // the oldest first
}

type opening struct {
	visit, link uuid.UUID
	network     string
	at          time.Time
	others      int // other links opened from the network within machines.Together, as far as is known
}

// note remembers that a visit begins. It returns how many other links were opened from the same network just before, and the
// visits of which that number grew by this one.
func (b *burst) note(now time.Time, address string, link, visit uuid.UUID) (others int, grown map[uuid.UUID]int) {
	network := access.Network(address)
	if network == "" {
		return 0, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	over := max(0, len(b.opened)+1-mostOpenings)
	for over < len(b.opened) && now.Sub(b.opened[over].at) > machines.Together {
		over++
	}
	b.opened = append(b.opened[:0], b.opened[over:]...)
	before, seen := make(map[uuid.UUID]bool), false
	for _, o := range b.opened {
		if o.network == network {
			before[o.link] = true
			seen = seen || o.link == link
		}
	}
	delete(before, link)
	grown = make(map[uuid.UUID]int)
	for _, o := range b.opened {
		if o.network == network && o.link != link && !seen && o.others < mostOthers {
			o.others++
			grown[o.visit] = o.others
		}
	}
	others = min(len(before), mostOthers)
	b.opened = append(b.opened, &opening{visit, link, network, now, others})
	return others, grown
}
