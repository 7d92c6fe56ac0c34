package api

import (
	"maps"
	"slices"
	"time"

	"github.com/oapi-codegen/nullable"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func outcomeAnswer(o *sharing.Outcome) LinkOutcome {
	return LinkOutcome{
		Pieces: each(o.Pieces, func(p sharing.PieceAttention) PieceAttention {
			return PieceAttention{
				AssetID: p.AssetID, Visits: p.Visits, MedianMs: p.Median.Milliseconds(), TrimmedMeanMs: millisecondsOrNull(p.Trimmed), Of: p.Of,
				Pages: each(p.Pages, pageAnswer),
			}
		}),
		Reasons: each(o.Reasons, func(r sharing.Reason) VisitReason {
			return VisitReason{Why: r.Why, Machine: r.Machine, Visits: r.Visits}
		}),
		Notes: each(o.Notes, sharing.SayNote),
	}
}

func millisecondsOrNull(d *time.Duration) nullable.Nullable[int64] {
	if d == nil {
		return deref[int64](nil)
	}
	return nullable.NewNullableWithValue(d.Milliseconds())
}

func pageAnswer(p sharing.LookedPage) PageAttention {
	return PageAttention{Page: p.N, VisibleMs: p.Visible.Milliseconds(), Persons: p.Persons}
}

func visitAnswer(v sharing.Visit) LinkVisit {
	return LinkVisit{
		ID: v.Visit.ID, StartedAt: v.Visit.StartedAt, LastAt: v.Visit.LastAt, OpenedAt: deref(v.Visit.OpenedAt), Email: v.Email, Verified: v.Verified,
		Machine: v.Visit.Machine, Why: v.Visit.Why, Agent: v.Visit.Agent, Counted: v.Visit.Counted(),
		VisibleMs: v.Visible().Milliseconds(), Looks: each(v.Looks, lookAnswer),
	}
}

func lookAnswer(l collateral.Look) VisitLook {
	answer := VisitLook{AssetID: l.AssetID, VersionID: l.VersionID, VisibleMs: l.Visible.Milliseconds(), Of: l.Of, Pages: []PageLook{}}
	for _, n := range slices.Sorted(maps.Keys(l.Pages)) {
		answer.Pages = append(answer.Pages, PageLook{Page: n, VisibleMs: l.Pages[n].Milliseconds()})
	}
	return answer
}
