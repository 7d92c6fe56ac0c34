package usage

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// crowd is a world with people of all sorts, pieces of all sorts, and a history of random uses of them.
type crowd struct {
	*world
	random  *rand.Rand
	people  []collateral.Actor
	pieces  []*collateral.Asset
	engaged []happening // visits that count, of which no other record is kept here
}

func newCrowd(w *world, seed uint64) *crowd {
	w.t.Helper()
	w.clock.move(75 * day) // days before it are those of two years
	c := &crowd{world: w, random: rand.New(rand.NewPCG(seed, 0))}
	max := w.person("max", collateral.Marketer)
	rob, cora := w.person("rob", collateral.Rep), w.person("cora", collateral.Rep, collateral.Marketer)
	c.people = []collateral.Actor{w.rita, rob, cora, w.mia, w.ann, w.lea}
	types := []collateral.Type{"deck", "video", "faq"}
	for i := range 16 {
		p := piece{
			title: string(rune('A' + i/2)), // titles are not unique
			kind:  types[c.random.IntN(3)], owner: []collateral.Actor{w.mia, max, cora}[c.random.IntN(3)],
			age: []int{150, 100, 60, 31, 30, 29, 3}[c.random.IntN(7)],
		}
		for _, n := range c.random.Perm(6)[:1+c.random.IntN(2)] {
			p.stages = append(p.stages, n+1)
		}
		if c.random.IntN(3) == 0 && p.owner.UserID != cora.UserID {
			p.coauthors = []uuid.UUID{cora.UserID}
		}
		a := w.publish(p)
		at := w.clock.now().Add(-time.Duration(p.age) * day)
		if p.age >= 60 && c.random.IntN(2) == 0 {
			w.publishVersion(a, at.Add(20*day))
		}
		if p.age >= 60 && c.random.IntN(4) == 0 {
			w.withdraw(a, at.Add(40*day))
			if c.random.IntN(2) == 0 {
				w.publishVersion(a, at.Add(55*day))
			}
		}
		c.pieces = append(c.pieces, a)
	}
	return c
}

// batch is some random events of one person. Few pieces have most of the uses, some have none.
func (c *crowd) batch(n int) []Incoming {
	kinds := []collateral.UseKind{collateral.View, collateral.View, collateral.Download, collateral.Share, collateral.Present}
	events := make([]Incoming, n)
	for i := range events {
		piece := c.pieces[min(c.random.IntN(14), c.random.IntN(14))]
		ago := time.Duration(c.random.Int64N(int64(160 * day)))
		if c.random.IntN(3) == 0 {
			ago = time.Duration(c.random.Int64N(int64(2 * day)))
		}
		events[i] = c.event(kinds[c.random.IntN(len(kinds))], piece.ID, ago)
	}
	return events
}

// report is a batch and who reports it.
type report struct {
	actor  collateral.Actor
	events []Incoming
}

// live reports random events from two processes at once, many of them twice, and searches and opens now and then.
// It returns how many ids were reported and what the calls answered, added up.
func (c *crowd) live(t *testing.T) (ids int, sum Outcome) {
	t.Helper()
	_, other := c.open()
	var reports []report
	for range 60 {
		r := report{c.people[c.random.IntN(len(c.people))], c.batch(1 + c.random.IntN(12))}
		ids += len(r.events)
		reports = append(reports, r)
		if c.random.IntN(3) == 0 {
			r.events = append([]Incoming{r.events[0]}, r.events...)
			reports = append(reports, r)
		}
	}
	c.random.Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
	var mu sync.Mutex
	var done sync.WaitGroup
	for lane := range 6 {
		done.Go(func() {
			u := []*Usage{c.Usage, other}[lane%2]
			for i := lane; i < len(reports); i += 6 {
				out, err := u.Record(t.Context(), reports[i].actor, reports[i].events)
				if err != nil {
					t.Errorf("recording: %v", err)
				}
				mu.Lock()
				sum.Accepted += out.Accepted
				sum.Duplicates += out.Duplicates
				sum.Rejected = append(sum.Rejected, out.Rejected...)
				mu.Unlock()
			}
		})
	}
	c.engage(t)
	done.Wait()
	c.browse(t)
	return ids, sum
}

// engage has buyers engaged on random days while uses come in, and takes some of it back.
func (c *crowd) engage(t *testing.T) {
	t.Helper()
	for range 12 {
		var engaged []store.Engaged
		for range 1 + c.random.IntN(4) {
			on := c.clock.now().Add(-time.Duration(c.random.Int64N(int64(140 * day))))
			e := store.Engaged{AssetID: c.pieces[8+c.random.IntN(7)].ID, Day: dayOf(on), By: 1}
			h := happening{e.AssetID, collateral.Engaged, e.Day}
			if c.random.IntN(5) == 0 && len(c.engaged) > 0 {
				i := c.random.IntN(len(c.engaged))
				h = c.engaged[i]
				c.engaged = slices.Delete(c.engaged, i, i+1)
				e = store.Engaged{AssetID: h.asset, Day: h.day, By: -1}
			} else {
				c.engaged = append(c.engaged, h)
			}
			engaged = append(engaged, e)
		}
		if err := c.store.Tx(t.Context(), func(tx *store.Store) error { return tx.AddEngaged(t.Context(), engaged) }); err != nil {
			t.Errorf("adding %v: %v", engaged, err)
		}
	}
}

// browse searches and opens at random times of the past.
func (c *crowd) browse(t *testing.T) {
	t.Helper()
	now := c.clock.now()
	for range 60 {
		c.clock.move(-time.Duration(c.random.Int64N(int64(140 * day))))
		actor := c.people[c.random.IntN(len(c.people))]
		shown := make([]uuid.UUID, 1+c.random.IntN(4))
		for i := range shown {
			shown[i] = c.pieces[c.random.IntN(len(c.pieces)-1)].ID
		}
		c.Searched(t.Context(), actor, Search{Query: uuid.NewString(), Shown: shown})
		c.Opened(t.Context(), actor, shown[0], uuid.New(), collateral.View)
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.clock.move(now.Sub(c.clock.now()))
	}
}
