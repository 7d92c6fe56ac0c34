package web

import (
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// step is one of those that lead a piece to the reps.
type step struct {
	Name   string
	State  string // "done", "now", "back" or "ahead"
	Who    string
	Since  *time.Time
	Waits  []string // who could sign
	Reason string
}

// stepsOf is the way of the newest version.
func stepsOf(a *collateral.Asset, review *collateral.Review, withdrawal *collateral.Reason, names map[uuid.UUID]string, signers []uuid.UUID) []step {
	draft, waiting := step{Name: "Draft", State: "now"}, step{Name: "Waits for Sales", State: "ahead"}
	signed, published := step{Name: "Signed", State: "ahead"}, step{Name: "Published", State: "ahead"}
	v := a.Newest
	if v == nil {
		return []step{draft, waiting, signed, published}
	}
	draft.Who, draft.Since = names[v.UploadedBy], &v.CreatedAt
	if v.State != collateral.Draft {
		draft.State = "done"
		waiting.Name, waiting.State, waiting.Since = "Handed to Sales", "done", v.SubmittedAt
	}
	if v.State == collateral.Submitted {
		waiting.Name, waiting.State = "Waits for Sales", "now"
		for _, id := range signers {
			waiting.Waits = append(waiting.Waits, names[id])
		}
	}
	if review != nil {
		signed.State, signed.Who, signed.Since, signed.Reason = "done", names[review.ReviewerID], &review.At, review.Comment
		if v.State != collateral.Approved {
			signed.State, signed.Name = "back", "Sent back"
			if v.State == collateral.Rejected {
				signed.Name = "Rejected"
			}
		}
	}
	if p := a.Publication; p != nil && p.VersionID == v.ID {
		published.State, published.Who, published.Since = "done", names[p.PublishedBy], &p.PublishedAt
	} else if v.State == collateral.Approved {
		published.State = "now"
		if a.Publication == nil && a.LastPublished == v.N {
			published.State, published.Name = "back", "Withdrawn"
			if withdrawal != nil {
				published.Who, published.Since, published.Reason = names[withdrawal.By], &withdrawal.At, withdrawal.Text
			}
		}
	}
	return []step{draft, waiting, signed, published}
}
