package usage

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// HistoryWeeks is how far a piece's history goes back, in weeks.
const HistoryWeeks = 26

// History is what became of one piece in the field, week by week.
type History struct {
	From      string   // the first day of the first week, YYYY-MM-DD
	To        string   // today
	Weeks     []Week   // each of them, the oldest first; the last one is under way
	Total     Counts   // of the weeks
	LastUseOn string   // YYYY-MM-DD, also before the weeks; empty when it never was shared or presented
	Teams     []Team   // in the weeks, where enough people are behind the figure
	Reactions Reaction // in the weeks
}

// Counts is how often qualifying people met a piece, by the steps of the ladder.
type Counts struct {
	Found  int64
	Opened int64
	Taken  int64
	Used   int64
	// Engaged is how many visits of buyers became engaged. By team it is not told: a link belongs to a person, not to a team.
	Engaged int64
}

// Week is what happened in the week that begins on a Monday.
type Week struct {
	From string // YYYY-MM-DD
	Counts
}

// Team is what the people of one team did with a piece. No figure about fewer than collateral.MinPeople is told.
type Team struct {
	Name   string // empty for people without a team
	Others bool   // several teams, which are too small to be told apart
	Counts        // Found and Engaged are not told by team
}

// Reaction is how often buyers took a piece in which way, as reps saw it.
type Reaction struct {
	Positive, Neutral, Negative int64
}

// History tells those who make a piece, leaders and admins what became of it. Others are Forbidden. Its cost grows with the
// weeks, and with the uses of this one piece.
func (u *Usage) History(ctx context.Context, actor collateral.Actor, asset uuid.UUID) (History, error) {
	a, err := u.store.Asset(ctx, collateral.ScopeOf(actor), asset)
	if err != nil {
		return History{}, err
	}
	if !a.IsContributor(actor.UserID) && !actor.Is(collateral.Leader, collateral.Admin) {
		return History{}, collateral.Errorf(collateral.Forbidden, "What became of a piece is for those who make it, leaders and admins.")
	}
	// What happened before the question belongs into the answer.
	if err := u.Flush(ctx); err != nil {
		return History{}, err
	}
	now := u.store.Now()
	first := monday(now).AddDate(0, 0, -7*(HistoryWeeks-1))
	h := History{From: dayOf(first), To: dayOf(now)}
	totals, err := u.store.Totals(ctx, asset, h.From, h.To)
	if err != nil {
		return History{}, err
	}
	h.fill(first, totals)
	teams, err := u.store.UsesByTeam(ctx, asset, first, now)
	if err != nil {
		return History{}, err
	}
	h.Teams = told(teams)
	reactions, err := u.store.Reactions(ctx, asset, first, now)
	if err != nil {
		return History{}, err
	}
	h.Reactions = Reaction{reactions[collateral.Positive], reactions[collateral.Neutral], reactions[collateral.Negative]}
	return h, nil
}

// monday is the beginning of a moment's week, in UTC.
func monday(at time.Time) time.Time {
	day := at.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// fill reads the weeks from totals that only grow: each week has what was added since the end of the one before.
func (h *History) fill(first time.Time, totals []store.Total) {
	var before store.Total
	for len(totals) > 0 && totals[0].Day < h.From {
		before, totals = totals[0], totals[1:]
	}
	start := before
	for week := range HistoryWeeks {
		from, end := first.AddDate(0, 0, 7*week), before
		next := dayOf(from.AddDate(0, 0, 7))
		for len(totals) > 0 && totals[0].Day < next {
			end, totals = totals[0], totals[1:]
		}
		h.Weeks = append(h.Weeks, Week{From: dayOf(from), Counts: added(before, end)})
		before = end
	}
	h.Total, h.LastUseOn = added(start, before), before.LastUsedOn
}

func added(from, to store.Total) Counts {
	return Counts{Found: to.Found - from.Found, Opened: to.Opened - from.Opened, Taken: to.Taken - from.Taken, Used: to.Used - from.Used, Engaged: to.Engaged - from.Engaged}
}
