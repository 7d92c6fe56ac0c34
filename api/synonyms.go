package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListSynonyms(ctx context.Context, _ ListSynonymsRequestObject) (ListSynonymsResponseObject, error) {
	groups, err := s.registry.Synonyms(ctx)
	if err != nil {
		return nil, err
	}
	return ListSynonyms200JSONResponse{Items: each(groups, synonymsAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) CreateSynonyms(ctx context.Context, r CreateSynonymsRequestObject) (CreateSynonymsResponseObject, error) {
	group, err := s.registry.AddSynonyms(ctx, httpd.CallOf(ctx).Actor, r.Body.Terms)
	if err != nil {
		return nil, err
	}
	return CreateSynonyms201JSONResponse(synonymsAnswer(*group)), nil
}

func (s *server) ReplaceSynonyms(ctx context.Context, r ReplaceSynonymsRequestObject) (ReplaceSynonymsResponseObject, error) {
	group, err := s.registry.ReplaceSynonyms(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Body.Terms)
	if err != nil {
		return nil, err
	}
	return ReplaceSynonyms200JSONResponse(synonymsAnswer(*group)), nil
}

func (s *server) DeleteSynonyms(ctx context.Context, r DeleteSynonymsRequestObject) (DeleteSynonymsResponseObject, error) {
	if err := s.registry.DeleteSynonyms(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return DeleteSynonyms204Response{}, nil
}

func synonymsAnswer(g collateral.SynonymGroup) SynonymGroup {
	return SynonymGroup{ID: g.ID, Terms: words[string](g.Terms), ChangedAt: g.ChangedAt}
}
