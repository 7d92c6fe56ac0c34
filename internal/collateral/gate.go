package collateral

import "slices"

// The gate. Nothing is published unless it is tagged to a buying stage and signed off by Sales on exactly those bytes
// and those tags. The database enforces the same with triggers; the rules here say it in words, all at once.

// CanSubmit refuses to hand the asset's newest version to Sales while something is missing, and lists all of it.
func CanSubmit(a *Asset) error {
	if v := a.Newest; v != nil {
		switch v.State {
		case Submitted:
			return Errorf(Conflict, "Version %d is under review already.", v.N)
		case Approved:
			return Errorf(Conflict, "Version %d is signed off already. Publish it, or upload a new version.", v.N)
		}
	}
	missing := missingContent(a)
	missing = append(missing, missingTags(a.Stages)...)
	return gate("The piece cannot be submitted yet.", missing)
}

func missingContent(a *Asset) []Field {
	switch v := a.Newest; {
	case v == nil:
		return []Field{{"/versions", "There is no file yet. Upload one, or give the address of a link."}}
	case v.Purged:
		return []Field{{"/versions", "The bytes of the newest version were purged. Upload a new version."}}
	case v.State == ChangesRequested:
		return []Field{{"/versions", "Sales asked for changes to this version. Upload a new version with them."}}
	case v.State == Rejected:
		return []Field{{"/versions", "Sales rejected this version. Upload a new one."}}
	}
	return nil
}

func missingTags(tags []StageTag) []Field {
	switch {
	case len(tags) == 0:
		return []Field{{"/stages", "The piece is tagged to no buying stage. Name at least one, and what the piece does for the buyer there."}}
	case !slices.ContainsFunc(tags, func(t StageTag) bool { return t.Primary }):
		return []Field{{"/stages", "No stage is the primary one. Mark exactly one."}}
	}
	return nil
}

// MissingForPublication lists every part that the asset's newest version lacks to be published.
func MissingForPublication(a *Asset) error {
	missing := missingContent(a)
	v := a.Newest
	if v == nil || v.State == Draft {
		missing = append(missing, missingTags(a.Stages)...)
		missing = append(missing, Field{"/submission", "The piece was not submitted. Submit it for review by Sales."})
	}
	if v == nil || v.State != Approved {
		missing = append(missing, Field{"/approval", "Sales has not signed off this version. An approver who did not contribute has to approve it."})
	}
	return gate("The piece cannot be published yet.", missing)
}

func gate(message string, missing []Field) error {
	if len(missing) == 0 {
		return nil
	}
	return &Error{Kind: Gate, Message: message, Fields: missing}
}

// CanPublish refuses to publish an asset's newest approved version v, nil when there is none.
func CanPublish(a *Asset, v *Version) error {
	switch p := a.Publication; {
	case p != nil && a.Newest != nil && a.Newest.N <= p.VersionN:
		return Errorf(Conflict, "Version %d is published already, and there is no newer one.", p.VersionN)
	case v == nil, p != nil && v.N <= p.VersionN:
		return MissingForPublication(a)
	case v.Purged:
		return gate("The piece cannot be published any more.", []Field{{"/versions",
			"The bytes of the version that Sales signed last were purged. Upload a new version and have it signed."}})
	}
	return nil
}
