package usage

import (
	"context"

	"collateral/internal/collateral"
)

// Overview makes the unused report and the coverage report of the same moment out of one reading of the pieces.
func (u *Usage) Overview(ctx context.Context, actor collateral.Actor, q UnusedQuery) (UnusedReport, CoverageReport, error) {
	b, err := u.begin(ctx, actor, &q)
	if err != nil {
		return UnusedReport{}, CoverageReport{}, err
	}
	rows, err := b.pieces(ctx, u.store)
	if err != nil {
		return UnusedReport{}, CoverageReport{}, err
	}
	coverage, err := u.coverage(ctx, b, CoverageQuery{Paging: collateral.Paging{Limit: q.Limit}}, nil, rows)
	return b.unused(rows), coverage, err
}
