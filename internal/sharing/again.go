package sharing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/store"
)

// judgedAtOnce is how many visits JudgeAgain reads at a time.
const judgedAtOnce = 500

// JudgeAgain judges the visits that ended and were judged by other rules by those of now, and returns what that changes. What
// counts now and what no longer does moves all figures, in the transaction that writes the note about it. Nobody is told of
// openings of the past, and no link takes or gets back one of those that it has. With dry, nothing is changed.
func (s *Sharing) JudgeAgain(ctx context.Context, dry bool) (collateral.VisitNote, error) {
	var note collateral.VisitNote
	judge := func(db *store.Store) error {
		note = collateral.VisitNote{ID: db.NewID(), At: db.Now(), Rules: s.Rules.Version()}
		after := uuid.Nil
		for {
			visits, err := db.VisitsJudgedBefore(ctx, s.Rules.Version(), after, judgedAtOnce)
			if err != nil {
				return err
			}
			for i := range visits {
				if err := s.judgeAgain(ctx, db, &visits[i], &note, dry); err != nil {
					return err
				}
				after = visits[i].Visit.ID
			}
			if len(visits) < judgedAtOnce {
				break
			}
		}
		if dry || note.Visits == 0 {
			return nil
		}
		return db.AddVisitNote(ctx, note)
	}
	if dry {
		err := judge(s.Store)
		return note, err
	}
	err := s.Store.Tx(ctx, judge)
	return note, err
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
