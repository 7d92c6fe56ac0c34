package usage

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// writeTogether stores a batch of entries and what follows from them in one transaction.
func (u *Usage) writeTogether(ctx context.Context, batch []*entry) (err error) {
	var b batchRows
	for _, e := range batch {
		b.uses = append(b.uses, e.uses...)
		b.searches = append(b.searches, e.searches...)
	}
	if len(b.uses) == 0 && len(b.searches) == 0 {
		return nil
	}
	if u.Committed != nil {
		began := time.Now()
		defer func() { u.Committed(len(b.uses), err, time.Since(began)) }()
	}
	read, done := u.readFacts(ctx, b)
	defer done()
	var outcomes []Outcome
	err = u.store.Tx(ctx, func(tx *store.Store) error {
		facts, err := read(tx)
		if err != nil {
			return err
		}
		outcomes, err = u.writeBatch(ctx, tx, batch, b, facts)
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range batch {
		e.outcome = outcomes[i]
	}
	return nil
}

// readFacts says how a transaction gets the facts of a batch; done is called after it.
//
// SQLite's one writer has the pages in its cache, which every commit takes from those that only read. From PostgreSQL they are read
// while the transaction begins, and waited for before the lock is taken: who waits for a connection then would wait for those who
// hold one and wait for the lock.
func (u *Usage) readFacts(ctx context.Context, b batchRows) (read func(tx *store.Store) (store.UsageFacts, error), done func()) {
	if u.store.Dialect() == store.SQLite {
		return func(tx *store.Store) (store.UsageFacts, error) { return factsOf(ctx, tx, b) }, func() {}
	}
	facts := sync.OnceValues(func() (store.UsageFacts, error) { return factsOf(ctx, u.store, b) })
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = facts() // told to the transaction
	}()
	return func(*store.Store) (store.UsageFacts, error) { return facts() }, func() { <-ended }
}

// batchRows is everything that the entries of a batch bring.
type batchRows struct {
	uses     []use
	searches []store.LoggedSearch
}

// writeBatch returns the outcome of each entry. It runs anew when the database asks for the transaction to be repeated,
// so it changes nothing outside.
func (u *Usage) writeBatch(ctx context.Context, tx *store.Store, batch []*entry, b batchRows, facts store.UsageFacts) ([]Outcome, error) {
	if err := tx.LockUsage(ctx); err != nil {
		return nil, err
	}
	j, err := loadJudge(ctx, tx, b, facts)
	if err != nil {
		return nil, err
	}
	outcomes, added, err := addUses(ctx, tx, batch, j)
	if err != nil {
		return nil, err
	}
	totals := make(raises)
	for _, e := range added {
		totals.addEvent(e)
	}
	searches, err := collapseLogged(ctx, tx, b.searches)
	if err != nil {
		return nil, err
	}
	shown, err := tx.LogSearches(ctx, searches)
	if err != nil {
		return nil, err
	}
	for _, s := range shown {
		if qualifies(j.facts, s.UserID, s.AssetID, s.At) {
			totals.at(s.AssetID, s.At).Found++
		}
	}
	if used := totals.fieldUsed(); len(used) > 0 && u.FieldUsed != nil {
		if err := u.FieldUsed(ctx, tx, used); err != nil {
			return nil, err
		}
	}
	if err := tx.SetLate(ctx, lateDays(added)); err != nil {
		return nil, err
	}
	return outcomes, tx.RaiseTotals(ctx, totals.all())
}

// addUses writes the uses that count. It returns the outcome of each entry, and what was written.
func addUses(ctx context.Context, tx *store.Store, batch []*entry, j *judge) (outcomes []Outcome, added []collateral.Event, err error) {
	type from struct {
		entry int
		index int // of the use in the call
		fault string
	}
	var accepted []collateral.Event
	var refused []uuid.UUID
	var acceptedFrom, refusedFrom []from
	outcomes = make([]Outcome, len(batch))
	for i, e := range batch {
		for _, use := range e.uses {
			switch event, verdict, fault := j.judge(use); verdict {
			case rejected:
				refused, refusedFrom = append(refused, use.ID), append(refusedFrom, from{i, use.index, fault})
			case duplicate:
				outcomes[i].Duplicates++
			case accept:
				accepted, acceptedFrom = append(accepted, event), append(acceptedFrom, from{entry: i})
			}
		}
	}
	// What is recorded stays recorded, also when it would be refused today.
	known, err := tx.KnownEvents(ctx, distinct(refused))
	if err != nil {
		return nil, nil, err
	}
	for i, f := range refusedFrom {
		if known[refused[i]] {
			outcomes[f.entry].Duplicates++
			continue
		}
		outcomes[f.entry].reject(f.index, f.fault)
	}
	isNew, err := tx.AddEvents(ctx, accepted)
	if err != nil {
		return nil, nil, err
	}
	for i, f := range acceptedFrom {
		if !isNew[accepted[i].ID] {
			outcomes[f.entry].Duplicates++
			continue
		}
		outcomes[f.entry].Accepted++
		added = append(added, accepted[i])
	}
	return outcomes, added, nil
}

// raises gathers what a batch adds to the totals.
type raises map[raiseKey]*store.Raise

type raiseKey struct {
	asset uuid.UUID
	day   string
}

func (r raises) at(asset uuid.UUID, at time.Time) *store.Raise {
	key := raiseKey{asset: asset, day: at.UTC().Format(time.DateOnly)}
	raise, ok := r[key]
	if !ok {
		raise = &store.Raise{AssetID: asset, Day: key.day}
		r[key] = raise
	}
	return raise
}

func (r raises) addEvent(e collateral.Event) {
	if !e.Qualifies {
		return
	}
	raise := r.at(e.AssetID, e.OccurredAt)
	switch e.Kind.Step() {
	case collateral.Opened:
		raise.Opened++
	case collateral.Taken:
		raise.Taken++
	case collateral.FieldUsed:
		raise.Used++
	case collateral.Unseen, collateral.Found, collateral.Engaged:
	}
}

// fieldUsed returns the pieces that were shared or presented, each once, in the order of their ids.
func (r raises) fieldUsed() []uuid.UUID {
	var used []uuid.UUID
	for key, raise := range r {
		if raise.Used > 0 {
			used = append(used, key.asset)
		}
	}
	slices.SortFunc(used, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(used)
}

func (r raises) all() []store.Raise {
	all := make([]store.Raise, 0, len(r))
	for _, raise := range r {
		all = append(all, *raise)
	}
	return all
}
