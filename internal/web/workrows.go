package web

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/usage"
)

// workRow is a piece as its maker looks at it.
type workRow struct {
	*collateral.Asset
	Owner    string // the name, of other people's
	Mine     bool   // to work on
	Missing  []collateral.Field
	Signers  []string           // who could sign what waits
	Review   *collateral.Review // that sent the newest version back
	Reviewer string
	Use      *usage.Piece // nil when not published, or not told
	TooNew   bool         // to be judged by its use
	Expires  bool         // its review is due within a month
	Flags    int          // that wait to be settled
}

// expiresDays is how many days before its review date a piece is marked.
const expiresDays = 30

// usedPiece is a row of the unused report; a new piece is in it without being judged.
type usedPiece struct {
	usage.Piece
	tooNew bool
}

// usesOf tells how published pieces were used, as far as the report is for the actor.
func (s *site) usesOf(ctx context.Context, actor collateral.Actor) (map[uuid.UUID]usedPiece, error) {
	report, err := s.usage.Unused(ctx, actor, usage.UnusedQuery{})
	if collateral.KindOf(err) == collateral.Forbidden {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	uses := make(map[uuid.UUID]usedPiece, len(report.Items)+len(report.TooNew))
	for _, piece := range report.Items {
		uses[piece.AssetID] = usedPiece{Piece: piece}
	}
	for _, piece := range report.TooNew {
		uses[piece.AssetID] = usedPiece{Piece: piece, tooNew: true}
	}
	return uses, nil
}

// workRows adds to pieces what their makers want to know of each.
func (s *site) workRows(ctx context.Context, assets []*collateral.Asset, uses map[uuid.UUID]usedPiece) ([]workRow, error) {
	var waiting, decided []*collateral.Version
	for _, a := range assets {
		switch {
		case a.Newest == nil:
		case a.Newest.State == collateral.Submitted:
			waiting = append(waiting, a.Newest)
		case a.Newest.State == collateral.ChangesRequested, a.Newest.State == collateral.Rejected:
			decided = append(decided, a.Newest)
		}
	}
	signers, err := s.registry.SignersOf(ctx, waiting)
	if err != nil {
		return nil, err
	}
	reviews, err := s.registry.ReviewsOf(ctx, decided)
	if err != nil {
		return nil, err
	}
	flags, err := s.registry.WaitingFlags(ctx, assets)
	if err != nil {
		return nil, err
	}
	var people []uuid.UUID
	for _, who := range signers {
		people = append(people, who...)
	}
	for _, r := range reviews {
		people = append(people, r.ReviewerID)
	}
	for _, a := range assets {
		people = append(people, a.OwnerID)
	}
	names, err := s.names(ctx, slices.Compact(slices.SortedFunc(slices.Values(people), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }))...)
	if err != nil {
		return nil, err
	}
	soon := s.now().AddDate(0, 0, expiresDays).Format(time.DateOnly)
	me := actorOf(ctx).UserID
	rows := make([]workRow, len(assets))
	for i, a := range assets {
		row := workRow{Asset: a, Mine: a.IsContributor(me), Flags: flags[a.ID], Expires: a.ReviewBy != "" && a.ReviewBy <= soon}
		if a.OwnerID != me {
			row.Owner = names[a.OwnerID]
		}
		if a.State() == collateral.AssetDraft {
			row.Missing = registry.Missing(a)
		}
		if used, ok := uses[a.ID]; ok {
			row.Use, row.TooNew = &used.Piece, used.tooNew
		}
		if a.Newest != nil {
			for _, id := range signers[a.Newest.ID] {
				row.Signers = append(row.Signers, names[id])
			}
			if row.Review = reviews[a.Newest.ID]; row.Review != nil {
				row.Reviewer = names[row.Review.ReviewerID]
			}
		}
		rows[i] = row
	}
	return rows, nil
}

// StepName is how far the field went with the piece, in words.
func (r workRow) StepName() string {
	switch r.Use.Step {
	case collateral.Unseen:
		return "nobody saw it"
	case collateral.Found:
		return "seen in results, not opened"
	case collateral.Opened:
		return "opened, not shared"
	case collateral.Taken:
		return "downloaded, not shared"
	case collateral.Engaged:
		return "looked at by buyers"
	}
	return fmt.Sprintf("shared or shown %s", plural(r.Use.Uses, "time", "times"))
}
