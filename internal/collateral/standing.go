package collateral

// Standing is where an asset stands, read from its versions and its publications.
type Standing struct {
	Newest        *Version     // nil before the first upload
	Publication   *Publication // nil when not published
	LastPublished int          // number of the version that was published last, also when withdrawn; 0 when never
}

// State is what an asset's standing amounts to.
type State string

// The states of an asset.
const (
	AssetDraft            State = "draft"
	AssetInReview         State = "in_review"
	AssetChangesRequested State = "changes_requested"
	AssetRejected         State = "rejected"
	AssetApproved         State = "approved"
	AssetPublished        State = "published"
	AssetWithdrawn        State = "withdrawn"
)

// States returns every state of an asset.
func States() []State {
	return []State{AssetDraft, AssetInReview, AssetChangesRequested, AssetRejected, AssetApproved, AssetPublished, AssetWithdrawn}
}

// State derives the asset's state. Published wins; a withdrawn piece stays withdrawn until a newer version is
// submitted; else the newest version speaks.
func (s Standing) State() State {
	switch {
	case s.Publication != nil:
		return AssetPublished
	case s.Newest == nil:
		return AssetDraft
	case s.LastPublished > 0 && (s.Newest.N <= s.LastPublished || s.Newest.State == Draft):
		return AssetWithdrawn
	}
	switch s.Newest.State {
	case Submitted:
		return AssetInReview
	case ChangesRequested:
		return AssetChangesRequested
	case Rejected:
		return AssetRejected
	case Approved:
		return AssetApproved
	}
	return AssetDraft
}

// Pending returns the number of a version newer than the published one, or 0.
func (s Standing) Pending() int {
	if s.Publication == nil || s.Newest == nil || s.Newest.N <= s.Publication.VersionN {
		return 0
	}
	return s.Newest.N
}
