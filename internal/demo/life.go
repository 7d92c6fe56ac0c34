package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// lifeOf plans what becomes of a piece. Each step comes some minutes after the one before, should both fall on the same
// Friday.
func (c *company) lifeOf(p *piece) ([]moment, error) {
	if p.review != 0 {
		p.details.ReviewBy = c.now.AddDate(0, 0, p.review).Format(time.DateOnly)
	}
	var all []moment
	for i, s := range p.life {
		do, ok := steps[s.verb]
		if !ok {
			return nil, fmt.Errorf("there is no step %q", s.verb)
		}
		if s.by == "" {
			s.by = p.owner
		}
		if _, ok := c.staff[s.by]; !ok {
			return nil, fmt.Errorf("there is no person %q", s.by)
		}
		at := c.workday(s.daysAgo).Add(9*time.Hour + time.Duration(i)*20*time.Minute)
		all = append(all, moment{at, func(ctx context.Context) error {
			if err := do(ctx, c, p, s); err != nil {
				return fmt.Errorf("%s, %d days ago, %s: %w", p.name, s.daysAgo, s.verb, err)
			}
			return nil
		}})
	}
	return all, nil
}

// steps is what can become of a piece.
var steps = map[string]func(context.Context, *company, *piece, step) error{
	"describe": describe,
	"join":     join,
	"upload":   upload,
	"submit":   submit,
	"approve":  review(collateral.Approve),
	"changes":  review(collateral.RequestChanges),
	"reject":   review(collateral.Reject),
	"publish":  publish,
	"withdraw": withdraw,
}

func describe(ctx context.Context, c *company, p *piece, _ step) error {
	a, err := c.registry.Create(ctx, c.staff[p.owner], p.details)
	if err != nil {
		return err
	}
	p.id = a.ID
	return nil
}

// join makes somebody a co-author.
func join(ctx context.Context, c *company, p *piece, s step) error {
	_, err := c.registry.AddCoauthor(ctx, c.staff[p.owner], p.id, c.staff[s.by].UserID)
	return err
}

// upload describes the piece before its first version.
func upload(ctx context.Context, c *company, p *piece, s step) error {
	if p.id == uuid.Nil {
		if err := describe(ctx, c, p, s); err != nil {
			return err
		}
	}
	actor := c.staff[s.by]
	p.versions++
	if p.format == "link" {
		_, _, err := c.registry.AddLink(ctx, actor, p.id, p.url, s.says)
		return err
	}
	content, err := p.file(p.versions, nameOf(s.by), c.clock.now())
	if err != nil {
		return err
	}
	_, _, err = c.registry.Upload(ctx, actor, p.id, registry.File{Name: p.fileName(p.versions), Note: s.says, Content: content})
	return err
}

func submit(ctx context.Context, c *company, p *piece, s step) error {
	_, _, err := c.registry.Submit(ctx, c.staff[s.by], p.id)
	return err
}

func review(decision collateral.Decision) func(context.Context, *company, *piece, step) error {
	return func(ctx context.Context, c *company, p *piece, s step) error {
		_, err := c.registry.Review(ctx, c.staff[s.by], p.id, p.versions, decision, s.says)
		return err
	}
}

// publish also opens the piece once, as every owner does who wants to see it there. That counts for nothing.
func publish(ctx context.Context, c *company, p *piece, s step) error {
	a, err := c.registry.Publish(ctx, c.staff[s.by], p.id)
	if err != nil {
		return err
	}
	p.live = a.Publication.VersionID
	p.text = p.searchable(a.Publication.VersionN)
	c.uses.Opened(ctx, c.staff[s.by], p.id, p.live, collateral.View)
	return nil
}

func withdraw(ctx context.Context, c *company, p *piece, s step) error {
	_, err := c.registry.Withdraw(ctx, c.staff[s.by], p.id, s.says)
	p.live = uuid.Nil
	return err
}

// readNotices has those who make and those who sign read what they were told so far.
func (c *company) readNotices(ctx context.Context) error {
	for _, p := range people {
		if p.role != collateral.Marketer && p.role != collateral.Approver {
			continue
		}
		if err := c.registry.ReadNotices(ctx, c.staff[p.key]); err != nil {
			return fmt.Errorf("%s reads the notices: %w", p.name, err)
		}
	}
	return nil
}

func nameOf(key string) string {
	for _, p := range people {
		if p.key == key {
			return p.name
		}
	}
	return key
}
