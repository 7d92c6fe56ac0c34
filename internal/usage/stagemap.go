package usage

import (
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// stageMap leads from the stages that versions were signed with to those that took their place.
type stageMap struct {
	ordered []collateral.Stage // in use, in their order
	byID    map[uuid.UUID]collateral.Stage
}

func newStageMap(all []collateral.Stage) stageMap {
	m := stageMap{byID: make(map[uuid.UUID]collateral.Stage, len(all))}
	for _, s := range all {
		m.byID[s.ID] = s
		if s.MergedInto == uuid.Nil {
			m.ordered = append(m.ordered, s)
		}
	}
	return m
}

// current follows merges, of which there are fewer than stages.
func (m stageMap) current(id uuid.UUID) uuid.UUID {
	for range m.byID {
		into := m.byID[id].MergedInto
		if into == uuid.Nil {
			break
		}
		id = into
	}
	return id
}

// of returns the stages that a piece which was signed for these is counted under, each once.
func (m stageMap) of(primary uuid.UUID, others []uuid.UUID) []uuid.UUID {
	stages := []uuid.UUID{m.current(primary)}
	for _, id := range others {
		if id = m.current(id); !slices.Contains(stages, id) {
			stages = append(stages, id)
		}
	}
	return stages
}

// wanted returns the stages in use that the keys stand for, also those of retired stages; all for no keys.
func (m stageMap) wanted(keys []string) (map[uuid.UUID]bool, error) {
	wanted := make(map[uuid.UUID]bool)
	if len(keys) == 0 {
		for _, s := range m.ordered {
			wanted[s.ID] = true
		}
		return wanted, nil
	}
	idOf := make(map[string]uuid.UUID, len(m.byID))
	for id, s := range m.byID {
		idOf[s.Key] = id
	}
	var faults collateral.Faults
	for _, key := range keys {
		id, ok := idOf[key]
		if !ok {
			faults.Add("?stage", "There is no buying stage %q.", key)
		}
		wanted[m.current(id)] = true
	}
	return wanted, faults.Err("This report cannot be made.")
}
