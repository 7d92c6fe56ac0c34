package report

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// AdoptionQuery asks how fast the field takes up what is new.
type AdoptionQuery struct {
	Window int         // as in usage.UnusedQuery
	AsOf   time.Time   // as in usage.UnusedQuery
	Stages []string    // keys; a piece signed for any of them. None is all
	Types  []string    // none is all
	Owners []uuid.UUID // none is all

	List AdoptionList // which pieces are listed, which no figure heeds; empty is all

	collateral.Paging // of the items; a Limit of 0 is all of them
}

// AdoptionReport says how soon new pieces were brought to buyers, through how many teams they spread, and how many reps are active.
type AdoptionReport struct {
	AsOf         time.Time
	Window       usage.Window
	Figures      AdoptionFigures
	BeforeWindow usage.Window // of the same length, up to the day before the window
	Before       AdoptionFigures
	Reps         *RepFigures // nil for marketers. No filter bears on it
	Definitions  []usage.Definition
	List         AdoptionList
	Listed       int // items on all pages
	Items        []NewPiece
	NextCursor   string      // empty on the last page
	Late         *usage.Late // nil when nothing of the window was reported after AsOf
}

// AdoptionFigures are those of the pieces first published in one window.
type AdoptionFigures struct {
	New     int
	Used    int  // of these, brought to a buyer by the end of the window
	Without int  // not brought to any
	Median  *int // days from the first publication to the first use, of Used; nil when there is none
	P90     *int
}

// NewPiece is a piece that was first published in the window.
type NewPiece struct {
	AssetID     uuid.UUID
	Title       string
	Type        collateral.Type
	Stage       string // key of the primary stage
	StageName   string
	OwnerID     uuid.UUID
	OwnerName   string
	PublishedOn string // YYYY-MM-DD
	FirstUsedOn string // YYYY-MM-DD; empty when it never was shared or presented
	Days        *int   // from one to the other; nil without a use
	Teams       int    // through how many teams it spread; see RepFigures
}

// Adoption makes the report. Admins and leaders see all pieces, marketers those they own or co-author; others are Forbidden.
func (r *Reports) Adoption(ctx context.Context, actor collateral.Actor, q AdoptionQuery) (AdoptionReport, error) {
	after, err := q.complete()
	if err != nil {
		return AdoptionReport{}, err
	}
	asked, err := r.Usage.Ask(ctx, actor, usage.UnusedQuery{Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners})
	if err != nil {
		return AdoptionReport{}, err
	}
	people, err := r.people(ctx, asked.AsOf)
	if err != nil {
		return AdoptionReport{}, err
	}
	before := asked.Window.Before()
	items, err := r.newPieces(ctx, asked, asked.Window, asked.AsOf, people)
	if err != nil {
		return AdoptionReport{}, err
	}
	earlier, err := r.newPieces(ctx, asked, before, before.End(), people)
	if err != nil {
		return AdoptionReport{}, err
	}
	report := AdoptionReport{
		AsOf: asked.AsOf, Window: asked.Window, Figures: adoptionFigures(items), BeforeWindow: before, Before: adoptionFigures(earlier),
		Definitions: adoptionDefinitions(asked.Window.Days), List: q.List,
	}
	q.AsOf = asked.AsOf
	report.Items, report.NextCursor, report.Listed = q.pageOf(items, after)
	if err := r.spread(ctx, report.Items, asked, people); err != nil {
		return AdoptionReport{}, err
	}
	if asked.Person == uuid.Nil {
		if report.Reps, err = r.repFigures(ctx, asked, people); err != nil {
			return AdoptionReport{}, err
		}
	}
	report.Late, err = r.Usage.Late(ctx, asked)
	return report, err
}

func (r *Reports) newPieces(ctx context.Context, asked usage.Question, w usage.Window, asOf time.Time, people map[uuid.UUID]store.PersonThen) ([]NewPiece, error) {
	rows, err := r.Store.NewPieces(ctx, asked.Person, w.Begin(), asOf, w.To)
	if err != nil {
		return nil, err
	}
	var items []NewPiece
	for _, p := range rows {
		if !asked.Covers(p.OwnerID, p.Type, p.StageID, p.OtherStages) {
			continue
		}
		primary := asked.Stage(p.StageID)
		item := NewPiece{
			AssetID: p.AssetID, Title: p.Title, Type: p.Type, Stage: primary.Key, StageName: primary.Name,
			OwnerID: p.OwnerID, OwnerName: people[p.OwnerID].Name, PublishedOn: p.PublishedOn, FirstUsedOn: p.FirstUsedOn,
		}
		if p.FirstUsedOn != "" {
			item.Days = new(max(0, daysBetween(p.PublishedOn, p.FirstUsedOn)))
		}
		items = append(items, item)
	}
	return items, nil
}

// daysBetween counts from one YYYY-MM-DD day to another. The database holds no other texts in such columns.
func daysBetween(from, to string) int {
	start, startErr := time.Parse(time.DateOnly, from)
	end, endErr := time.Parse(time.DateOnly, to)
	if cmp.Or(startErr, endErr) != nil {
		return 0
	}
	return int(end.Sub(start) / (24 * time.Hour))
}

func adoptionFigures(items []NewPiece) AdoptionFigures {
	f := AdoptionFigures{New: len(items)}
	var days []int
	for _, item := range items {
		if item.Days != nil {
			days = append(days, *item.Days)
		}
	}
	f.Used, f.Without = len(days), len(items)-len(days)
	if len(days) > 0 {
		slices.Sort(days)
		f.Median, f.P90 = new(collateral.NearestRank(days, 50)), new(collateral.NearestRank(days, 90))
	}
	return f
}
