package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/search"
	"collateral/internal/usage"
)

func (s *site) findRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/", handler: s.find},
		{method: http.MethodGet, path: "/suggest", handler: s.suggest},
	}
}

// finding is what the page for searching shows.
type finding struct {
	Asked  *question
	Rail   []railStage
	Fault  *collateral.Error // nothing could be searched for
	Away   bool              // the search engine does not answer
	Hits   []hit
	Total  int
	Status string
	Facets []facetChoice
	Chosen []chosenValue
	Sorts  []sortChoice
	Wider  []wider // when nothing was found
	Prev   string  // addresses; "" for none
	Next   string
	Pages  int
}

// hit is a piece that was found.
type hit struct {
	registry.FoundHit
	cardView

	Address string
	Why     []string
}

// find is the first page of the site. Its address says everything that it shows.
func (s *site) find(c echo.Context) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return err
	}
	names := namesOf(stages)
	asked, err := readQuestion(c.QueryParams())
	f := &finding{Asked: asked, Rail: asked.rail(stages)}
	if err == nil {
		err = s.answer(ctx, actor, names, f)
	}
	shown := page{Title: "Find collateral", Area: areaFind, Body: f}
	if err == nil {
		return s.render(c, "find", shown)
	}
	refusal, ok := isRefusal(err)
	if !ok {
		return err
	}
	f.Fault, f.Away = refusal, refusal.Kind == collateral.Unavailable
	f.Status = "Nothing could be searched for."
	shown.Status, _ = statusOf(refusal.Kind)
	if refusal.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(refusal.RetryAfter))
	}
	return s.render(c, "find", shown)
}

// answer fills in what was found.
func (s *site) answer(ctx context.Context, actor collateral.Actor, names stageNames, f *finding) error {
	asked := f.Asked
	found, err := s.registry.Find(ctx, actor, asked.query())
	if err != nil {
		return err
	}
	if f.Hits, err = s.hits(ctx, actor, asked, found, names); err != nil {
		return err
	}
	f.Total, f.Pages = found.Total, (found.Total+perPage-1)/perPage
	f.Status = asked.status(found.Total, names)
	f.Facets, f.Chosen = asked.facets(found.Facets, names)
	f.Sorts = asked.sorts()
	if asked.Page > 1 {
		f.Prev = asked.at(min(asked.Page-1, max(f.Pages, 1)))
	}
	if asked.Page < f.Pages && asked.Page < maxPage {
		f.Next = asked.at(asked.Page + 1)
	}
	if found.Total == 0 {
		f.Wider = asked.wider(found.Facets, names)
	}
	return nil
}

// hits joins what was found to what the field thinks of it.
func (s *site) hits(ctx context.Context, actor collateral.Actor, asked *question, found *registry.Found, names stageNames) ([]hit, error) {
	ids := make([]uuid.UUID, len(found.Hits))
	for i, h := range found.Hits {
		ids[i] = h.Piece.ID
	}
	lately, err := s.usage.Lately(ctx, ids...)
	if err != nil {
		return nil, err
	}
	favourites, err := s.registry.FavouritesAmong(ctx, actor, ids...)
	if err != nil {
		return nil, err
	}
	hits := make([]hit, len(found.Hits))
	for i, h := range found.Hits {
		hits[i] = hit{
			FoundHit: h, Address: pieceAddress(h.Piece.ID, found.SearchID.String(), asked.Address()),
			cardView: s.cardView(&h.Piece, names, lately[h.Piece.ID], favourites[h.Piece.ID]),
		}
		for _, why := range h.Why {
			if why.Kind != search.ReasonFilter { // that is seen already
				hits[i].Why = append(hits[i].Why, why.Text)
			}
		}
	}
	return hits, nil
}

// HasFragments reports whether there is a place in the text to show.
func (h hit) HasFragments() bool { return len(h.Fragments) > 0 }

// usedText says how much the field used a piece lately. How many people that were is told from collateral.MinPeople on.
func usedText(l usage.Lately) string {
	const in = " in " + latelyText
	switch {
	case l.Uses == 0:
		return "not used" + in
	case l.People > 0:
		return plural(l.People, "rep", "reps") + " used it" + in
	}
	return "used " + plural(l.Uses, "time", "times") + in
}
