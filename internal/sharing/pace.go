package sharing

import (
	"sync"
	"time"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

// pace bounds how often something comes from one network within a minute of the clock. It remembers the networks of that minute,
// in memory alone: addresses of visitors are kept nowhere else for longer than attempts count.
type pace struct {
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

// allow counts one more, and refuses it with TooMany beyond the limit; 0 is no limit. An address that is not known is not counted.
func (p *pace) allow(now time.Time, address string, limit int) error {
	address = access.Network(address)
	if limit <= 0 || address == "" {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(p.minute) || p.counts == nil {
		p.minute, p.counts = minute, make(map[string]int)
	}
	if p.counts[address] >= limit {
		wait := p.minute.Add(time.Minute).Sub(now)
		return &collateral.Error{
			Kind:       collateral.TooMany,
			Message:    "Too much comes from your network just now. Wait a minute and try again.",
			RetryAfter: int((wait + time.Second - 1) / time.Second),
		}
	}
	p.counts[address]++
	return nil
}
