package usage

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// OpeningInterval is the time within which a person's openings of one version count as one, and so do the downloads.
const OpeningInterval = 30 * time.Minute

type verdict int

const (
	accept verdict = iota
	duplicate
	rejected
)

// judge decides on the uses of one batch, one after the other. It remembers what it accepted.
type judge struct {
	facts    store.UsageFacts
	taken    map[uuid.UUID]bool // ids of what was accepted
	openings map[store.Opening]time.Time
}

// factsOf reads what bears on a batch. What was settled before a use is reported does not change afterwards, so that this
// may come before the batch's transaction.
func factsOf(ctx context.Context, s *store.Store, b batchRows) (store.UsageFacts, error) {
	var used, people []uuid.UUID
	for _, use := range b.uses {
		used = append(used, use.AssetID)
		people = append(people, use.UserID)
	}
	all := slices.Clone(used)
	for _, search := range b.searches {
		all = append(all, search.Shown...)
		people = append(people, search.UserID)
	}
	return s.UsageFacts(ctx, distinct(used), distinct(all), distinct(people))
}

func loadJudge(ctx context.Context, tx *store.Store, b batchRows, facts store.UsageFacts) (*judge, error) {
	var openers []uuid.UUID
	var since time.Time
	for _, use := range b.uses {
		if !use.opening {
			continue
		}
		openers = append(openers, use.UserID)
		if from := use.OccurredAt.Add(-OpeningInterval); since.IsZero() || from.Before(since) {
			since = from
		}
	}
	openings, err := tx.OpeningsSince(ctx, distinct(openers), since)
	if err != nil {
		return nil, err
	}
	return &judge{facts: facts, taken: make(map[uuid.UUID]bool), openings: openings}, nil
}

// judge fills in what the database knows of a use and says whether it counts, if it was not recorded before; if not, why.
func (j *judge) judge(u use) (e collateral.Event, v verdict, fault string) {
	e = u.Event
	if u.opening {
		key := store.Opening{UserID: e.UserID, VersionID: e.VersionID, Kind: e.Kind}
		if last, ok := j.openings[key]; ok && e.OccurredAt.Sub(last).Abs() < OpeningInterval {
			return e, duplicate, ""
		}
		j.openings[key] = e.OccurredAt
	} else {
		if j.taken[e.ID] {
			return e, duplicate, ""
		}
		if e.VersionID, fault = versionAt(j.facts, e.AssetID, e.OccurredAt); fault != "" {
			return e, rejected, fault
		}
		j.taken[e.ID] = true
	}
	e.Qualifies = qualifies(j.facts, e.UserID, e.AssetID, e.OccurredAt)
	return e, accept, ""
}

// versionAt returns which version of the asset was published at the time. A client's clock may be slow and its times
// rounded down to seconds, so a use shortly before the publication is one of what was published then.
func versionAt(facts store.UsageFacts, asset uuid.UUID, at time.Time) (version uuid.UUID, fault string) {
	periods := facts.Published[asset]
	if len(periods) == 0 {
		return uuid.Nil, "There is no published piece with this asset_id."
	}
	for _, p := range periods {
		if covers(p, at) {
			return p.VersionID, ""
		}
	}
	for _, p := range periods {
		if p.From.After(at) && !p.From.After(at.Add(skew)) {
			return p.VersionID, ""
		}
	}
	return uuid.Nil, "The piece was not published at that time."
}

// qualifies reports whether a use by the person is one by the field: by somebody who held the rep role then, whatever
// the token of the request allows, and neither made nor signed any version of the piece.
func qualifies(facts store.UsageFacts, person, asset uuid.UUID, at time.Time) bool {
	if facts.Involved[store.Involvement{AssetID: asset, UserID: person}] {
		return false
	}
	for _, p := range facts.Reps[person] {
		if covers(store.Period{From: p.From.Add(-skew), Until: p.Until}, at) {
			return true
		}
	}
	return false
}

func covers(p store.Period, at time.Time) bool {
	return !at.Before(p.From) && (p.Until == nil || at.Before(*p.Until))
}

// distinct returns each id once, in the order of first appearance.
func distinct(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	once := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}
