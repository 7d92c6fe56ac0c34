package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/usage"
)

func (s *server) GetAssetHistory(ctx context.Context, r GetAssetHistoryRequestObject) (GetAssetHistoryResponseObject, error) {
	h, err := s.usage.History(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return GetAssetHistory200JSONResponse{
		From: h.From, To: h.To, Total: countsAnswer(h.Total), LastUseOn: orNull(h.LastUseOn),
		Weeks: each(h.Weeks, func(w usage.Week) WeekOfUse { return WeekOfUse{WeekOf: w.From, Uses: countsAnswer(w.Counts)} }),
		Teams: each(h.Teams, func(t usage.Team) TeamUse {
			return TeamUse{Team: t.Name, Others: t.Others, Opened: t.Opened, Taken: t.Taken, Used: t.Used}
		}),
		Reactions: ReactionCounts{Positive: h.Reactions.Positive, Neutral: h.Reactions.Neutral, Negative: h.Reactions.Negative},
	}, nil
}

func countsAnswer(c usage.Counts) UseCounts {
	return UseCounts{Found: c.Found, Opened: c.Opened, Taken: c.Taken, Used: c.Used, Engaged: c.Engaged}
}

func (s *server) ListLookalikes(ctx context.Context, r ListLookalikesRequestObject) (ListLookalikesResponseObject, error) {
	p, actor := r.Params, httpd.CallOf(ctx).Actor
	var alike []*collateral.Asset
	var err error
	if p.Sha256 != "" {
		alike, err = s.registry.SameContent(ctx, actor, p.Sha256, p.Except)
	} else {
		alike, err = s.registry.LikeTitles(ctx, actor, p.Title, p.Except)
	}
	if err != nil {
		return nil, err
	}
	return ListLookalikes200JSONResponse{Items: each(alike, func(a *collateral.Asset) Lookalike {
		return Lookalike{AssetID: a.ID, Title: a.Title, State: AssetState(a.State())}
	})}, nil
}
