package web

import (
	"context"

	"collateral/internal/collateral"
)

// stageNames are the names of the buying stages by key.
type stageNames map[string]string

func namesOf(stages []collateral.Stage) stageNames {
	names := make(stageNames, len(stages))
	for _, stage := range stages {
		names[stage.Key] = stage.Name
	}
	return names
}

func (s *site) stageNames(ctx context.Context) (stageNames, error) {
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return nil, err
	}
	return namesOf(stages), nil
}

// Of returns the name of a stage, or its key when it is no longer in use.
func (n stageNames) Of(key string) string {
	if name, ok := n[key]; ok {
		return name
	}
	return words(key)
}
