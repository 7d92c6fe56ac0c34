package usage

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Days of the unused report.
const (
	DefaultWindow = 90
	MaxWindow     = 400
	MinAge        = 30 // of a piece since its first publication, before it is judged
)

// UnusedQuery asks for the unused report.
type UnusedQuery struct {
	Window int         // days back from AsOf, 1 to MaxWindow; 0 is DefaultWindow
	AsOf   time.Time   // not in the future; zero is now. See ParseAsOf
	Stages []string    // keys; a piece signed for any of them. None is all
	Types  []string    // none is all
	Owners []uuid.UUID // none is all

	Steps             []collateral.Step // of the items, which no figure heeds. None is all
	collateral.Paging                   // of the items; a Limit of 0 is all of them
}

// UnusedReport says how much of what was published the field did not use. Shares are of Eligible.
type UnusedReport struct {
	AsOf        time.Time
	Window      Window
	Eligible    int
	Strict      Share
	Lenient     Share
	Ladder      []Rung  // every step, lowest first
	ByStage     []Group // in the order of the stages; a piece counts under each of its own
	ByType      []Group
	ByOwner     []Group // by name
	TooNew      []Piece // the oldest first
	Benchmark   Benchmark
	Definitions []Definition
	Items       []Piece // the least used first
	NextCursor  string  // empty on the last page
	Late        *Late   // nil when nothing of the window was reported after AsOf
}

// Window is a span of whole days in UTC, From and To counted.
type Window struct {
	From string // YYYY-MM-DD, Days before To
	To   string
	Days int
}

// Piece is one published piece in a report.
type Piece struct {
	AssetID          uuid.UUID
	Title            string
	Type             collateral.Type
	Stage            string // key of the primary stage
	StageName        string
	OwnerID          uuid.UUID
	OwnerName        string
	FirstPublishedOn string // YYYY-MM-DD
	EligibleOn       string // YYYY-MM-DD
	Step             collateral.Step
	Uses             int64  // times shared or presented in the window
	LastUseOn        string // YYYY-MM-DD, also before the window; empty when it never was shared or presented
	Cost             *collateral.Cost
}

// Unused makes the report. Admins and leaders see all pieces, marketers those they own or co-author; others are
// Forbidden. It reads totals, so its cost grows with the pieces and not with their uses.
func (u *Usage) Unused(ctx context.Context, actor collateral.Actor, q UnusedQuery) (UnusedReport, error) {
	b, err := u.begin(ctx, actor, &q)
	if err != nil {
		return UnusedReport{}, err
	}
	rows, err := b.pieces(ctx, u.store)
	if err != nil {
		return UnusedReport{}, err
	}
	late, err := u.store.LateSince(ctx, b.window.From)
	if err != nil {
		return UnusedReport{}, err
	}
	report := b.unused(rows)
	report.Late = lateIn(late, b.window, b.q.AsOf)
	return report, nil
}

// begun is a report whose question is understood.
type begun struct {
	q      *UnusedQuery
	after  *Piece    // the item behind which the page begins; nil for the first
	person uuid.UUID // whose pieces; uuid.Nil for all
	window Window
	stages stageMap
	wanted map[uuid.UUID]bool // stages
}

// begin checks the question, completes it, and sees to it that what happened before it belongs into the answer.
func (u *Usage) begin(ctx context.Context, actor collateral.Actor, q *UnusedQuery) (b begun, err error) {
	b.q = q
	if b.person, err = whosePieces(actor); err != nil {
		return b, err
	}
	if b.after, err = q.complete(u.store.Now()); err != nil {
		return b, err
	}
	b.window = windowOf(q.AsOf, q.Window)
	all, err := u.store.Stages(ctx, true)
	if err != nil {
		return b, err
	}
	b.stages = newStageMap(all)
	if b.wanted, err = b.stages.wanted(q.Stages); err != nil {
		return b, err
	}
	return b, u.Flush(ctx)
}

func (b begun) pieces(ctx context.Context, s *store.Store) ([]store.UsedPiece, error) {
	return s.UsedPieces(ctx, store.UsedPiecesQuery{AsOf: b.q.AsOf, From: b.window.From, To: b.window.To, Person: b.person})
}

func (b begun) unused(rows []store.UsedPiece) UnusedReport {
	report := UnusedReport{AsOf: b.q.AsOf, Window: b.window, Benchmark: benchmark(), Definitions: definitions(b.window.Days)}
	f := newFigures(b.stages, b.wanted)
	items := make([]*Piece, 0, len(rows)) // pointers, since thousands are sorted and a page is returned
	for _, row := range rows {
		if !b.covers(row) {
			continue
		}
		piece := newPiece(row, b.stages)
		if piece.EligibleOn > b.window.To {
			report.TooNew = append(report.TooNew, *piece)
			continue
		}
		f.count(row, piece.Step)
		if len(b.q.Steps) == 0 || slices.Contains(b.q.Steps, piece.Step) {
			items = append(items, piece)
		}
	}
	f.fill(&report)
	slices.SortFunc(report.TooNew, youngestLast)
	slices.SortFunc(items, leastUsedFirst)
	report.Items, report.NextCursor = pageOf(items, b.after, *b.q)
	return report
}

func whosePieces(actor collateral.Actor) (uuid.UUID, error) {
	switch {
	case actor.Is(collateral.Admin, collateral.Leader):
		return uuid.Nil, nil
	case actor.Is(collateral.Marketer):
		return actor.UserID, nil
	}
	return uuid.Nil, collateral.Errorf(collateral.Forbidden, "This report is for leaders, admins, and marketers about their own pieces.")
}

// covers reports whether the piece is one that the query asks for.
func (b begun) covers(p store.UsedPiece) bool {
	return b.q.coversKind(p.OwnerID, p.Type) && b.coversStages(p.StageID, p.OtherStages)
}

func (b begun) coversStages(primary uuid.UUID, others []uuid.UUID) bool {
	return len(b.q.Stages) == 0 ||
		slices.ContainsFunc(b.stages.of(primary, others), func(id uuid.UUID) bool { return b.wanted[id] })
}

func (q *UnusedQuery) coversKind(owner uuid.UUID, kind collateral.Type) bool {
	return (len(q.Owners) == 0 || slices.Contains(q.Owners, owner)) &&
		(len(q.Types) == 0 || slices.Contains(q.Types, string(kind)))
}

func newPiece(p store.UsedPiece, stages stageMap) *Piece {
	primary := stages.byID[stages.current(p.StageID)]
	return &Piece{
		AssetID: p.AssetID, Title: p.Title, Type: p.Type,
		Stage: primary.Key, StageName: primary.Name,
		OwnerID: p.OwnerID, OwnerName: p.OwnerName,
		FirstPublishedOn: p.FirstPublishedOn, EligibleOn: plusDays(p.FirstPublishedOn, MinAge),
		Step: stepOf(p), Uses: p.Used, LastUseOn: p.LastUsedOn, Cost: p.Cost,
	}
}

// stepOf is the highest step of the ladder that the piece reached in the window.
func stepOf(p store.UsedPiece) collateral.Step {
	switch {
	case p.Engaged > 0:
		return collateral.Engaged
	case p.Used > 0:
		return collateral.FieldUsed
	case p.Taken > 0:
		return collateral.Taken
	case p.Opened > 0:
		return collateral.Opened
	case p.Found > 0:
		return collateral.Found
	}
	return collateral.Unseen
}
