package api

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"collateral/internal/httpd"
	"collateral/internal/usage"
)

func (s *server) RecordUsage(ctx context.Context, r RecordUsageRequestObject) (RecordUsageResponseObject, error) {
	call := httpd.CallOf(ctx)
	events := each(r.Body.Events, incoming)
	for i := range events {
		events[i].Held = 1 + call.Body/len(events)
	}
	outcome, err := s.usage.Record(ctx, call.Actor, events)
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

// incoming reads one event. The contract leaves events alone, so that a badly written one cannot keep out the others:
// a client that was offline would send the same batch for ever. A null is as good as nothing.
func incoming(raw json.RawMessage) (e usage.Incoming) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields == nil {
		e.Fault = "An event is an object with id, kind, asset_id and occurred_at."
		return e
	}
	texts := map[string]*string{
		"id": &e.ID, "kind": &e.Kind, "asset_id": &e.AssetID, "occurred_at": &e.OccurredAt,
		"search_id": &e.SearchID, "opportunity": &e.Opportunity, "reaction": &e.Reaction,
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		text, known := texts[name]
		switch {
		case name == "dwell_ms":
			if json.Unmarshal(fields[name], &e.DwellMS) != nil {
				e.Fault = "dwell_ms must be a whole number of milliseconds."
			}
		case !known:
			e.Fault = fmt.Sprintf("There is no field %.100q in an event.", name)
		case json.Unmarshal(fields[name], text) != nil:
			e.Fault = name + " must be a text."
		}
		if e.Fault != "" {
			return e
		}
	}
	return e
}
