package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) GetVersionChanges(ctx context.Context, r GetVersionChangesRequestObject) (GetVersionChangesResponseObject, error) {
	c, err := s.registry.Changes(ctx, httpd.CallOf(ctx).Actor, r.ID, int(r.N))
	if err != nil {
		return nil, err
	}
	answer := VersionChanges{
		Version: c.After.N, SameBytes: c.SameBytes(), Stages: each(c.Tags, tagChangeAnswer),
		Text: VersionChangesText(c.Text), Pages: each(c.Pages, pageChangeAnswer),
	}
	if c.Before != nil {
		answer.ComparedWith = c.Before.N
	}
	return GetVersionChanges200JSONResponse(answer), nil
}

func tagChangeAnswer(c registry.TagChange) TagChange {
	return TagChange{Stage: c.Stage, Before: tagOrNone(c.Before), After: tagOrNone(c.After), Role: each(c.Role, runAnswer)}
}

// tagOrNone is left out of an answer when there is no tag.
func tagOrNone(t *collateral.StageTag) AssetStage {
	if t == nil {
		return AssetStage{}
	}
	return tagAnswer(*t)
}

func pageChangeAnswer(p registry.PageChange) PageChange {
	return PageChange{Before: p.Before, After: p.After, Runs: each(p.Runs, runAnswer), Cut: p.Cut}
}

func runAnswer(r registry.Run) TextRun { return TextRun{Kind: TextRunKind(r.Kind), Text: r.Text} }
