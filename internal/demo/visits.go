package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// reach is how far the field goes with a piece: the chances that a rep who sees it opens it, and that who opened it
// takes it along, and shares or presents it.
type reach struct {
	open, take, use float64
	endedDaysAgo    int // when the field lost interest; 0 when it did not
}

var reaches = map[string]reach{
	"everywhere": {open: 0.75, take: 0.35, use: 0.55},
	"used":       {open: 0.45, take: 0.3, use: 0.18},
	"taken":      {open: 0.25, take: 0.3},
	"opened":     {open: 0.12},
	"found":      {},
	"unseen":     {},
	"dormant":    {open: 0.3, take: 0.3, use: 0.4, endedDaysAgo: 110},
}

// visits plans when each rep comes. What falls on a weekend happens on a day of the week before it, so that there are as
// many visits whatever the day of the week on which the demo is made.
func (c *company) visits() []moment {
	var all []moment
	for i, rep := range reps() {
		for daysAgo := 1; daysAgo < firstDay-2; daysAgo++ {
			random := rand.New(rand.NewPCG(seed, uint64(i*1000+daysAgo)))
			comes, back, minute := random.Float64() < rep.pace, random.IntN(5), random.IntN(9*60)
			if !comes {
				continue
			}
			day := c.workday(daysAgo)
			if !day.Equal(c.day(daysAgo)) {
				day = day.AddDate(0, 0, -back) // from that Friday back to Monday
			}
			at := day.Add(8*time.Hour + time.Duration(minute)*time.Minute)
			all = append(all, moment{at, func(ctx context.Context) error {
				return c.visit(ctx, rep, at, random)
			}})
		}
	}
	return all
}

// firstScreen is how many hits a rep looks at.
const firstScreen = 5

// visit is a rep who looks for something; who finds nothing looks for something else.
func (c *company) visit(ctx context.Context, rep person, at time.Time, random *rand.Rand) error {
	actor := c.staff[rep.key]
	for range 1 + random.IntN(2) {
		w := pick(c.wishes, random)
		found := c.find(w)
		hits := found[:min(len(found), firstScreen)]
		search := usage.Search{Query: w.words, Sort: "relevance", Page: 1, Total: len(found)}
		if w.stage != "" {
			search.Filters = url.Values{"stage": {w.stage}}
		}
		if w.words == "" {
			search.Sort = "most-used"
		}
		for _, p := range hits {
			search.Shown = append(search.Shown, p.id)
		}
		c.clock.set(at)
		id := c.uses.Searched(ctx, actor, search).String()
		for place, p := range hits {
			var err error
			if at, err = c.use(ctx, rep, p, place, id, at.Add(20*time.Second), random); err != nil {
				return fmt.Errorf("%s uses %s: %w", rep.name, p.name, err)
			}
		}
		at = at.Add(2 * time.Minute)
	}
	return nil
}

// readDays is for how many days back it is told how long reps read: each of these times is a transaction of its own.
const readDays = 30

// use is what a rep does with one hit. It returns when that is done.
func (c *company) use(ctx context.Context, rep person, p *piece, place int, search string, at time.Time, random *rand.Rand) (time.Time, error) {
	r := reaches[p.reach]
	opens, takes, uses := random.Float64()*(1+0.3*float64(place)), random.Float64(), random.Float64()
	presents, deal, liked := random.IntN(3) == 0, 1000+random.IntN(400), random.IntN(4)
	if r.endedDaysAgo > 0 && at.After(c.workday(r.endedDaysAgo)) {
		r = reaches["opened"]
	}
	if opens >= r.open {
		return at, nil
	}
	c.clock.set(at)
	c.uses.Opened(ctx, c.staff[rep.key], p.id, p.live, collateral.View)
	if at.After(c.day(readDays)) {
		if err := c.read(ctx, rep, p, at, 15*time.Second+time.Duration(takes*float64(3*time.Minute))); err != nil {
			return at, err
		}
	}
	if takes < r.take {
		c.clock.set(at.Add(time.Minute))
		c.uses.Opened(ctx, c.staff[rep.key], p.id, p.live, collateral.Download)
	}
	if uses >= r.use {
		return at.Add(time.Minute), nil
	}
	event := usage.Incoming{
		ID: c.clock.newID().String(), Kind: string(collateral.Share), AssetID: p.id.String(), SearchID: search,
		OccurredAt: at.Add(4 * time.Minute).Format(time.RFC3339), Opportunity: fmt.Sprintf("OPP-%d", deal),
	}
	if presents {
		event.Kind = string(collateral.Present)
		dwell := (2*time.Minute + time.Duration(takes*12)*time.Minute).Milliseconds()
		event.DwellMS = &dwell
		event.Reaction = string([]collateral.Reaction{collateral.Positive, collateral.Positive, collateral.Neutral, collateral.Negative}[liked])
	}
	c.unsent[rep.key] = append(c.unsent[rep.key], event)
	return at.Add(4 * time.Minute), nil
}

// read has the page of the piece tell that it was visible for so long.
func (c *company) read(ctx context.Context, rep person, p *piece, at time.Time, long time.Duration) error {
	c.clock.set(at.Add(long))
	defer c.clock.set(at)
	return c.uses.Viewed(ctx, c.staff[rep.key], at, collateral.Beats{
		AssetID: p.id, VersionID: p.live, Beats: []collateral.Beat{{Until: long, Inputs: 3}},
	})
}

// report sends what the reps did and did not report yet, all of them at the same time, and waits until it is written.
func (c *company) report(ctx context.Context, at time.Time) error {
	c.clock.set(at)
	var sending sync.WaitGroup
	all := reps()
	failures := make([]error, len(all))
	for i, rep := range all {
		events := c.unsent[rep.key]
		sending.Go(func() {
			outcome, err := c.uses.Record(ctx, c.staff[rep.key], events)
			if err == nil && outcome.Accepted < len(events) {
				err = fmt.Errorf("%s reported %d uses, and this became of them: %+v", rep.name, len(events), outcome)
			}
			failures[i] = err
		})
	}
	sending.Wait()
	clear(c.unsent)
	return errors.Join(errors.Join(failures...), c.uses.Flush(ctx))
}
