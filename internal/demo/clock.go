package demo

import (
	"cmp"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// seed makes everything that looks like chance the same each time.
const seed = 20

// clock tells the time of the past, and makes the ids of that time.
type clock struct {
	mu     sync.Mutex // uses are written in the background
	at     time.Time
	issued uint16
	random *rand.Rand
}

func newClock() *clock { return &clock{random: rand.New(rand.NewPCG(seed, seed))} }

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at.UTC().Truncate(time.Microsecond)
	c.issued = 0
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// newID makes a UUID of version 7 (RFC 9562, section 5.7): the milliseconds, a count within this moment, and chance. So
// ids sort by the time of the story.
func (c *clock) newID() uuid.UUID {
	c.mu.Lock()
	defer c.mu.Unlock()
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(c.at.UnixMilli())<<16|0x7000|uint64(c.issued&0x0fff))
	binary.BigEndian.PutUint64(id[8:], c.random.Uint64()>>2|1<<63)
	c.issued++
	return id
}

// moment is something that happens at its time.
type moment struct {
	at     time.Time
	happen func(context.Context) error
}

func inOrder(moments []moment) {
	slices.SortStableFunc(moments, func(a, b moment) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
}

// day returns the beginning of the day so many days ago.
func (c *company) day(daysAgo int) time.Time {
	return c.now.Truncate(24*time.Hour).AddDate(0, 0, -daysAgo)
}

// workday is day, or the Friday before when that is a weekend.
func (c *company) workday(daysAgo int) time.Time {
	day := c.day(daysAgo)
	switch day.Weekday() {
	case time.Saturday:
		return day.AddDate(0, 0, -1)
	case time.Sunday:
		return day.AddDate(0, 0, -2)
	}
	return day
}
