package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) ListStages(ctx context.Context, _ ListStagesRequestObject) (ListStagesResponseObject, error) {
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return nil, err
	}
	return ListStages200JSONResponse{Items: each(stages, stageAnswer), NextCursor: nextCursor("")}, nil
}

func (s *server) PutStage(ctx context.Context, r PutStageRequestObject) (PutStageResponseObject, error) {
	change := registry.StageChange{Key: present(r.Body.Key), Name: present(r.Body.Name), AlwaysOn: r.Body.AlwaysOn}
	if r.Body.Position != 0 {
		position := int(r.Body.Position)
		change.Position = &position
	}
	if r.Body.Questions != nil {
		change.Questions = &r.Body.Questions
	}
	if r.Body.Milestones != nil {
		change.Milestones = &r.Body.Milestones
	}
	stage, err := s.registry.PutStage(ctx, httpd.CallOf(ctx).Actor, r.Key, change)
	if err != nil {
		return nil, err
	}
	return PutStage200JSONResponse(stageAnswer(*stage)), nil
}

func (s *server) RetireStage(ctx context.Context, r RetireStageRequestObject) (RetireStageResponseObject, error) {
	kept, err := s.registry.RetireStage(ctx, httpd.CallOf(ctx).Actor, r.Key, r.Body.Into)
	if err != nil {
		return nil, err
	}
	return RetireStage200JSONResponse(stageAnswer(*kept)), nil
}

func stageAnswer(s collateral.Stage) Stage {
	return Stage{
		Key: s.Key, Name: s.Name, Position: s.Position, AlwaysOn: s.AlwaysOn,
		Questions: words[string](s.Questions), Milestones: words[string](s.Milestones),
	}
}
