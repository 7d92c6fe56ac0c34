package report

import (
	"slices"
	"time"

	"collateral/internal/collateral"
)

// ReviewFigures are the figures of sign-off in one window.
type ReviewFigures struct {
	Decided          int
	Median           *time.Duration // from submission to decision; nil when nothing was decided
	P90              *time.Duration
	Signed           int
	ChangesRequested int
	Rejected         int
	FirstDecided     int      // decisions that were the first on what was handed in
	FirstSigned      int      // of these, signatures
	FirstShare       *float64 // 0 to 1; nil when there is nothing to have a share of
	Waiting          int      // at the end of the window
	Unsignable       int      // of these, those that nobody can sign
	LongestWait      *time.Duration
}

// SentBack is what was not signed.
func (f ReviewFigures) SentBack() int { return f.ChangesRequested + f.Rejected }

func (r reviewed) figures() (f ReviewFigures) {
	var took []time.Duration
	for _, item := range r.items {
		if item.Waits {
			f.Waiting++
			if len(item.Signers) == 0 {
				f.Unsignable++
			}
			if f.LongestWait == nil || item.Took > *f.LongestWait {
				f.LongestWait = new(item.Took)
			}
			continue
		}
		took = append(took, item.Took)
		switch item.Decision {
		case collateral.Approve:
			f.Signed++
		case collateral.RequestChanges:
			f.ChangesRequested++
		case collateral.Reject:
			f.Rejected++
		}
		if item.First {
			f.FirstDecided++
			if item.Decision == collateral.Approve {
				f.FirstSigned++
			}
		}
	}
	if f.Decided = len(took); f.Decided > 0 {
		slices.Sort(took)
		f.Median, f.P90 = new(collateral.NearestRank(took, 50)), new(collateral.NearestRank(took, 90))
	}
	if f.FirstDecided > 0 {
		f.FirstShare = new(float64(f.FirstSigned) / float64(f.FirstDecided))
	}
	return f
}

// approvers counts what waits for each of those who can sign any of it.
func (r reviewed) approvers() []Approver {
	approvers := approversAmong(r.people)
	for _, item := range r.items {
		for _, signer := range item.Signers {
			at := slices.IndexFunc(approvers, func(a Approver) bool { return a.ID == signer.ID })
			approvers[at].Waiting++
		}
	}
	return slices.DeleteFunc(approvers, func(a Approver) bool { return a.Waiting == 0 })
}
