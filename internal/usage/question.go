package usage

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Question is what reports outside this package are asked as those in it are: understood, completed, and with all that happened
// before it in the database.
type Question struct {
	AsOf   time.Time
	Window Window
	Person uuid.UUID // whose pieces, owned or co-authored; uuid.Nil for all
	begun  begun
}

// Ask checks a question as Unused does. Of its filters, steps and pages are left to the caller.
func (u *Usage) Ask(ctx context.Context, actor collateral.Actor, q UnusedQuery) (Question, error) {
	b, err := u.begin(ctx, actor, &q)
	return Question{AsOf: q.AsOf, Window: b.window, Person: b.person, begun: b}, err
}

// Late tells what of the window was reported after the time of the report, or returns nil.
func (u *Usage) Late(ctx context.Context, q Question) (*Late, error) {
	days, err := u.store.LateSince(ctx, q.Window.From)
	return lateIn(days, q.Window, q.AsOf), err
}

// Covers reports whether a piece of that owner and type, signed for these stages, is one that is asked for.
func (q Question) Covers(owner uuid.UUID, kind collateral.Type, primary uuid.UUID, others []uuid.UUID) bool {
	return q.begun.q.coversKind(owner, kind) && q.begun.coversStages(primary, others)
}

// Stage is the stage that one which a version was signed for stands for now.
func (q Question) Stage(id uuid.UUID) collateral.Stage {
	return q.begun.stages.byID[q.begun.stages.current(id)]
}

// Before is the window of the same length that ends the day before w begins.
func (w Window) Before() Window {
	return Window{From: plusDays(w.From, -w.Days-1), To: plusDays(w.From, -1), Days: w.Days}
}

// Begin is the first moment of the window.
func (w Window) Begin() time.Time { return startOf(w.From) }

// End is the last moment of the window's last day.
func (w Window) End() time.Time { return startOf(w.To).AddDate(0, 0, 1).Add(-time.Microsecond) }

// startOf is the first moment of a day that was made by windowOf.
func startOf(day string) time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return at
}
