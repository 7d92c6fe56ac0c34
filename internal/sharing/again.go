package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/store"
)

// judgedAtOnce is how many visits JudgeAgain judges in one transaction.
const judgedAtOnce = 500

// JudgeAgain judges the visits that ended and were judged by other rules by those of now, and returns what that changes. What
// counts now and what no longer does moves all figures, in the transaction that writes the note about it: of some visits at a
// time, so that others write in between. Broken off, the next call goes on, with a note of its own. Nobody is told of openings
// of the past, and no link takes or gets back one of those that it has. With dry, nothing is changed.
func (s *Sharing) JudgeAgain(ctx context.Context, dry bool) (collateral.VisitNote, error) {
	note := collateral.VisitNote{ID: s.Store.NewID(), At: s.Store.Now(), Rules: s.Rules.Version()}
	in := s.Store.Tx
	if dry {
		in = func(_ context.Context, f func(*store.Store) error) error { return f(s.Store) }
	}
	for after := uuid.Nil; ; {
		var visits []store.JudgedVisit
		grown := note
		err := in(ctx, func(db *store.Store) (err error) {
			grown = note // also when the transaction is repeated
			visits, err = s.judgeSome(ctx, db, after, &grown, dry)
			return err
		})
		if err != nil {
			return note, err
		}
		if note = grown; len(visits) < judgedAtOnce {
			return note, nil
		}
		after = visits[len(visits)-1].Visit.ID
	}
}

// judgeSome judges the next visits after the one with the given id again, and has the note tell of them too.
func (s *Sharing) judgeSome(ctx context.Context, db *store.Store, after uuid.UUID, note *collateral.VisitNote, dry bool) ([]store.JudgedVisit, error) {
	visits, err := db.VisitsJudgedBefore(ctx, note.Rules, after, judgedAtOnce)
	if err != nil || len(visits) == 0 {
		return nil, err
	}
	for i := range visits {
		if err := s.judgeAgain(ctx, db, &visits[i], note, dry); err != nil {
			return nil, err
		}
	}
	if dry {
		return visits, nil
	}
	return visits, db.PutVisitNote(ctx, *note)
}

func (s *Sharing) judgeAgain(ctx context.Context, db *store.Store, kept *store.JudgedVisit, note *collateral.VisitNote, dry bool) error {
	j, err := readJudged(kept)
	if err != nil {
		return err
	}
	s.verdict(j)
	v := &j.Visit
	switch {
	case v.OpenedAt == nil && j.evidence.confirms() && !v.Machine:
		v.OpenedAt = new(v.LastAt)
	case v.OpenedAt != nil && !v.Machine && !j.evidence.confirms():
		v.OpenedAt = nil
	}
	note.Visits++
	switch {
	case v.Counted() && !j.counted:
		note.CameIn++
	case !v.Counted() && j.counted:
		note.FellOut++
	}
	if dry {
		return nil
	}
	if err := s.engage(ctx, db, j); err != nil {
		return err
	}
	if err := j.write(); err != nil {
		return err
	}
	return db.PutJudged(ctx, j.JudgedVisit)
}

// SayNote says a note to the readers of the figures.
func SayNote(n collateral.VisitNote) string {
	return machines.Rejudged{Rules: n.Rules, Visits: n.Visits, In: n.CameIn, Out: n.FellOut}.Note()
}

// Notes returns the notes on visits that were judged again since a time and changed figures, the newest first.
func (s *Sharing) Notes(ctx context.Context, since time.Time) ([]collateral.VisitNote, error) {
	all, err := s.Store.VisitNotes(ctx, since)
	var notes []collateral.VisitNote
	for _, n := range all {
		if n.CameIn+n.FellOut > 0 {
			notes = append(notes, n)
		}
	}
	return notes, err
}
