package usage

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Share is how many of some pieces are unused.
type Share struct {
	Unused int
	Share  *float64 // 0 to 1; nil when there is nothing to have a share of
	Note   string   // says why Share is nil; else empty
}

// Rung is how many pieces reached a step and none above it.
type Rung struct {
	Step  collateral.Step
	Name  string
	Count int
}

// Group is the figures of the pieces of one stage, type or owner.
type Group struct {
	Key      string // of the stage; the type; the owner's id
	Name     string
	Eligible int
	Strict   Share
	Lenient  Share
}

// StepName returns the word for a step of the ladder.
func StepName(s collateral.Step) string {
	switch s {
	case collateral.Unseen:
		return "unseen"
	case collateral.Found:
		return "found"
	case collateral.Opened:
		return "opened"
	case collateral.Taken:
		return "taken"
	case collateral.FieldUsed:
		return "field-used"
	case collateral.Engaged:
		return "engaged"
	}
	return ""
}

// noShare is what stands for a share of nothing.
const noShare = "No piece was published long enough to be judged, so there is no share."

func shareOf(unused, eligible int) Share {
	if eligible == 0 {
		return Share{Note: noShare}
	}
	share := float64(unused) / float64(eligible)
	return Share{Unused: unused, Share: &share}
}

// ladder counts pieces by the step they reached.
type ladder [collateral.Engaged + 1]int

func (l *ladder) below(step collateral.Step) (n int) {
	for s := range step {
		n += l[s]
	}
	return n
}

func (l *ladder) eligible() int { return l.below(collateral.Engaged + 1) }

func (l *ladder) group(key, name string) Group {
	n := l.eligible()
	return Group{Key: key, Name: name, Eligible: n,
		Strict: shareOf(l.below(collateral.StrictStep), n), Lenient: shareOf(l.below(collateral.LenientStep), n)}
}

// figures gathers the counts of a report.
type figures struct {
	stages  stageMap
	wanted  map[uuid.UUID]bool // stages that get a row
	all     ladder
	byStage map[uuid.UUID]*ladder
	byType  map[collateral.Type]*ladder
	byOwner map[uuid.UUID]*ladder
	owners  map[uuid.UUID]string
}

func newFigures(stages stageMap, wanted map[uuid.UUID]bool) *figures {
	return &figures{
		stages: stages, wanted: wanted,
		byStage: make(map[uuid.UUID]*ladder), byType: make(map[collateral.Type]*ladder),
		byOwner: make(map[uuid.UUID]*ladder), owners: make(map[uuid.UUID]string),
	}
}

func (f *figures) count(p store.UsedPiece, step collateral.Step) {
	f.all[step]++
	ladderOf(f.byType, p.Type)[step]++
	ladderOf(f.byOwner, p.OwnerID)[step]++
	f.owners[p.OwnerID] = p.OwnerName
	for _, id := range f.stages.of(p.StageID, p.OtherStages) {
		ladderOf(f.byStage, id)[step]++
	}
}

func ladderOf[K comparable](m map[K]*ladder, key K) *ladder {
	if m[key] == nil {
		m[key] = new(ladder)
	}
	return m[key]
}

// fill writes the figures into the report. A stage without a piece gets its row too: it is a gap to see.
func (f *figures) fill(r *UnusedReport) {
	total := f.all.group("", "")
	r.Eligible, r.Strict, r.Lenient = total.Eligible, total.Strict, total.Lenient
	for _, step := range collateral.Steps() {
		r.Ladder = append(r.Ladder, Rung{Step: step, Name: StepName(step), Count: f.all[step]})
	}
	for _, s := range f.stages.ordered {
		if f.wanted[s.ID] {
			r.ByStage = append(r.ByStage, ladderOf(f.byStage, s.ID).group(s.Key, s.Name))
		}
	}
	for _, t := range collateral.Types() {
		if l := f.byType[t]; l != nil {
			r.ByType = append(r.ByType, l.group(string(t), string(t)))
		}
	}
	for owner, l := range f.byOwner {
		r.ByOwner = append(r.ByOwner, l.group(owner.String(), f.owners[owner]))
	}
	slices.SortFunc(r.ByOwner, func(a, b Group) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
}
