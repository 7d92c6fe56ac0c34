package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

func (s *server) ListFavourites(ctx context.Context, _ ListFavouritesRequestObject) (ListFavouritesResponseObject, error) {
	kept, err := s.registry.Favourites(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return ListFavourites200JSONResponse{Items: each(kept, keptAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) AddFavourite(ctx context.Context, r AddFavouriteRequestObject) (AddFavouriteResponseObject, error) {
	if err := s.registry.AddFavourite(ctx, httpd.CallOf(ctx).Actor, r.Asset); err != nil {
		return nil, err
	}
	return AddFavourite204Response{}, nil
}

func (s *server) RemoveFavourite(ctx context.Context, r RemoveFavouriteRequestObject) (RemoveFavouriteResponseObject, error) {
	if err := s.registry.RemoveFavourite(ctx, httpd.CallOf(ctx).Actor, r.Asset); err != nil {
		return nil, err
	}
	return RemoveFavourite204Response{}, nil
}

func (s *server) ListRecent(ctx context.Context, _ ListRecentRequestObject) (ListRecentResponseObject, error) {
	recent, err := s.registry.Recent(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return ListRecent200JSONResponse{NextCursor: nextCursor(""), Items: each(recent, func(p registry.RecentPiece) RecentPiece {
		return RecentPiece{
			AssetID: p.Piece.ID, Title: p.Piece.Title, Type: AssetType(p.Piece.Type), LastAt: p.At,
			Uses: each(p.Uses, func(u usage.LastUse) LastUse { return LastUse{Kind: LastUseKind(u.Kind), At: u.At} }),
		}
	})}, nil
}

func keptAnswer(k collateral.Kept) Kept {
	return Kept{AssetID: k.AssetID, Title: k.Title, Published: k.Card != nil, AddedAt: k.AddedAt}
}
