package collateral

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Decision is what an approver says of a submitted version.
type Decision string

// The decisions.
const (
	Approve        Decision = "approve"
	RequestChanges Decision = "request_changes"
	Reject         Decision = "reject"
)

// Review is an approver's decision on one version. The first one stands.
type Review struct {
	ID         uuid.UUID
	VersionID  uuid.UUID
	AssetID    uuid.UUID
	ReviewerID uuid.UUID
	Decision   Decision
	Comment    string
	At         time.Time
}

// Approval is the signature of Sales under exactly these bytes, with the tags and audience they were submitted with.
type Approval struct {
	ID        uuid.UUID
	VersionID uuid.UUID
	AssetID   uuid.UUID
	SHA256    string
	SignerID  uuid.UUID
	RoleHeld  Role // always Approver
	SignedAt  time.Time
}

// Outcome returns the state that a decision brings a submitted version to.
func (d Decision) Outcome() (VersionState, bool) {
	switch d {
	case Approve:
		return Approved, true
	case RequestChanges:
		return ChangesRequested, true
	case Reject:
		return Rejected, true
	}
	return "", false
}

// CheckReview refuses an unknown decision, and one that sends a piece back without saying why.
func CheckReview(d Decision, comment string) error {
	var f Faults
	if _, ok := d.Outcome(); !ok {
		f.Add("/decision", "The decision is approve, request_changes or reject.")
	}
	if d != Approve && strings.TrimSpace(comment) == "" {
		f.Add("/comment", "Say what has to change, or why the piece is rejected: the marketer reads this.")
	}
	checkText(&f, "/comment", comment, 0, 4000)
	return f.Err("This review cannot be recorded.")
}

// CanReview refuses an actor who may not decide on version v of asset a, and a version that is not up for decision.
// Sales signs what others made: owner, co-authors and uploader are out, as named now and as named at submission.
func CanReview(actor Actor, a *Asset, v *Version) error {
	switch {
	case !actor.Is(Approver):
		return Errorf(Forbidden, "Only approvers from Sales sign off collateral.")
	case v.Purged:
		return Errorf(Conflict, "The bytes of version %d were purged. There is nothing left to review.", v.N)
	case v.UploadedBy == actor.UserID || slices.Contains(v.Contributors, actor.UserID) || a.IsContributor(actor.UserID):
		return Errorf(Forbidden, "You contributed to this piece. Somebody else from Sales has to review it.")
	case a.Newest != nil && v.N < a.Newest.N && v.State == Submitted:
		return Errorf(Conflict, "Version %d was superseded by version %d. Review the newer one.", v.N, a.Newest.N)
	}
	switch v.State {
	case Submitted:
		return nil
	case Draft:
		return Errorf(Conflict, "Version %d is not submitted for review.", v.N)
	}
	return Errorf(Conflict, "Version %d was already reviewed (%s). The first decision stands.", v.N, strings.ReplaceAll(string(v.State), "_", " "))
}

// IsDecided reports whether Sales has decided on the version.
func (v *Version) IsDecided() bool { return v.State != Draft && v.State != Submitted }

// AlreadyReviewed is the refusal of a second decision on version n. It says whose the first one was, and when.
func AlreadyReviewed(n int, first *Review, reviewer string) *Error {
	did := map[Decision]string{Approve: "signed", RequestChanges: "asked for changes of", Reject: "rejected"}[first.Decision]
	return Errorf(Conflict, "%s %s version %d on %s. The first decision stands.", reviewer, did, n, first.At.Format("2 January 2006 at 15:04 UTC"))
}
