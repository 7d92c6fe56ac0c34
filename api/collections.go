package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListCollections(ctx context.Context, _ ListCollectionsRequestObject) (ListCollectionsResponseObject, error) {
	all, err := s.registry.Collections(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return ListCollections200JSONResponse{Items: each(all, collectionAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) CreateCollection(ctx context.Context, r CreateCollectionRequestObject) (CreateCollectionResponseObject, error) {
	c, err := s.registry.AddCollection(ctx, httpd.CallOf(ctx).Actor, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return CreateCollection201JSONResponse(collectionAnswer(*c)), nil
}

func (s *server) GetCollection(ctx context.Context, r GetCollectionRequestObject) (GetCollectionResponseObject, error) {
	c, kept, err := s.registry.Collection(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return GetCollection200JSONResponse{Collection: collectionAnswer(*c), Items: each(kept, keptAnswer)}, nil
}

func (s *server) RenameCollection(ctx context.Context, r RenameCollectionRequestObject) (RenameCollectionResponseObject, error) {
	c, err := s.registry.RenameCollection(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return RenameCollection200JSONResponse(collectionAnswer(*c)), nil
}

func (s *server) DeleteCollection(ctx context.Context, r DeleteCollectionRequestObject) (DeleteCollectionResponseObject, error) {
	if err := s.registry.DeleteCollection(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return DeleteCollection204Response{}, nil
}

func (s *server) Collect(ctx context.Context, r CollectRequestObject) (CollectResponseObject, error) {
	c, err := s.registry.Collect(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Asset, int(r.Params.Position))
	if err != nil {
		return nil, err
	}
	return Collect200JSONResponse(collectionAnswer(*c)), nil
}

func (s *server) Uncollect(ctx context.Context, r UncollectRequestObject) (UncollectResponseObject, error) {
	c, err := s.registry.Uncollect(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Asset)
	if err != nil {
		return nil, err
	}
	return Uncollect200JSONResponse(collectionAnswer(*c)), nil
}

func collectionAnswer(c collateral.Collection) Collection {
	return Collection{ID: c.ID, Name: c.Name, Pieces: c.Pieces, CreatedAt: c.CreatedAt, ChangedAt: c.ChangedAt}
}
