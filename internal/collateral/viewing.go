package collateral

import (
	"time"

	"github.com/google/uuid"
)

// Viewing is how somebody with an account looked at a version of a piece on its page, without a pause of VisitPause.
type Viewing struct {
	ID        uuid.UUID
	UserID    uuid.UUID // Nil when the person was forgotten
	AssetID   uuid.UUID
	VersionID uuid.UUID
	StartedAt time.Time // when something was visible first
	LastAt    time.Time // of the last heartbeat
	Visible   time.Duration
	Of        int             // pages that the version had; 0 without a preview of pages
	Pages     []time.Duration // for how long each was in sight, from the first one on; shorter than Of when the last ones were not
	Qualifies bool            // a rep looked, who neither made nor signed the piece
}

// IsOver reports whether a heartbeat of now belongs to the next viewing.
func (v *Viewing) IsOver(now time.Time) bool { return v.LastAt.Before(now.Add(-VisitPause)) }

// Take counts beats that Check let through, of a page that was made at a time. Nothing from before the viewing counts: that was
// told to another one. A refusal is of one of the beats; the others count.
func (v *Viewing) Take(p *Pulse, told Beats, made time.Time, pages int, now time.Time) (refusal error) {
	look, refusal := p.Look(told.after(v.StartedAt.Sub(made)), pages, now.Sub(v.StartedAt))
	v.Visible += look.Visible
	v.Of = pages
	for page, seen := range look.Pages {
		for len(v.Pages) < page {
			v.Pages = append(v.Pages, 0)
		}
		v.Pages[page-1] += seen
	}
	if now.After(v.LastAt) {
		v.LastAt = now
	}
	return refusal
}

// Start is when the first of the beats began, of a page that was made at a time.
func (b Beats) Start(made time.Time) time.Time {
	first := b.Beats[0].From
	for _, beat := range b.Beats {
		first = min(first, beat.From)
	}
	return made.Add(first)
}

// after returns the beats with their times counted from a later moment, without what was before it.
func (b Beats) after(moment time.Duration) Beats {
	all := b.Beats
	b.Beats = nil
	for _, beat := range all {
		if beat.From, beat.Until = max(0, beat.From-moment), beat.Until-moment; beat.Until > beat.From {
			b.Beats = append(b.Beats, beat)
		}
	}
	return b
}

// ViewingFigures say how the field looked at a piece on its own page. They tell of nobody: MinPeople are behind all of them.
type ViewingFigures struct {
	Viewings int // in which the piece was visible at all
	People   int // behind them who are known; at least MinPeople
	Median   time.Duration
	Trimmed  *time.Duration // mean without the tenth at each end
	Of       int            // pages that the piece had the last time; 0 without a preview of pages
	Pages    []ViewedPage   // in order, those that at least MinPeople saw
}

// ViewedPage is how the field looked at a page of a preview.
type ViewedPage struct {
	N       int // from 1
	Visible time.Duration
	People  int // who saw it, and did not only pass it
}

// FiguresOf makes figures of the qualifying ones among the viewings of a piece, the oldest first; nil when fewer than MinPeople
// are behind them. Who was forgotten is not counted as one of those.
func FiguresOf(viewings []Viewing) *ViewingFigures {
	f := &ViewingFigures{}
	var times Times
	people := make(map[uuid.UUID]bool)
	var visible []time.Duration                // by page
	seenBy := make(map[int]map[uuid.UUID]bool) // by page
	for _, v := range viewings {
		if !v.Qualifies || v.Visible <= 0 {
			continue
		}
		times, f.Of = append(times, v.Visible), v.Of
		note(people, v.UserID)
		for i, seen := range v.Pages {
			if i == len(visible) {
				visible = append(visible, 0)
			}
			visible[i] += seen
			if seen < PageSeen {
				continue
			}
			if seenBy[i] == nil {
				seenBy[i] = make(map[uuid.UUID]bool)
			}
			note(seenBy[i], v.UserID)
		}
	}
	if f.People = PeopleTold(len(people)); f.People == 0 {
		return nil
	}
	f.Viewings, f.Median, f.Trimmed = len(times), times.Median(), times.TrimmedMean()
	for i, sum := range visible {
		if n := PeopleTold(len(seenBy[i])); n > 0 {
			f.Pages = append(f.Pages, ViewedPage{N: i + 1, Visible: sum, People: n})
		}
	}
	return f
}

func note(people map[uuid.UUID]bool, person uuid.UUID) {
	if person != uuid.Nil {
		people[person] = true
	}
}
