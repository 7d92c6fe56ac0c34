package usage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// batchWeight is how many uses share a transaction at most: enough for the commit to cost little each, few enough that
// nobody waits long for the others.
const batchWeight = 1000

// linger is how long openings and searches wait for others to share a transaction with: nobody waits for them, and many
// come one by one. Within a second the same pieces are shown again and again, and their totals are raised once.
const linger = time.Second

// shownInOne is how many pieces that searches showed weigh as much as one use: most of them were shown by others in the
// batch too, and are raised with them.
const shownInOne = 5

// recordTime bounds how long a client waits for its uses to be written; a batch before it may have to end first.
const recordTime = 20 * time.Second

// bounds is how much may wait to be written. Beyond it what clients report is refused, and openings and searches are not
// counted: a database that hangs must not fill the memory. Each item may be somebody's connection, with its buffers.
func bounds() load { return load{items: 2000, weight: 20_000, bytes: 64 << 20} }

// Record stores what the actor's client reports. Each event is judged alone: what is wrong with one is in
// Outcome.Rejected and keeps none of the others out. When Record returns without an error the accepted ones survive a
// loss of power. When it returns an error they may be recorded or not, and the client sends all of them again: by
// their ids they count once. More than MaxEvents are TooLarge; when too much of others waits to be written, all are
// refused with TooMany.
func (u *Usage) Record(ctx context.Context, actor collateral.Actor, events []Incoming) (Outcome, error) {
	if len(events) > MaxEvents {
		return Outcome{}, collateral.Errorf(collateral.TooLarge, "Send at most %d events at once.", MaxEvents)
	}
	now := u.store.Now()
	var faulty Outcome
	e := &entry{}
	for i, in := range events {
		e.held += in.Held
		event, fault := in.read(now)
		if fault != "" {
			faulty.reject(i, fault)
			continue
		}
		event.UserID = actor.UserID
		event.RecordedAt = now
		e.uses = append(e.uses, use{Event: event, index: i})
	}
	if len(e.uses) > 0 {
		u.settleNamed(actor.UserID, e.uses)
		if err := u.enterWithin(ctx, recordTime, e); err != nil {
			return Outcome{}, fmt.Errorf("recording %d uses: %w", len(e.uses), err)
		}
	}
	out := e.outcome
	out.Rejected = append(out.Rejected, faulty.Rejected...)
	slices.SortFunc(out.Rejected, func(a, b Rejection) int { return cmp.Compare(a.Index, b.Index) })
	return out, nil
}

// entry is what one call brings to be written.
type entry struct {
	uses     []use
	searches []store.LoggedSearch
	held     int // bytes of the caller's request

	// ctx is the caller's who waits for done; both are nil when nobody waits. It is kept because the entry outlives
	// the call that carries it: the queue drops what nobody waits for.
	ctx     context.Context
	done    chan error
	outcome Outcome     // of uses; set before done says nil
	failed  func(error) // hears of a failure that nobody waits for
}

// use is an event on its way into the database.
type use struct {
	collateral.Event
	index   int  // in the call
	opening bool // seen by the server itself: its version is known, and it counts once in half an hour
}

var _ item = (*entry)(nil)

func (e *entry) weight() int {
	n := len(e.uses)
	for _, s := range e.searches {
		n += 1 + len(s.Shown)/shownInOne
	}
	return n
}

func (e *entry) bytes() int { return e.held }

func (e *entry) urgent() bool { return e.done != nil }

func (e *entry) abandoned() error {
	if e.ctx == nil {
		return nil
	}
	return e.ctx.Err()
}

func (e *entry) finish(err error) {
	if e.done != nil {
		e.done <- err
	} else if err != nil && e.failed != nil {
		e.failed(err)
	}
}

// enter queues an entry, however much waits, and waits for its fate, or for the end of ctx.
func (u *Usage) enter(ctx context.Context, e *entry) error {
	e.awaitedIn(ctx)
	u.queue.add(e)
	err := e.fate(ctx)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return tooSlow()
	}
	return err
}

// enterWithin is enter that heeds the bounds of what may wait, and gives up after a while.
func (u *Usage) enterWithin(ctx context.Context, limit time.Duration, e *entry) error {
	wait, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e.awaitedIn(wait)
	if !u.queue.offer(e) {
		return tooMuch()
	}
	err := e.fate(wait)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return tooSlow()
	}
	return err
}

func (e *entry) awaitedIn(ctx context.Context) {
	e.ctx = ctx
	e.done = make(chan error, 1)
}

func tooMuch() error {
	return &collateral.Error{Kind: collateral.TooMany, RetryAfter: 5, Message: "More is reported at the moment than can be written. Please send this again a little later."}
}

func tooSlow() error {
	return &collateral.Error{Kind: collateral.Unavailable, RetryAfter: 10, Message: "The database is too slow at the moment. Please try again later."}
}

// fate waits for what becomes of the entry. A result that is there is preferred to the caller's having given up.
func (e *entry) fate(ctx context.Context) error {
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-e.done:
		return err
	default:
		return ctx.Err()
	}
}
