package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// stars are what people made their favourites: person, piece, and how many days ago.
var stars = []struct {
	by, piece string
	daysAgo   int
}{
	{"rep", "price-list-old", 120}, // withdrawn since
	{"rep", "first-call-deck", 60},
	{"rep", "pricing-one-pager", 45},
	{"rep", "kestermoor-case-study", 20},
	{"milan", "security-sheet", 40},
	{"gideon", "pilot-plan", 30},
	{"silke", "first-call-deck", 25},
}

// lists are the collections that people made.
var lists = []struct {
	by, name string
	pieces   []string
	daysAgo  int
}{
	{"rep", "First calls with fleets", []string{"first-call-deck", "kestermoor-case-study", "roi-calculator"}, 38},
	{"rep", "Before the pilot", []string{"pilot-plan", "security-sheet"}, 17},
	{"milan", "For procurement", []string{"pricing-one-pager", "executive-summary"}, 33},
}

// complaints are what people say is outdated, and what the owners answered.
var complaints = []struct {
	by, piece, reason string
	daysAgo           int
	outcome           collateral.FlagOutcome // "" while it waits
	note              string
	settledDaysAgo    int
}{
	{by: "rep", piece: "pricing-one-pager", reason: "The prices are those of last quarter: the buyer had a newer offer in hand.", daysAgo: 5},
	{
		by: "milan", piece: "security-sheet", reason: "The certificate on this sheet runs out this year. Is there a new one?", daysAgo: 34,
		outcome: collateral.FlagKept, note: "The certificate holds until next summer; the date in the sheet is right.", settledDaysAgo: 32,
	},
	{by: "noor", piece: "tessivane-battlecard", reason: "Tessivane has had an offline mode since spring. The second argument no longer holds.", daysAgo: 3},
}

// shelves plans what people keep for themselves, and what they say of pieces that may be outdated.
func (c *company) shelves() []moment {
	var all []moment
	at := func(daysAgo int, what string, happen func(context.Context) error) {
		all = append(all, moment{c.workday(daysAgo).Add(18 * time.Hour), func(ctx context.Context) error {
			if err := happen(ctx); err != nil {
				return fmt.Errorf("%s, %d days ago: %w", what, daysAgo, err)
			}
			return nil
		}})
	}
	for _, s := range stars {
		at(s.daysAgo, s.by+" stars "+s.piece, func(ctx context.Context) error {
			return c.registry.AddFavourite(ctx, c.staff[s.by], c.pieceID(s.piece))
		})
	}
	for _, l := range lists {
		at(l.daysAgo, l.by+" makes the collection "+l.name, func(ctx context.Context) error {
			made, err := c.registry.AddCollection(ctx, c.staff[l.by], l.name)
			for _, name := range l.pieces {
				if err == nil {
					_, err = c.registry.Collect(ctx, c.staff[l.by], made.ID, c.pieceID(name), 0)
				}
			}
			return err
		})
	}
	for _, f := range complaints {
		var flag *collateral.Flag
		at(f.daysAgo, f.by+" flags "+f.piece, func(ctx context.Context) (err error) {
			flag, err = c.registry.Flag(ctx, c.staff[f.by], c.pieceID(f.piece), f.reason)
			return err
		})
		if f.outcome != "" {
			at(f.settledDaysAgo, "the owner settles what is said of "+f.piece, func(ctx context.Context) error {
				return c.registry.SettleFlag(ctx, c.staff[c.piece(f.piece).owner], flag.AssetID, flag.ID, f.outcome, f.note)
			})
		}
	}
	return all
}

func (c *company) piece(name string) *piece {
	for _, p := range c.library {
		if p.name == name {
			return p
		}
	}
	return &piece{}
}

// pieceID is the piece's id once it was described; uuid.Nil, which no use case takes, before and for an unknown name.
func (c *company) pieceID(name string) uuid.UUID { return c.piece(name).id }
