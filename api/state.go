package api

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"collateral/internal/httpd"
	"collateral/internal/upkeep"
)

func (s *server) GetState(ctx context.Context, _ GetStateRequestObject) (GetStateResponseObject, error) {
	state, err := s.upkeep.State(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return GetState200JSONResponse{
		At: state.At, Version: state.Version, DatabaseBytes: state.DatabaseBytes, IndexDifferences: differencesAnswer(state.Differences),
		Engines: each(state.Engines, engineAnswer), Jobs: each(state.Jobs, workAnswer), DeadJobs: each(state.Dead, deadJobAnswer),
	}, nil
}

func (s *server) RetryJob(ctx context.Context, r RetryJobRequestObject) (RetryJobResponseObject, error) {
	if err := s.upkeep.RetryJob(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return RetryJob204Response{}, nil
}

func (s *server) CompareIndex(ctx context.Context, _ CompareIndexRequestObject) (CompareIndexResponseObject, error) {
	if err := s.upkeep.Compare(ctx, httpd.CallOf(ctx).Actor); err != nil {
		return nil, err
	}
	return CompareIndex202Response{}, nil
}

func differencesAnswer(n *int) nullable.Nullable[int32] {
	if n == nil {
		return nullable.NewNullNullable[int32]()
	}
	return nullable.NewNullableWithValue(int32(*n))
}

func engineAnswer(e upkeep.Engine) EngineState {
	return EngineState{
		Part: EngineStatePart(e.Part), Kind: e.Kind, Answers: e.Fault == "", Fault: orNull(e.Fault), Since: e.Since, FreeBytes: deref(e.Free),
	}
}

func workAnswer(w upkeep.Work) JobCount {
	return JobCount{Kind: w.Kind, State: JobCountState(w.State), Count: int32(w.Count), Oldest: w.Oldest}
}

func deadJobAnswer(j upkeep.DeadJob) DeadJob {
	return DeadJob{ID: j.ID, Kind: j.Kind, Key: j.Key, Attempts: int32(j.Attempt), LastError: j.LastError, AskedAt: j.CreatedAt}
}
