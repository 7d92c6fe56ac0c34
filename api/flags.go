package api

import (
	"context"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListFlags(ctx context.Context, r ListFlagsRequestObject) (ListFlagsResponseObject, error) {
	flags, err := s.registry.Flags(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return ListFlags200JSONResponse{Items: each(flags, flagAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) FlagAsset(ctx context.Context, r FlagAssetRequestObject) (FlagAssetResponseObject, error) {
	flag, err := s.registry.Flag(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return FlagAsset201JSONResponse(flagAnswer(*flag)), nil
}

func (s *server) SettleFlag(ctx context.Context, r SettleFlagRequestObject) (SettleFlagResponseObject, error) {
	err := s.registry.SettleFlag(ctx, httpd.CallOf(ctx).Actor, r.ID, r.Flag, collateral.FlagOutcome(r.Body.Outcome), r.Body.Note)
	if err != nil {
		return nil, err
	}
	return SettleFlag204Response{}, nil
}

func flagAnswer(f collateral.Flag) Flag {
	answer := Flag{
		ID: f.ID, AssetID: f.AssetID, Version: f.VersionN, RaisedBy: orNull(f.RaisedBy), RaisedAt: f.RaisedAt, Reason: f.Reason,
		SettledAt: deref[time.Time](nil), Outcome: orNull(""),
	}
	if f.Settled != nil {
		answer.SettledAt, answer.Outcome, answer.Note = deref(&f.Settled.At), orNull(string(f.Settled.Outcome)), f.Settled.Note
	}
	return answer
}
