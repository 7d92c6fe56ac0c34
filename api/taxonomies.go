package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListTaxonomies(ctx context.Context, _ ListTaxonomiesRequestObject) (ListTaxonomiesResponseObject, error) {
	lists, err := s.registry.Taxonomies(ctx)
	if err != nil {
		return nil, err
	}
	return ListTaxonomies200JSONResponse{Items: each(lists, taxonomyAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) PutTaxonomy(ctx context.Context, r PutTaxonomyRequestObject) (PutTaxonomyResponseObject, error) {
	list, err := s.registry.SetTaxonomy(ctx, httpd.CallOf(ctx).Actor, collateral.Taxonomy{
		Facet: collateral.Facet(r.Facet), Closed: r.Body.Closed, Values: r.Body.Values,
	})
	if err != nil {
		return nil, err
	}
	return PutTaxonomy200JSONResponse(taxonomyAnswer(list)), nil
}

func taxonomyAnswer(t collateral.Taxonomy) Taxonomy {
	return Taxonomy{Facet: Facet(t.Facet), Closed: t.Closed, Values: words[string](t.Values)}
}
