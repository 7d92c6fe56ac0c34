package api

import (
	"context"

	"collateral/internal/httpd"
	"collateral/internal/registry"
	"collateral/internal/search"
)

func (s *server) Search(ctx context.Context, r SearchRequestObject) (SearchResponseObject, error) {
	p := r.Params
	found, err := s.registry.Find(ctx, httpd.CallOf(ctx).Actor, search.Query{
		Words: p.Q,
		Filter: map[search.Facet][]string{
			search.FacetStage:    p.Stage,
			search.FacetType:     words[string](p.Type),
			search.FacetPersona:  p.Persona,
			search.FacetIndustry: p.Industry,
			search.FacetProduct:  p.Product,
			search.FacetLanguage: p.Language,
		},
		Sort: search.Sort(p.Sort), Page: p.Page, PerPage: p.PerPage,
	})
	if err != nil {
		return nil, err
	}
	return Search200JSONResponse{
		Hits: each(found.Hits, hitAnswer), Total: found.Total, Facets: facetsAnswer(found.Facets),
		SearchID: found.SearchID, TookMs: found.Took.Milliseconds(),
	}, nil
}

func hitAnswer(h registry.FoundHit) Hit {
	return Hit{
		AssetID: h.Piece.ID, Title: h.Piece.Title, Summary: h.Piece.Summary,
		Type: AssetType(h.Piece.Type), Audience: Audience(h.Piece.Audience), Stages: each(h.Piece.Stages, tagAnswer),
		Fragments: each(h.Fragments, func(f search.Fragment) Fragment { return Fragment{Text: f.Text, Hit: f.Hit} }),
		Page:      orNull(h.Page),
		Why: each(h.Why, func(r search.Reason) Why {
			return Why{Kind: WhyKind(r.Kind), Text: r.Text, Page: r.Page}
		}),
	}
}

func facetsAnswer(counts map[search.Facet][]search.Count) SearchFacets {
	of := func(f search.Facet) FacetCounts {
		return each(counts[f], func(c search.Count) FacetCount { return FacetCount{Value: c.Value, Count: c.Count} })
	}
	return SearchFacets{
		Stage: of(search.FacetStage), Type: of(search.FacetType), Persona: of(search.FacetPersona),
		Industry: of(search.FacetIndustry), Product: of(search.FacetProduct), Language: of(search.FacetLanguage),
	}
}
