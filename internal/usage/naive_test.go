package usage

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// The figures once more, the slow and plain way: everything is read, and every question is answered by looking through
// all of it.

// happening is a qualifying use or showing of a piece, or a buyer that it engaged.
type happening struct {
	asset uuid.UUID
	step  collateral.Step
	day   string
}

// happenings reads the events and the search log, and judges anew who qualifies.
func (c *crowd) happenings() []happening {
	c.t.Helper()
	var all []happening
	c.read("SELECT asset_id, user_id, kind, occurred_at, qualifies FROM usage_events", func(scan func(...any)) {
		var asset, user uuid.UUID
		var kind collateral.UseKind
		var at time.Time
		var qualifies bool
		scan(&asset, &user, &kind, &at, &qualifies)
		if qualifies != c.qualifies(asset, user) {
			c.t.Errorf("event of %s on %s: got qualifies %t", user, asset, qualifies)
		}
		if qualifies {
			all = append(all, happening{asset, kind.Step(), dayOf(at)})
		}
	})
	shown := "SELECT w.value, s.user_id, s.at FROM searches s, json_each(s.shown) w"
	if c.store.Dialect() == store.Postgres {
		shown = "SELECT unnest(shown), user_id, at FROM searches"
	}
	c.read(shown, func(scan func(...any)) {
		var asset, user uuid.UUID
		var at time.Time
		scan(&asset, &user, &at)
		if c.qualifies(asset, user) {
			all = append(all, happening{asset, collateral.Found, dayOf(at)})
		}
	})
	return append(all, c.engaged...)
}

func (c *crowd) qualifies(asset, user uuid.UUID) bool {
	rep := slices.ContainsFunc(c.people, func(p collateral.Actor) bool { return p.UserID == user && p.Is(collateral.Rep) })
	return rep && !slices.ContainsFunc(c.pieces, func(a *collateral.Asset) bool { return a.ID == asset && a.IsContributor(user) })
}

// read calls f for each row.
func (w *world) read(query string, f func(scan func(...any))) {
	w.t.Helper()
	rows, err := w.sql().QueryContext(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		f(func(into ...any) {
			if err := rows.Scan(into...); err != nil {
				w.t.Fatal(err)
			}
		})
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
}

// logged is an entry of the publication log.
type logged struct {
	asset, version uuid.UUID
	event          string
	at             time.Time
}

func (c *crowd) publicationLog() []logged {
	c.t.Helper()
	var all []logged
	c.read("SELECT asset_id, version_id, event, at FROM publication_log ORDER BY seq", func(scan func(...any)) {
		var l logged
		scan(&l.asset, &l.version, &l.event, &l.at)
		all = append(all, l)
	})
	return all
}

// naive is the report's figures for an actor, by going through everything.
func (c *crowd) naive(actor collateral.Actor, q UnusedQuery, log []logged, all []happening) (r UnusedReport) {
	c.t.Helper()
	to := dayOf(q.AsOf)
	from := dayOf(q.AsOf.AddDate(0, 0, -q.Window))
	counts := map[string]map[string]*[6]int{"all": {}, "stage": {}, "type": {}, "owner": {}}
	for _, a := range c.pieces {
		var last logged
		for _, l := range log {
			if l.asset == a.ID && !l.at.After(q.AsOf) {
				last = l
			}
		}
		stages := c.stagesOf(a)
		switch {
		case last.event == "" || last.event == "ended",
			!actor.Is(collateral.Leader) && !a.IsContributor(actor.UserID),
			len(q.Types) > 0 && !slices.Contains(q.Types, string(a.Type)),
			len(q.Stages) > 0 && !slices.ContainsFunc(q.Stages, func(s string) bool { return slices.Contains(stages, s) }),
			len(q.Owners) > 0 && !slices.Contains(q.Owners, a.OwnerID):
			continue
		}
		p := Piece{AssetID: a.ID, Title: a.Title, Type: a.Type, Stage: stages[0], OwnerID: a.OwnerID, FirstPublishedOn: a.FirstPublishedOn}
		for _, h := range all {
			if h.asset != a.ID || h.day > to {
				continue
			}
			if h.step == collateral.FieldUsed && h.day > p.LastUseOn {
				p.LastUseOn = h.day
			}
			if h.day < from {
				continue
			}
			if h.step > p.Step {
				p.Step = h.step
			}
			if h.step == collateral.FieldUsed {
				p.Uses++
			}
		}
		first, err := time.Parse(time.DateOnly, a.FirstPublishedOn)
		if err != nil {
			c.t.Fatal(err)
		}
		if first.AddDate(0, 0, 30).After(q.AsOf) {
			r.TooNew = append(r.TooNew, p)
			continue
		}
		r.Items = append(r.Items, p)
		for _, key := range [][2]string{{"all", ""}, {"type", string(a.Type)}, {"owner", a.OwnerID.String()}} {
			tally(counts[key[0]], key[1])[p.Step]++
		}
		for _, s := range stages {
			if len(q.Stages) == 0 || slices.Contains(q.Stages, s) {
				tally(counts["stage"], s)[p.Step]++
			}
		}
	}
	total := naiveGroups(counts["all"])
	if len(total) == 1 {
		r.Eligible, r.Strict, r.Lenient = total[0].Eligible, total[0].Strict, total[0].Lenient
	}
	r.ByStage, r.ByType, r.ByOwner = naiveGroups(counts["stage"]), naiveGroups(counts["type"]), naiveGroups(counts["owner"])
	return r
}

func (c *crowd) stagesOf(a *collateral.Asset) (keys []string) {
	names := []string{"", "problem-identification", "solution-exploration", "requirements-building", "supplier-selection", "validation", "consensus-creation"}
	for _, tag := range a.Stages {
		keys = append(keys, names[tag.StageID[15]])
	}
	return keys
}

func tally(m map[string]*[6]int, key string) *[6]int {
	if m[key] == nil {
		m[key] = new([6]int)
	}
	return m[key]
}

func naiveGroups(m map[string]*[6]int) (groups []Group) {
	for key, n := range m {
		eligible := n[0] + n[1] + n[2] + n[3] + n[4] + n[5]
		groups = append(groups, Group{Key: key, Eligible: eligible,
			Strict: shareOf(n[0]+n[1]+n[2]+n[3], eligible), Lenient: shareOf(n[0]+n[1], eligible)})
	}
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Compare(a.Key, b.Key) })
	return groups
}
