package registry

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// again returns the version that v is once more, or nil. Most uploads bring other bytes than the newest version has; then
// nothing else of the piece has to be read.
func again(ctx context.Context, tx *store.Store, actor collateral.Actor, asset uuid.UUID, v *collateral.Version) (*collateral.Version, error) {
	digest, err := tx.NewestDigest(ctx, asset)
	if err != nil || digest != v.SHA256 {
		return nil, err
	}
	a, err := tx.Asset(ctx, collateral.ScopeOf(actor), asset)
	if err != nil || !isAgain(a, v) {
		return nil, err
	}
	return a.Newest, nil
}

// isAgain reports whether v, which is on its way in, is the piece's newest version sent once more, as happens when the answer to
// an upload was lost: the same person, content, name and note, and nothing has become of that version but what would become of
// v. One under review with other tags is another one: it asks Sales something else.
func isAgain(a *collateral.Asset, v *collateral.Version) bool {
	newest := a.Newest
	if newest == nil || newest.Purged || newest.UploadedBy != v.UploadedBy ||
		newest.SHA256 != v.SHA256 || newest.FileName != v.FileName || newest.URL != v.URL || newest.Note != v.Note {
		return false
	}
	switch newest.State {
	case collateral.Draft:
		return true
	case collateral.Submitted:
		return newest.Audience == a.Audience && slices.Equal(inStageOrder(newest.Stages), inStageOrder(a.Stages))
	}
	return false
}

func inStageOrder(tags []collateral.StageTag) []collateral.StageTag {
	return slices.SortedFunc(slices.Values(tags), func(x, y collateral.StageTag) int { return cmp.Compare(x.Stage, y.Stage) })
}
