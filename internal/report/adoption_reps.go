package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// RepFigures say how many reps used anything. Nothing in them is about fewer than collateral.MinPeople: a number that is
// smaller is 0, and teams that would tell of fewer are one, or left out.
type RepFigures struct {
	Reps   int // active people with the rep role at the time of the report
	Active int // of these, who used any piece in the window
	Teams  []TeamReps
}

// TeamReps is the reps of one team.
type TeamReps struct {
	Name   string // empty for people without a team
	Others bool   // several teams, which are too small to be told apart
	Reps   int
	Active int
}

func (r *Reports) repFigures(ctx context.Context, asked usage.Question, people map[uuid.UUID]store.PersonThen) (*RepFigures, error) {
	active, err := r.Store.PeopleActive(ctx, asked.Window.Begin(), asked.AsOf)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]*TeamReps)
	for id, p := range people {
		if !p.Active || !p.Rep {
			continue
		}
		if byName[p.Team] == nil {
			byName[p.Team] = &TeamReps{Name: p.Team}
		}
		byName[p.Team].Reps++
		if active[id] {
			byName[p.Team].Active++
		}
	}
	var teams []TeamReps
	for _, t := range byName {
		teams = append(teams, *t)
	}
	slices.SortFunc(teams, func(a, b TeamReps) int { return cmp.Compare(a.Name, b.Name) })
	return toldReps(teams), nil
}

// toldReps leaves out what would tell of few people, of their number or of those who are active, also by what is left of the whole.
func toldReps(teams []TeamReps) *RepFigures {
	reps, active := make([]int, len(teams)), make([]int, len(teams))
	var all RepFigures
	for i, t := range teams {
		reps[i], active[i] = t.Reps, t.Active
		all.Reps, all.Active = all.Reps+t.Reps, all.Active+t.Active
	}
	others := TeamReps{Others: true}
	few, fewActive := collateral.Withheld(reps), collateral.Withheld(active)
	for i, t := range teams {
		if few[i] || fewActive[i] {
			others.Reps, others.Active = others.Reps+t.Reps, others.Active+t.Active
		} else {
			all.Teams = append(all.Teams, t)
		}
	}
	if others.Reps >= collateral.MinPeople && others.Active >= collateral.MinPeople && len(all.Teams) > 0 {
		all.Teams = append(all.Teams, others)
	}
	all.Reps, all.Active = collateral.PeopleTold(all.Reps), collateral.PeopleTold(all.Active)
	return &all
}

// spread counts through how many teams each piece went: those of at least collateral.MinPeople reps with one who shared or presented it
// in the window. It is a number only: which teams, and how many people, is not told.
func (r *Reports) spread(ctx context.Context, items []NewPiece, asked usage.Question, people map[uuid.UUID]store.PersonThen) error {
	size := make(map[string]int)
	for _, p := range people {
		if p.Active && p.Rep && p.Team != "" {
			size[p.Team]++
		}
	}
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.AssetID
	}
	users, err := r.Store.FieldUsers(ctx, ids, asked.Window.Begin(), asked.AsOf)
	if err != nil {
		return err
	}
	for i, item := range items {
		teams := make(map[string]bool)
		for _, user := range users[item.AssetID] {
			if p := people[user]; p.Active && p.Rep && size[p.Team] >= collateral.MinPeople {
				teams[p.Team] = true
			}
		}
		items[i].Teams = len(teams)
	}
	return nil
}
