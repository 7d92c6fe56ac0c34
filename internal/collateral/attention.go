package collateral

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Bounds of what a page that is open may tell of itself.
const (
	MaxBeats     = 50 // in one report: what gathered while nothing could be sent
	MaxBeat      = 5 * time.Minute
	MaxBeatPages = 100
	BeatSlack    = 5 * time.Second // how far the clocks of a page and of the server may drift apart
	maxInputs    = 1000            // in one beat
	maxSpans     = 64              // remembered of one visit
)

// From when on somebody is engaged with a piece.
const (
	EngagedAfter = 10 * time.Second
	PageSeen     = time.Second // from when on a page was seen, and not only passed
)

// Beats is what a page that is open tells every few seconds.
type Beats struct {
	VisitID   uuid.UUID // as the page was told
	AssetID   uuid.UUID
	VersionID uuid.UUID
	Beats     []Beat // may hold some that were told before
}

// Beat is a time for which the page was visible without a pause. Times are since the visit began, by the server's clock as
// the page was told it: the same beat told twice, or by two tabs at once, is the same time, and counts once.
type Beat struct {
	From, Until time.Duration
	Pages       map[int]time.Duration // how long each page of the preview was in sight within that time, by number from 1
	Inputs      int                   // touches, clicks, keys and turns of the wheel
}

// Check returns one Invalid error that names every fault that is one whenever the beats are told.
func (b Beats) Check() error {
	var f Faults
	if len(b.Beats) == 0 || len(b.Beats) > MaxBeats {
		f.Add("/beats", "Tell 1 to %d beats at once.", MaxBeats)
	}
	for i, beat := range b.Beats[:min(len(b.Beats), MaxBeats)] {
		if at := "/beats/" + strconv.Itoa(i); !beat.isPossible() {
			f.Add(at, "A beat begins after the visit, lasts at most %d seconds and ends after it began.", int(MaxBeat.Seconds()))
		} else if !beat.pagesArePossible() {
			f.Add(at+"/pages", "Each of at most %d pages was in sight for some of the time, and no longer than the beat.", MaxBeatPages)
		}
	}
	return f.Err("The heartbeat cannot be counted.")
}

func (b Beat) isPossible() bool {
	return b.From >= 0 && b.Until > b.From && b.Until-b.From <= MaxBeat && b.Inputs >= 0 && b.Inputs <= maxInputs
}

func (b Beat) pagesArePossible() bool {
	for page, seen := range b.Pages {
		if page < 1 || seen <= 0 || seen > b.Until-b.From {
			return false
		}
	}
	return len(b.Pages) <= MaxBeatPages
}

// Pulse is what is remembered of the beats of a visit as long as it lasts, so that nothing counts twice. Its size has a
// bound, however many pages are open and however often they are shown and hidden.
type Pulse struct {
	Seen    []Span        `json:"seen,omitempty"` // when some page was visible: apart from each other, the oldest first
	Visible time.Duration `json:"visible,omitempty"`
	Beats   int           `json:"beats,omitempty"`  // that told of more than was known
	Inputs  int           `json:"inputs,omitempty"` // that those told of
	Claimed time.Duration `json:"claimed,omitempty"`
	Engaged []uuid.UUID   `json:"engaged,omitempty"` // the pieces
}

// Span is a time within a visit, since that began.
type Span struct {
	From  time.Duration `json:"f"`
	Until time.Duration `json:"u"`
}

// Take counts what a possible beat adds to a visit that has lasted for so long by the server's clock, and returns it: 0 for
// what was known. No visit gets more visible time than it lasted. A beat that ends in the future is refused as Invalid, and
// one that is longer than the visit is remembered as a claim.
func (p *Pulse) Take(b Beat, lasted time.Duration) (time.Duration, error) {
	if length := b.Until - b.From; length > lasted+BeatSlack {
		p.Claimed = max(p.Claimed, length)
	}
	if b.Until > lasted+BeatSlack {
		return 0, Errorf(Invalid, "The heartbeat tells of a time that has not come.")
	}
	added := p.see(Span{min(b.From, lasted), min(b.Until, lasted)})
	if added > 0 {
		p.Visible += added
		p.Beats++
		p.Inputs += b.Inputs
	}
	return added, nil
}

// Look counts beats that Check let through, of a visit that has lasted for so long by the server's clock, and returns what they
// add to how it looked at their version, which has so many pages. A refusal is of one of them; the others count.
func (p *Pulse) Look(told Beats, pages int, lasted time.Duration) (look Look, refusal error) {
	look = Look{AssetID: told.AssetID, VersionID: told.VersionID, Of: pages, Pages: make(map[int]time.Duration)}
	for _, b := range told.Beats {
		added, err := p.Take(b, lasted)
		if err != nil {
			refusal = err
		}
		for page, seen := range b.Pages {
			// A page was in sight no longer than something was: of what another tab told of already it gets nothing.
			if seen = min(seen, added); page <= pages && seen >= time.Millisecond {
				look.Pages[page] += seen
			}
		}
		look.Visible += added
	}
	return look, refusal
}

// see adds a span, and returns how much of it was not seen before.
func (p *Pulse) see(s Span) time.Duration {
	added, merged := s.Until-s.From, s
	apart := p.Seen[:0:0]
	for _, known := range p.Seen {
		added -= max(0, min(known.Until, s.Until)-max(known.From, s.From))
		if known.Until < s.From || known.From > s.Until {
			apart = append(apart, known)
			continue
		}
		merged = Span{min(merged.From, known.From), max(merged.Until, known.Until)}
	}
	if added <= 0 {
		return 0
	}
	apart = append(apart, merged)
	slices.SortFunc(apart, func(a, b Span) int { return int(a.From - b.From) })
	if len(apart) > maxSpans {
		// What is told late of the oldest pause does not count any more.
		apart = slices.Replace(apart, 0, 2, Span{apart[0].From, apart[1].Until})
	}
	p.Seen = apart
	return added
}

// Look is how long a visit looked at a version of a piece.
type Look struct {
	AssetID   uuid.UUID
	VersionID uuid.UUID
	Visible   time.Duration
	Of        int                   // pages that the version had; 0 without a preview of pages
	Pages     map[int]time.Duration // by number from 1
}

// Seen returns how many pages were seen, and not only passed.
func (l Look) Seen() int {
	seen := 0
	for _, visible := range l.Pages {
		if visible >= PageSeen {
			seen++
		}
	}
	return seen
}

// IsEngaged reports whether somebody who looked like this at the versions of one piece is engaged with it: for long enough
// in all, or at half of the pages of one that has several.
func IsEngaged(looks []Look) bool {
	var visible time.Duration
	for _, l := range looks {
		if visible += l.Visible; l.Of > 1 && 2*l.Seen() >= l.Of {
			return true
		}
	}
	return visible >= EngagedAfter
}

// Times are how long a number of visits looked, each more than nothing.
type Times []time.Duration

// leastTrimmed is the number of visits from which on a mean says something.
const leastTrimmed = 5

// Median is the middle one, or what is between the two in the middle; 0 without any.
func (t Times) Median() time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// TrimmedMean is the mean without the shortest and the longest tenth, so that one visit that lasted all night moves nothing;
// of fewer than 10 visits, the shortest and the longest are left out. It is nil for fewer than 5.
func (t Times) TrimmedMean() *time.Duration {
	if len(t) < leastTrimmed {
		return nil
	}
	sorted := slices.Sorted(slices.Values(t))
	off := max(1, len(sorted)/10)
	kept := sorted[off : len(sorted)-off]
	var sum time.Duration
	for _, d := range kept {
		sum += d
	}
	return new(sum / time.Duration(len(kept)))
}

// VisitNote says that visits of the past were judged again by other rules, and what that changed in figures.
type VisitNote struct {
	ID      uuid.UUID
	At      time.Time
	Rules   string // their version
	Visits  int    // that were judged again
	CameIn  int    // that count now, and did not
	FellOut int    // that counted, and do not now
}
