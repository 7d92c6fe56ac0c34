package api

import (
	"context"

	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) Suggest(ctx context.Context, r SuggestRequestObject) (SuggestResponseObject, error) {
	suggestions, err := s.registry.Suggest(ctx, httpd.CallOf(ctx).Actor, r.Params.Q)
	if err != nil {
		return nil, err
	}
	return Suggest200JSONResponse{Items: each(suggestions, func(g registry.Suggestion) Suggestion {
		return Suggestion{Kind: SuggestionKind(g.Kind), Text: g.Text, AssetID: g.Asset, Facet: SuggestionFacet(g.Facet), Value: g.Value}
	})}, nil
}

func (s *server) ListSimilar(ctx context.Context, r ListSimilarRequestObject) (ListSimilarResponseObject, error) {
	similar, err := s.registry.Similar(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return ListSimilar200JSONResponse{Items: each(similar, similarAnswer)}, nil
}

func similarAnswer(p registry.SimilarPiece) SimilarPiece {
	answer := SimilarPiece{
		AssetID: p.Piece.ID, Title: p.Piece.Title, Summary: p.Piece.Summary,
		Type: AssetType(p.Piece.Type), Audience: Audience(p.Piece.Audience), Stages: each(p.Piece.Stages, tagAnswer),
	}
	for _, common := range []CommonGround{
		{Kind: "words", Values: p.Words}, {Kind: "stages", Values: p.Kin.Stages}, {Kind: "personas", Values: p.Personas},
	} {
		if len(common.Values) > 0 {
			answer.Why = append(answer.Why, common)
		}
	}
	return answer
}
