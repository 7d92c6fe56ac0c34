package usage

import (
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// CoverageState is how a piece, or a cell of the matrix, stands.
type CoverageState string

// The states. A cell has that of its best piece; they stand in that order.
const (
	Covered       CoverageState = "covered" // and used: the field shared or presented it
	CoveredUnused CoverageState = "unused"
	CoveredTooNew CoverageState = "too_new" // to be called unused
	Stale         CoverageState = "stale"   // past its review date, used or not
	Missing       CoverageState = "missing" // no piece
	NoGap         CoverageState = "none"    // no piece, where none is asked for
)

// CoverageStates returns every state of the matrix, the best first.
func CoverageStates() []CoverageState {
	return []CoverageState{Covered, CoveredUnused, CoveredTooNew, Stale, Missing}
}

func (c *CoverageCell) add(state CoverageState) {
	c.Pieces++
	switch state {
	case Covered:
		c.Used++
	case CoveredUnused:
		c.Unused++
	case CoveredTooNew:
		c.TooNew++
	case Stale:
		c.Stale++
	}
}

// judged returns the cell with its state.
func (c CoverageCell) judged() CoverageCell {
	switch {
	case c.Used > 0:
		c.State = Covered
	case c.Unused > 0:
		c.State = CoveredUnused
	case c.TooNew > 0:
		c.State = CoveredTooNew
	case c.Stale > 0:
		c.State = Stale
	case c.Persona == NoPersona:
		c.State = NoGap
	default:
		c.State = Missing
	}
	return c
}

// matrix counts pieces by stage and persona.
type matrix struct {
	stages   []collateral.Stage
	personas []string
	cells    map[uuid.UUID]map[string]*CoverageCell
	totals   map[uuid.UUID]*CoverageCell
}

// newMatrix has a column for every persona that is on the list or that a piece names.
func newMatrix(b begun, lists []collateral.Taxonomy, purposes map[uuid.UUID]store.Purpose) *matrix {
	m := &matrix{cells: make(map[uuid.UUID]map[string]*CoverageCell), totals: make(map[uuid.UUID]*CoverageCell)}
	known := make(map[string]bool)
	learn := func(personas []string) {
		for _, p := range personas {
			if !known[p] {
				known[p] = true
				m.personas = append(m.personas, p)
			}
		}
	}
	for _, list := range lists {
		if list.Facet == collateral.Persona {
			learn(list.Values)
		}
	}
	for _, p := range purposes {
		learn(p.Personas)
	}
	slices.Sort(m.personas)
	m.personas = append(m.personas, NoPersona)
	for _, s := range b.stages.ordered {
		if b.wanted[s.ID] {
			m.stages = append(m.stages, s)
		}
	}
	return m
}

// choose leaves the columns that are asked for, all for none.
func (m *matrix) choose(wanted []string) error {
	var faults collateral.Faults
	for _, p := range wanted {
		if !slices.Contains(m.personas, p) {
			faults.Add("?persona", "There is no persona %q.", p)
		}
	}
	if len(wanted) > 0 {
		m.personas = slices.DeleteFunc(m.personas, func(p string) bool { return !slices.Contains(wanted, p) })
	}
	for _, s := range m.stages {
		m.totals[s.ID] = new(CoverageCell)
		m.cells[s.ID] = make(map[string]*CoverageCell, len(m.personas))
		for _, p := range m.personas {
			m.cells[s.ID][p] = &CoverageCell{Persona: p}
		}
	}
	return faults.Err("This report cannot be made.")
}

// count counts a piece under each of its stages and personas, and reports whether it is in the matrix at all.
func (m *matrix) count(p *CoveredPiece, stages []uuid.UUID) (counted bool) {
	personas := p.Personas
	if len(personas) == 0 {
		personas = []string{NoPersona}
	}
	for _, stage := range stages {
		inRow := false
		for _, persona := range personas {
			if cell := m.cells[stage][persona]; cell != nil {
				cell.add(p.State)
				inRow = true
			}
		}
		if inRow {
			m.totals[stage].add(p.State)
			counted = true
		}
	}
	return counted
}

func (m *matrix) rows() []CoverageRow {
	rows := make([]CoverageRow, len(m.stages))
	for i, s := range m.stages {
		rows[i] = CoverageRow{Stage: s.Key, Name: s.Name, Total: m.totals[s.ID].judged()}
		for _, p := range m.personas {
			rows[i].Cells = append(rows[i].Cells, m.cells[s.ID][p].judged())
		}
	}
	return rows
}
