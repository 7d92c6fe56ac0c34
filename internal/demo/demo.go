// Package demo fills a fresh registry with an invented company: Marrowby, which sells software for the workshops of
// vehicle fleets. Its people make, sign, publish, look for, use and share collateral for half a year, through the same use
// cases as everybody; what they write stands in pieces/, what they look for in searches.txt. The package writes nothing
// past the use cases, and does no background work: the text of files and the search index follow when the jobs are run.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/registry"
	"collateral/internal/sharing"
	"collateral/internal/usage"
)

// company is Marrowby while it lives through its half year.
type company struct {
	registry *registry.Registry
	uses     *usage.Usage
	links    *sharing.Sharing
	clock    *clock
	now      time.Time // the end of the half year
	staff    map[string]collateral.Actor
	library  []*piece
	wishes   []wish
	unsent   map[string][]usage.Incoming // by rep: uses that were not reported yet
}

// Seed lets the company live until now in a registry that is empty and that nobody else uses meanwhile: the store's
// time and ids are those of the past until Seed returns. The same now gives the same figures.
func Seed(ctx context.Context, pieces *registry.Registry, now time.Time) (err error) {
	c := &company{
		registry: pieces, uses: usage.New(pieces.Store), clock: newClock(), now: now.UTC(),
		staff: make(map[string]collateral.Actor), unsent: make(map[string][]usage.Incoming),
	}
	c.links = &sharing.Sharing{Store: pieces.Store, Registry: pieces, Usage: c.uses, Log: pieces.Log}
	if c.links.Rules, err = machines.Default(); err != nil {
		return err
	}
	present, random := pieces.Store.Now, pieces.Store.NewID
	pieces.Store.Now, pieces.Store.NewID = c.clock.now, c.clock.newID
	defer func() {
		err = errors.Join(err, c.uses.Close(ctx))
		pieces.Store.Now, pieces.Store.NewID = present, random
	}()
	if c.library, err = readLibrary(); err != nil {
		return err
	}
	if c.wishes, err = readWishes(); err != nil {
		return err
	}
	if err := c.hire(ctx); err != nil {
		return err
	}
	plan, err := c.plan()
	if err != nil {
		return err
	}
	return c.live(ctx, plan)
}

// plan is everything that happens, in the order of time.
func (c *company) plan() ([]moment, error) {
	var all []moment
	for _, p := range c.library {
		life, err := c.lifeOf(p)
		if err != nil {
			return nil, fmt.Errorf("planning the life of %s: %w", p.name, err)
		}
		all = append(all, life...)
	}
	all = append(all, c.visits()...)
	all = append(all, c.shelves()...)
	all = append(all, c.linksToBuyers()...)
	inOrder(all)
	return all, nil
}

// unreadDays is for how many days nobody has read any notices in the end, so that there are some to read.
const unreadDays = 8

// live plays the plan. Once a week the reps' uses are reported, as clients do that were offline, and those who make and
// sign read what they were told.
func (c *company) live(ctx context.Context, plan []moment) error {
	report := c.workday(firstDay)
	for _, m := range plan {
		for m.at.After(report) {
			if err := c.report(ctx, report); err != nil {
				return err
			}
			if report.Before(c.day(unreadDays)) {
				if err := c.readNotices(ctx); err != nil {
					return err
				}
			}
			report = report.AddDate(0, 0, 7)
		}
		c.clock.set(m.at)
		if err := m.happen(ctx); err != nil {
			return err
		}
	}
	if err := c.report(ctx, c.now); err != nil {
		return err
	}
	c.clock.set(c.now)
	if err := errors.Join(c.links.EndVisits(ctx), c.uses.EndViewings(ctx)); err != nil {
		return err
	}
	return c.registry.ForgetNotices(ctx) // as the server does every day; its first time would take them from under a reader
}
