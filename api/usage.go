package api

import (
	"context"

	"collateral/internal/usage"
)

func (s *server) RecordUsage(ctx context.Context, r RecordUsageRequestObject) (RecordUsageResponseObject, error) {
	outcome, err := s.usage.Record(ctx, callOf(ctx).actor, each(r.Body.Events, incoming))
	if err != nil {
		return nil, err
	}
	return RecordUsage200JSONResponse{
		Accepted: outcome.Accepted, Duplicates: outcome.Duplicates,
		Rejected: each(outcome.Rejected, func(r usage.Rejection) RejectedEvent {
			return RejectedEvent{Index: r.Index, Reason: r.Reason}
		}),
	}, nil
}

func incoming(e UsageEvent) usage.Incoming {
	return usage.Incoming{
		ID: e.ID, Kind: e.Kind, AssetID: e.AssetID, OccurredAt: e.OccurredAt, SearchID: e.SearchID,
		Opportunity: e.Opportunity, DwellMS: e.DwellMs, Reaction: e.Reaction,
	}
}
