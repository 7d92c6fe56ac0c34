package registry

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/difference"
)

// PageChange is a page whose text changed.
type PageChange = difference.Page

// Run is a stretch of text that stayed, came or went.
type Run = difference.Run

// The kinds of Run.
const (
	RunEqual   = difference.Equal
	RunAdded   = difference.Added
	RunRemoved = difference.Removed
)

// Changes says how a version differs from the last one before it that Sales signed.
type Changes struct {
	Before *collateral.Version // nil when Sales has signed none
	After  *collateral.Version
	Tags   []TagChange // of the stages that changed

	Pages []PageChange
	Text  TextState // what Pages tells of the texts
}

// TagChange is a buying stage whose tag came, went or changed. The roles are empty where there was no tag, or is none.
type TagChange struct {
	Stage         string // key
	Before, After *collateral.StageTag
	Role          []Run // how the role became what it is
}

// TextState says what could be compared of two versions' texts.
type TextState string

// The states of a comparison.
const (
	TextCompared TextState = "compared"
	TextSame     TextState = "same"    // the very same bytes
	TextCut      TextState = "cut"     // too long: the rest was not compared
	TextPending  TextState = "pending" // one of the two was not read yet
	TextMissing  TextState = "missing" // one of the two has no text that can be read
)

// SameBytes reports whether the file, or the link, is the one that was signed before.
func (c *Changes) SameBytes() bool { return c.Before != nil && c.Before.SHA256 == c.After.SHA256 }

// Changes compares version n of a piece with the last one before it that Sales signed, for those who make the piece and
// those who sign it.
func (r *Registry) Changes(ctx context.Context, actor collateral.Actor, id uuid.UUID, n int) (*Changes, error) {
	after, err := r.version(ctx, actor, id, n)
	if err != nil {
		return nil, err
	}
	before, err := r.Store.ApprovedBefore(ctx, id, n)
	if err != nil || before == nil {
		return &Changes{After: after, Text: TextCompared}, err
	}
	c := &Changes{Before: before, After: after, Text: TextCompared}
	if after.State != collateral.Draft { // a draft takes its tags when it is submitted
		c.Tags = tagChanges(before.Stages, after.Stages)
	}
	if c.SameBytes() {
		c.Text = TextSame
		return c, nil
	}
	return c, r.compareTexts(ctx, c)
}

func (r *Registry) compareTexts(ctx context.Context, c *Changes) error {
	extractions, err := r.Store.Extractions(ctx, []uuid.UUID{c.Before.ID, c.After.ID})
	if err != nil {
		return err
	}
	for _, v := range []*collateral.Version{c.Before, c.After} {
		switch extractions[v.ID].State {
		case collateral.ExtractionDone:
		case collateral.ExtractionPending:
			c.Text = TextPending
			return nil
		default:
			c.Text = TextMissing
			return nil
		}
	}
	before, err := r.Store.VersionPages(ctx, c.Before.ID)
	if err != nil {
		return err
	}
	after, err := r.Store.VersionPages(ctx, c.After.ID)
	if err != nil {
		return err
	}
	var cut bool
	c.Pages, cut = difference.Pages(before, after)
	if cut || slices.ContainsFunc(c.Pages, func(p PageChange) bool { return p.Cut }) {
		c.Text = TextCut
	}
	return nil
}

// tagChanges lists the stages whose tags differ: those of today first, then those that are gone.
func tagChanges(before, after []collateral.StageTag) []TagChange {
	var changes []TagChange
	for i := range after {
		was := tagAt(before, after[i].Stage)
		if was == nil {
			changes = append(changes, TagChange{Stage: after[i].Stage, After: &after[i], Role: difference.Text("", after[i].Role)})
		} else if was.Role != after[i].Role || was.Primary != after[i].Primary {
			changes = append(changes, TagChange{Stage: was.Stage, Before: was, After: &after[i], Role: difference.Text(was.Role, after[i].Role)})
		}
	}
	for i := range before {
		if tagAt(after, before[i].Stage) == nil {
			changes = append(changes, TagChange{Stage: before[i].Stage, Before: &before[i], Role: difference.Text(before[i].Role, "")})
		}
	}
	return changes
}

func tagAt(tags []collateral.StageTag, stage string) *collateral.StageTag {
	at := slices.IndexFunc(tags, func(t collateral.StageTag) bool { return t.Stage == stage })
	if at < 0 {
		return nil
	}
	return &tags[at]
}
