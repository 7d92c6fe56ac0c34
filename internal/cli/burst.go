package cli

import (
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/machines"
)

// burst remembers which links were opened lately and from where, in memory and for as long as that tells anything.
type burst struct {
	mu     sync.Mutex
	opened []opening // the oldest first
}

type opening struct {
	link    uuid.UUID
	network string
	at      time.Time
}

// others notes that a link is opened, and returns how many other links were opened from the same network just before.
func (b *burst) others(now time.Time, address string, link uuid.UUID) int {
	network := access.Network(address)
	b.mu.Lock()
	defer b.mu.Unlock()
	over := 0
	for over < len(b.opened) && now.Sub(b.opened[over].at) > machines.Together {
		over++
	}
	b.opened = append(b.opened[:0], b.opened[over:]...)
	found := make(map[uuid.UUID]bool)
	for _, o := range b.opened {
		if o.network == network && o.link != link {
			found[o.link] = true
		}
	}
	b.opened = append(b.opened, opening{link, network, now})
	return len(found)
}
