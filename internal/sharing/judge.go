package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/store"
)

// evidence is what is known of a visit that tells a machine from a person, as it is kept with it. The agent has a column of
// its own.
type evidence struct {
	Request machines.Request `json:"request"`
	Conduct machines.Conduct `json:"conduct"`
	Verdict machines.Verdict `json:"verdict"`
	Inside  bool             `json:"inside,omitempty"`  // the visitor did something behind all that the link asks for
	Entered bool             `json:"entered,omitempty"` // and gave what that is
	Told    bool             `json:"told,omitempty"`    // other systems heard of it
}

// judged is a visit that is judged: what is kept, read.
type judged struct {
	*store.JudgedVisit

	evidence evidence
	pulse    collateral.Pulse
	counted  bool      // before
	looking  uuid.UUID // the piece that heartbeats told of now; Nil when none did
}

func readJudged(kept *store.JudgedVisit) (*judged, error) {
	j := &judged{JudgedVisit: kept, counted: kept.Visit.Counted()}
	if err := json.Unmarshal([]byte(kept.Facts), &j.evidence); err != nil {
		return nil, fmt.Errorf("reading the facts of visit %s: %w", kept.Visit.ID, err)
	}
	j.evidence.Request.Agent = kept.Visit.Agent
	if kept.Pulse != "" {
		if err := json.Unmarshal([]byte(kept.Pulse), &j.pulse); err != nil {
			return nil, fmt.Errorf("reading the heartbeats of visit %s: %w", kept.Visit.ID, err)
		}
	}
	return j, nil
}

// write puts what is known where it is kept.
func (j *judged) write() error {
	kept := j.evidence
	j.Visit.Agent, kept.Request.Agent = kept.Request.Agent, ""
	facts, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("writing the facts of visit %s: %w", j.Visit.ID, err)
	}
	j.Facts, j.Pulse = string(facts), ""
	if j.pulse.Beats == 0 && j.pulse.Claimed == 0 || j.Ended {
		return nil
	}
	pulse, err := json.Marshal(j.pulse)
	j.Pulse = string(pulse)
	if err != nil {
		return fmt.Errorf("writing the heartbeats of visit %s: %w", j.Visit.ID, err)
	}
	return nil
}

// firstEvidence is what the first request of a visit tells.
func (s *Sharing) firstEvidence(r Request, l *collateral.Link, others int) evidence {
	header := r.Header
	if header == nil {
		header = func(string) string { return "" }
	}
	q := machines.Read(r.Method, header)
	q.Agent, q.Secure = r.UserAgent, header("X-Forwarded-Proto") == "https"
	q.Since, q.Others = s.Store.Now().Sub(l.CreatedAt), others
	if s.Rules != nil {
		q = s.Rules.Keep(q)
	}
	return evidence{Request: q, Conduct: machines.Conduct{Cookie: r.Key != ""}}
}

// verdict judges a visit by what is known of it now.
func (s *Sharing) verdict(j *judged) {
	e := &j.evidence
	if s.Rules == nil {
		e.Verdict = machines.Verdict{Person: e.Conduct.Passed || e.Conduct.Download || e.Conduct.Beats > 0}
	} else {
		e.Verdict = s.Rules.Judge(e.Request, e.Conduct)
		j.Rules = s.Rules.Version()
	}
	j.Visit.Machine, j.Visit.Why = e.Verdict.Machine, string(e.Verdict.Why)
}

// confirms reports whether somebody got in, of whom the evidence says that it is a person, or who gave what was asked for. What
// calls itself a machine and gave it got in, and does not count.
func (e *evidence) confirms() bool { return e.Inside && (e.Verdict.Person || e.Entered) }

// onVisit lets f change what is known of a visit, judges it again, and does what follows. The visit is nil when it was
// forgotten a moment ago.
func (s *Sharing) onVisit(ctx context.Context, id uuid.UUID, f func(tx *store.Store, j *judged) error) (*collateral.Visit, error) {
	var visit *collateral.Visit
	err := s.Store.Tx(ctx, func(tx *store.Store) error {
		kept, err := tx.LockVisit(ctx, id)
		if err != nil || kept == nil {
			visit = nil
			return err
		}
		j, err := readJudged(kept)
		if err != nil {
			return err
		}
		if err := f(tx, j); err != nil {
			return err
		}
		s.verdict(j)
		if err := s.settle(ctx, tx, j); err != nil {
			return err
		}
		visit = &j.Visit
		return nil
	})
	return visit, err
}

// settle has everything follow from the verdict on a locked visit, and writes it: the first time that a person is sure takes one
// of the times that the link can be opened, and other systems are told; pieces that were looked at for long enough move up the
// ladder, and down again when the visit turns out not to count.
func (s *Sharing) settle(ctx context.Context, tx *store.Store, j *judged) error {
	now, v, e := tx.Now(), &j.Visit, &j.evidence
	if v.OpenedAt == nil && e.confirms() {
		left, err := tx.TakeOpening(ctx, v.LinkID)
		switch {
		case err != nil:
			return err
		case left:
			v.OpenedAt = &now
		case !j.Ended: // else there is nobody left to send away
			return collateral.LinkIsUsedUp()
		}
	}
	if v.Counted() && !e.Told {
		e.Told = true
		if err := s.tellOpened(ctx, tx, v, now); err != nil {
			return err
		}
	}
	if err := s.engage(ctx, tx, j); err != nil {
		return err
	}
	if err := j.write(); err != nil {
		return err
	}
	return tx.PutJudged(ctx, j.JudgedVisit)
}

// joined is a visit that begins with another one soon after it from the same network: it is judged again.
func (s *Sharing) joined(ctx context.Context, grown map[uuid.UUID]int) error {
	for visit, others := range grown {
		_, err := s.onVisit(ctx, visit, func(_ *store.Store, j *judged) error {
			j.evidence.Request.Others = max(j.evidence.Request.Others, others)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endedAtOnce is how many visits EndVisits ends in one go.
const endedAtOnce = 500

// EndVisits judges the visits that are over a last time: what nothing followed is a machine's by now. What was remembered of
// them as long as they lasted is dropped.
func (s *Sharing) EndVisits(ctx context.Context) error {
	before := s.Store.Now().Add(-collateral.VisitPause)
	for {
		gone, err := s.Store.GoneVisits(ctx, before, endedAtOnce)
		if err != nil {
			return err
		}
		for _, id := range gone {
			if _, err := s.onVisit(ctx, id, func(_ *store.Store, j *judged) error {
				j.end(before)
				return nil
			}); err != nil {
				return fmt.Errorf("ending visit %s: %w", id, err)
			}
		}
		if len(gone) < endedAtOnce {
			return nil
		}
	}
}

// end notes that nothing follows any more, unless something did meanwhile.
func (j *judged) end(before time.Time) {
	if j.Visit.LastAt.Before(before) {
		j.Ended, j.evidence.Conduct.Ended = true, true
	}
}
