package registry

import (
	"cmp"
	"slices"

	"collateral/internal/collateral"
)

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
