package usage

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// NoPersona stands for pieces that name no persona. No persona is called that: slugs have no underscore.
const NoPersona = "_none"

// CoverageQuery asks for the coverage report.
type CoverageQuery struct {
	Window   int         // as in UnusedQuery
	AsOf     time.Time   // as in UnusedQuery
	Stages   []string    // keys: rows of the matrix. None is all
	Personas []string    // slugs, or NoPersona: columns of the matrix. None is all
	Types    []string    // none is all
	Owners   []uuid.UUID // none is all

	collateral.Paging // of the items; a Limit of 0 is all of them
}

// CoverageReport says for which buying stage and persona there is something to show, and whether the field uses it.
type CoverageReport struct {
	AsOf        time.Time
	Window      Window
	Personas    []string      // the columns, in alphabetical order; NoPersona is the last
	Rows        []CoverageRow // in the order of the stages
	Definitions []Definition
	Items       []CoveredPiece // the pieces behind the matrix, by title
	NextCursor  string         // empty on the last page
}

// CoverageRow is one buying stage.
type CoverageRow struct {
	Stage string // key
	Name  string
	Cells []CoverageCell // one for each of the report's personas
	Total CoverageCell   // each piece of the stage once
}

// CoverageCell is the pieces of one stage for one persona.
type CoverageCell struct {
	Persona string // empty in totals
	State   CoverageState
	Pieces  int // the sum of the four below
	Used    int
	Unused  int
	TooNew  int
	Stale   int
}

// CoveredPiece is a published piece with what it is for.
type CoveredPiece struct {
	Piece
	State    CoverageState
	Stages   []string // keys, the primary one first
	Personas []string
	ReviewBy string // YYYY-MM-DD; empty when not said
}

// Coverage makes the report, for the same people as Unused.
func (u *Usage) Coverage(ctx context.Context, actor collateral.Actor, q CoverageQuery) (CoverageReport, error) {
	after, err := q.readCursor()
	if err != nil {
		return CoverageReport{}, err
	}
	shared := q.shared()
	b, err := u.begin(ctx, actor, &shared)
	if err != nil {
		return CoverageReport{}, err
	}
	rows, err := b.pieces(ctx, u.store)
	if err != nil {
		return CoverageReport{}, err
	}
	return u.coverage(ctx, b, q, after, rows)
}

// shared is what the question has in common with that of the unused report.
func (q *CoverageQuery) shared() UnusedQuery {
	return UnusedQuery{Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners}
}

func (u *Usage) coverage(ctx context.Context, b begun, q CoverageQuery, after *CoveredPiece, rows []store.UsedPiece) (CoverageReport, error) {
	purposes, err := u.store.Purposes(ctx)
	if err != nil {
		return CoverageReport{}, err
	}
	lists, err := u.store.Taxonomies(ctx)
	if err != nil {
		return CoverageReport{}, err
	}
	m := newMatrix(b, lists, purposes)
	if err := m.choose(q.Personas); err != nil {
		return CoverageReport{}, err
	}
	var items []*CoveredPiece
	for _, row := range rows {
		if !b.covers(row) {
			continue
		}
		piece := newCoveredPiece(row, b, purposes[row.AssetID])
		if m.count(piece, b.stages.of(row.StageID, row.OtherStages)) {
			items = append(items, piece)
		}
	}
	slices.SortFunc(items, byTitleOfCovered)
	q.AsOf = b.q.AsOf
	report := CoverageReport{AsOf: q.AsOf, Window: b.window, Personas: m.personas, Rows: m.rows(), Definitions: coverageDefinitions(b.window.Days)}
	report.Items, report.NextCursor = q.pageOf(items, after)
	return report, nil
}

func newCoveredPiece(row store.UsedPiece, b begun, p store.Purpose) *CoveredPiece {
	c := &CoveredPiece{Piece: *newPiece(row, b.stages), Personas: p.Personas, ReviewBy: p.ReviewBy}
	for _, id := range b.stages.of(row.StageID, row.OtherStages) {
		c.Stages = append(c.Stages, b.stages.byID[id].Key)
	}
	switch {
	case p.ReviewBy != "" && p.ReviewBy < b.window.To:
		c.State = Stale
	case c.Step >= collateral.StrictStep:
		c.State = Covered
	case c.EligibleOn > b.window.To:
		c.State = CoveredTooNew
	default:
		c.State = CoveredUnused
	}
	return c
}
