package registry

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/usage"
)

// Found is one page of what a search found.
type Found struct {
	Hits     []FoundHit
	Total    int
	Facets   map[search.Facet][]search.Count
	SearchID uuid.UUID // to name in the uses that follow from this search
	Took     time.Duration
}

// FoundHit is a piece as it stands now, and why it was found.
type FoundHit struct {
	search.Hit
	Piece collateral.Card
}

// Find searches what is published. Hits are read from the store once more, so that what was withdrawn a moment ago is
// not shown. The search is logged with what it showed.
func (r *Registry) Find(ctx context.Context, actor collateral.Actor, q search.Query) (*Found, error) {
	began := time.Now()
	if err := r.normal(ctx, q.Filter); err != nil {
		return nil, err
	}
	page, err := r.ask(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("searching: %w", err)
	}
	found := &Found{Total: page.Total, Facets: page.Facets}
	if found.Hits, err = r.fresh(ctx, actor, page.Hits); err != nil {
		return nil, err
	}
	shown := make([]uuid.UUID, len(found.Hits))
	for i, h := range found.Hits {
		shown[i] = h.Piece.ID
	}
	found.SearchID = r.Usage.Searched(ctx, actor, usage.Search{
		Query: q.Words, Filters: filters(q.Filter), Sort: string(q.Sort), Page: q.Page, Total: page.Total, Shown: shown,
	})
	found.Took = time.Since(began)
	return found, nil
}

// normal brings filters to the form in which the index holds their values.
func (r *Registry) normal(ctx context.Context, filter map[search.Facet][]string) error {
	stages, err := r.stagesOfToday(ctx, filter[search.FacetStage])
	if err != nil {
		return err
	}
	if len(stages) > 0 {
		filter[search.FacetStage] = stages
	}
	languages := filter[search.FacetLanguage]
	for i, tag := range languages {
		languages[i] = collateral.NormalLanguage(tag)
	}
	return nil
}

// stagesOfToday replaces keys of stages that were merged by those that took their place. Unknown stages are refused: an
// empty result would look as if there were no material.
func (r *Registry) stagesOfToday(ctx context.Context, keys []string) ([]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	stages, err := r.Store.Stages(ctx, true)
	if err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]collateral.Stage, len(stages))
	byKey := make(map[string]collateral.Stage, len(stages))
	for _, s := range stages {
		byID[s.ID], byKey[s.Key] = s, s
	}
	var today []string
	for _, key := range keys {
		s, ok := byKey[key]
		if !ok {
			return nil, collateral.Fault("?stage", "%s", unknownStage(key, stages))
		}
		if s.MergedInto != uuid.Nil {
			s = byID[s.MergedInto]
		}
		if !slices.Contains(today, s.Key) {
			today = append(today, s.Key)
		}
	}
	return today, nil
}

// fresh joins hits to the pieces as they stand now, leaving out what is no longer published.
func (r *Registry) fresh(ctx context.Context, actor collateral.Actor, hits []search.Hit) ([]FoundHit, error) {
	ids := make([]uuid.UUID, 0, len(hits))
	byID := make(map[uuid.UUID]search.Hit, len(hits))
	for _, h := range hits {
		id, err := uuid.Parse(h.ID)
		if err != nil {
			return nil, fmt.Errorf("the index holds a document %q that is no asset", h.ID)
		}
		ids = append(ids, id)
		byID[id] = h
	}
	cards, err := r.Store.Cards(ctx, collateral.ScopeOf(actor), ids)
	if err != nil {
		return nil, err
	}
	found := make([]FoundHit, len(cards))
	for i, c := range cards {
		found[i] = FoundHit{Hit: byID[c.ID], Piece: c}
	}
	return found, nil
}

// filters writes the filters of a search for the log.
func filters(filter map[search.Facet][]string) url.Values {
	values := url.Values{}
	for facet, chosen := range filter {
		if len(chosen) > 0 {
			values[string(facet)] = slices.Sorted(slices.Values(chosen))
		}
	}
	return values
}
