package demo

import (
	"context"
	"fmt"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

// given is a link that a rep gave to a buyer.
type given struct {
	by        string
	pieces    []string
	title     string // that of the piece when empty
	recipient string
	deal      string
	daysAgo   int
	came      []came
}

// came is somebody, or something, that came by a link.
type came struct {
	hoursLater int // after the link was made
	from       string
	agent      string
	looked     []time.Duration // at the pieces, in their order
}

// The programs of those who come.
const (
	laptop  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	phone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
	checker = "MailLinkChecker/2.1 (bot)"
)

var links = []given{
	{
		by: "rep", pieces: []string{"first-call-deck"}, recipient: "Halden Couriers, fleet manager", deal: "OPP-1107", daysAgo: 24,
		came: []came{
			{0, "192.0.2.10", checker, nil},
			{3, "192.0.2.10", laptop, []time.Duration{4*time.Minute + 12*time.Second}},
			{27, "192.0.2.14", phone, []time.Duration{48 * time.Second}},
		},
	},
	{
		by: "rep", pieces: []string{"kestermoor-case-study", "roi-calculator"}, title: "After our call", recipient: "Orrin Vale Transport", deal: "OPP-1131", daysAgo: 11,
		came: []came{
			{0, "198.51.100.7", checker, nil},
			{20, "198.51.100.7", laptop, []time.Duration{2*time.Minute + 35*time.Second, 7 * time.Second}},
			{21, "198.51.100.9", laptop, []time.Duration{96 * time.Second, 3*time.Minute + 20*time.Second}},
		},
	},
	{
		by: "rep", pieces: []string{"pricing-one-pager"}, recipient: "Tilbrook Municipal Works", deal: "OPP-1150", daysAgo: 4,
		came: []came{{0, "203.0.113.80", checker, nil}}, // nobody yet
	},
	{
		by: "milan", pieces: []string{"security-sheet"}, recipient: "Selwick Rail, IT security", deal: "OPP-1212", daysAgo: 33,
		came: []came{{6, "203.0.113.21", laptop, []time.Duration{6*time.Minute + 3*time.Second}}, {54, "203.0.113.22", laptop, []time.Duration{2*time.Minute + 10*time.Second}}},
	},
	{
		by: "gideon", pieces: []string{"first-call-deck"}, recipient: "Pendle Waste Services", deal: "OPP-1090", daysAgo: 47,
		came: []came{{2, "198.51.100.60", phone, []time.Duration{75 * time.Second}}, {4, "198.51.100.61", laptop, []time.Duration{2*time.Minute + 44*time.Second}}},
	},
}

// linksToBuyers plans what reps gave to buyers, and who came.
func (c *company) linksToBuyers() []moment {
	var all []moment
	for _, l := range links {
		made := c.workday(l.daysAgo).Add(14*time.Hour + 30*time.Minute)
		var link *sharing.Shared
		all = append(all, moment{made, func(ctx context.Context) (err error) {
			if link, err = c.give(ctx, l); err != nil {
				return fmt.Errorf("%s gives a link to %s: %w", l.by, l.recipient, err)
			}
			return nil
		}})
		for _, v := range l.came {
			// Not at once: what comes within a minute of the link being made looks like a machine.
			at := made.Add(time.Duration(v.hoursLater)*time.Hour + 5*time.Minute)
			all = append(all, moment{at, func(ctx context.Context) error {
				if err := c.come(ctx, link, v, at); err != nil {
					return fmt.Errorf("somebody comes by the link for %s: %w", l.recipient, err)
				}
				return nil
			}})
		}
	}
	return all
}

// give makes a link, and counts at once that its pieces were shared, as the server's jobs would.
func (c *company) give(ctx context.Context, l given) (*sharing.Shared, error) {
	wanted := collateral.NewLink{
		Title: l.title, Recipient: l.recipient, Opportunity: l.deal,
		LinkTerms: collateral.LinkTerms{Downloads: true, ExpiresAt: new(c.clock.now().AddDate(0, 2, 0))},
	}
	for _, name := range l.pieces {
		wanted.Assets = append(wanted.Assets, c.pieceID(name))
	}
	link, err := c.links.Make(ctx, c.staff[l.by], wanted)
	if err != nil {
		return nil, err
	}
	return link, c.links.RecordShared(ctx, link.ID)
}

// beatEvery is how often the page of a piece tells that it is visible.
const beatEvery = 20 * time.Second

// come is a visit: a request for the page, and what the page tells while somebody looks at one piece after the other.
func (c *company) come(ctx context.Context, link *sharing.Shared, v came, at time.Time) error {
	r := sharing.Request{Token: link.Token, Address: v.from, Method: "GET", UserAgent: v.agent, Header: headersOf(v.agent)}
	door, err := c.links.Open(ctx, r)
	if err != nil {
		return err
	}
	r.Key = door.Key
	var lasted time.Duration
	for i, looked := range v.looked {
		piece := door.Pieces[i]
		for until := lasted + looked; lasted < until; {
			beat := collateral.Beat{From: lasted, Until: min(lasted+beatEvery, until), Inputs: 2}
			lasted = beat.Until
			c.clock.set(at.Add(lasted))
			err := c.links.Attend(ctx, r, collateral.Beats{VisitID: door.Visit.ID, AssetID: piece.AssetID, VersionID: piece.Version.ID, Beats: []collateral.Beat{beat}})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// headersOf is what a browser sends with a request that somebody makes by clicking, and a program does not.
func headersOf(agent string) func(string) string {
	sent := make(map[string]string)
	if agent != checker {
		sent = map[string]string{
			"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "en-GB,en;q=0.9", "Accept-Encoding": "gzip, deflate, br",
			"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1", "Upgrade-Insecure-Requests": "1",
		}
	}
	return func(name string) string { return sent[name] }
}
