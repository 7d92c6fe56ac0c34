package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// SuggestionKind says what a Suggestion leads to.
type SuggestionKind string

// The kinds of Suggestion, in the order in which they are shown.
const (
	SuggestTitle SuggestionKind = "title" // opens the piece
	SuggestTag   SuggestionKind = "tag"   // filters by the facet's value
	SuggestQuery SuggestionKind = "query" // searches for the text
)

// Suggestion is one thing that a person who types may mean.
type Suggestion struct {
	Kind  SuggestionKind
	Text  string       // to show
	Asset uuid.UUID    // of a title
	Facet search.Facet // of a tag
	Value string       // of a tag, as a filter takes it
}

// Limits of suggestions.
const (
	suggestPerKind = 5
	suggestDays    = 90  // for how long a query is recent
	recentQueries  = 200 // of one person that are looked through
	popularQueries = 500 // of all people that are kept

	// popularPeople is how many different people must have asked a query before it is suggested to others: what
	// somebody types may be about a person, and what many type is not.
	popularPeople = 5
)

// Suggest completes what a person has typed so far: titles of published pieces, tags that they carry, and queries that
// found something, the person's own before those of many people. Nothing of it is logged. Nothing typed suggests the
// person's own queries alone.
func (r *Registry) Suggest(ctx context.Context, actor collateral.Actor, typed string) ([]Suggestion, error) {
	completions, err := r.Index.Complete(ctx, typed, suggestPerKind)
	if err != nil {
		return nil, fmt.Errorf("completing %q: %w", typed, orRefusal(err))
	}
	suggestions, err := r.suggestTitles(ctx, actor, completions.Titles)
	if err != nil {
		return nil, err
	}
	tags, err := r.suggestTags(ctx, completions.Values)
	if err != nil {
		return nil, err
	}
	queries, err := r.suggestQueries(ctx, actor, typed)
	if err != nil {
		return nil, err
	}
	return append(append(suggestions, tags...), queries...), nil
}

// suggestTitles reads the pieces once more, so that what was withdrawn a moment ago is not suggested.
func (r *Registry) suggestTitles(ctx context.Context, actor collateral.Actor, ids []string) ([]Suggestion, error) {
	hits := make([]search.Hit, len(ids))
	for i, id := range ids {
		hits[i] = search.Hit{ID: id}
	}
	found, err := r.fresh(ctx, actor, hits)
	if err != nil {
		return nil, err
	}
	var titles []Suggestion
	for _, h := range found {
		titles = append(titles, Suggestion{Kind: SuggestTitle, Text: h.Piece.Title, Asset: h.Piece.ID})
	}
	return titles, nil
}

// suggestTags shows stages by their names, and the rest as it is written.
func (r *Registry) suggestTags(ctx context.Context, values []search.FacetCount) ([]Suggestion, error) {
	var tags []Suggestion
	names := make(map[string]string)
	for _, v := range values {
		if v.Facet == search.FacetStage && len(names) == 0 {
			stages, err := r.Store.Stages(ctx, false)
			if err != nil {
				return nil, err
			}
			for _, s := range stages {
				names[s.Key] = s.Name
			}
		}
		text := v.Value
		if name, ok := names[v.Value]; ok && v.Facet == search.FacetStage {
			text = name
		}
		tags = append(tags, Suggestion{Kind: SuggestTag, Text: text, Facet: v.Facet, Value: v.Value})
	}
	return tags, nil
}

func (r *Registry) suggestQueries(ctx context.Context, actor collateral.Actor, typed string) ([]Suggestion, error) {
	since := r.Store.Now().AddDate(0, 0, -suggestDays)
	own, err := r.Store.RecentQueries(ctx, actor.UserID, since, recentQueries)
	if err != nil {
		return nil, err
	}
	words := search.Words(typed)
	var popular []string
	if len(words) > 0 {
		if popular, err = r.Store.PopularQueries(ctx); err != nil {
			return nil, err
		}
	}
	known := map[string]bool{strings.ToLower(strings.TrimSpace(typed)): true}
	var queries []Suggestion
	for _, q := range append(own, popular...) {
		key := strings.ToLower(q)
		if len(queries) == suggestPerKind || known[key] || len(words) > 0 && !search.Completes(words, q) {
			continue
		}
		known[key] = true
		queries = append(queries, Suggestion{Kind: SuggestQuery, Text: q})
	}
	return queries, nil
}

// CountPopularQueries finds out anew which queries many people ask. Once in a while is enough.
func (r *Registry) CountPopularQueries(ctx context.Context) error {
	// Read outside of the transaction: it goes through every search of the time, and nobody has to wait for that.
	queries, err := r.Store.QueriesOfMany(ctx, popularPeople, r.Store.Now().AddDate(0, 0, -suggestDays), popularQueries)
	if err != nil {
		return err
	}
	return r.Store.Tx(ctx, func(tx *store.Store) error { return tx.SetPopularQueries(ctx, queries) })
}
