package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) ListAssets(ctx context.Context, r ListAssetsRequestObject) (ListAssetsResponseObject, error) {
	p, actor := r.Params, httpd.CallOf(ctx).Actor
	filter := registry.AssetFilter{
		States: words[collateral.State](p.State), Stages: p.Stage, Types: words[collateral.Type](p.Type), Owners: p.Owner,
	}
	assets, next, err := s.registry.Assets(ctx, actor, filter, paging(p.Limit, p.Cursor))
	if err != nil {
		return nil, err
	}
	answers, err := s.assetAnswers(ctx, assets)
	if err != nil {
		return nil, err
	}
	return ListAssets200JSONResponse{Items: answers, NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateAsset(ctx context.Context, r CreateAssetRequestObject) (CreateAssetResponseObject, error) {
	b := r.Body
	asset, err := s.registry.Create(ctx, httpd.CallOf(ctx).Actor, collateral.Details{
		Title: b.Title, Summary: b.Summary, Type: collateral.Type(b.Type), Audience: collateral.Audience(b.Audience),
		Stages: each(b.Stages, tagOf), Personas: b.Personas, Industries: b.Industries, Products: b.Products,
		Language: orZero(b.Language), ReviewBy: orZero(b.ReviewBy), Cost: costOf(b.Cost),
	})
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return CreateAsset201JSONResponse{
		Body: answer.Body,
		Headers: CreateAsset201ResponseHeaders{
			ETag:     answer.Headers.ETag,
			Location: BasePath + "/assets/" + asset.ID.String(),
		},
	}, err
}

func (s *server) GetAsset(ctx context.Context, r GetAssetRequestObject) (GetAssetResponseObject, error) {
	asset, err := s.registry.Asset(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return GetAsset200JSONResponse{answer}, err
}

func (s *server) UpdateAsset(ctx context.Context, r UpdateAssetRequestObject) (UpdateAssetResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	revision, err := basedOn(r.Params.IfMatch, "piece", func() (int64, error) {
		asset, err := s.registry.Asset(ctx, actor, r.ID)
		if err != nil {
			return 0, err
		}
		return asset.Revision, nil
	})
	if err != nil {
		return nil, err
	}
	asset, err := s.registry.Change(ctx, actor, r.ID, revision, func(d *collateral.Details) error {
		applyPatch(d, r.Body)
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return UpdateAsset200JSONResponse{answer}, err
}

func (s *server) DeleteAsset(ctx context.Context, r DeleteAssetRequestObject) (DeleteAssetResponseObject, error) {
	if err := s.registry.Delete(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return DeleteAsset204Response{}, nil
}

func (s *server) ChangeOwner(ctx context.Context, r ChangeOwnerRequestObject) (ChangeOwnerResponseObject, error) {
	asset, err := s.registry.SetOwner(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Body.Owner)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return ChangeOwner200JSONResponse{answer}, err
}

func (s *server) AddCoauthor(ctx context.Context, r AddCoauthorRequestObject) (AddCoauthorResponseObject, error) {
	asset, err := s.registry.AddCoauthor(ctx, httpd.CallOf(ctx).Actor, r.ID, r.User)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return AddCoauthor200JSONResponse{answer}, err
}

func (s *server) RemoveCoauthor(ctx context.Context, r RemoveCoauthorRequestObject) (RemoveCoauthorResponseObject, error) {
	asset, err := s.registry.RemoveCoauthor(ctx, httpd.CallOf(ctx).Actor, r.ID, r.User)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return RemoveCoauthor200JSONResponse{answer}, err
}

func (s *server) SubmitAsset(ctx context.Context, r SubmitAssetRequestObject) (SubmitAssetResponseObject, error) {
	asset, warnings, err := s.registry.Submit(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, warnings)
	return SubmitAsset200JSONResponse{answer}, err
}

func (s *server) UnsubmitAsset(ctx context.Context, r UnsubmitAssetRequestObject) (UnsubmitAssetResponseObject, error) {
	asset, err := s.registry.Unsubmit(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return UnsubmitAsset200JSONResponse{answer}, err
}

func (s *server) PublishAsset(ctx context.Context, r PublishAssetRequestObject) (PublishAssetResponseObject, error) {
	asset, err := s.registry.Publish(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return PublishAsset200JSONResponse{answer}, err
}

func (s *server) WithdrawAsset(ctx context.Context, r WithdrawAssetRequestObject) (WithdrawAssetResponseObject, error) {
	asset, err := s.registry.Withdraw(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	answer, err := s.assetAnswer(ctx, asset, nil)
	return WithdrawAsset200JSONResponse{answer}, err
}
