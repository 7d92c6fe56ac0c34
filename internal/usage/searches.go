package usage

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// SearchesQuery asks for the report on searches.
type SearchesQuery struct {
	Window int       // as in UnusedQuery
	AsOf   time.Time // as in UnusedQuery
	Limit  int       // queries in each list; 0 is all of them
}

// SearchesReport says what the field looked for and did not find, or found and did not open.
type SearchesReport struct {
	AsOf        time.Time
	Window      Window
	Searches    int // in the window, by reps, with words
	Nothing     SearchList
	Unopened    SearchList
	Definitions []Definition
}

// SearchList is queries that ended the same way.
type SearchList struct {
	Times   int             // searches
	Queries int             // of different meaning, before the query's limit
	Items   []SearchedQuery // those asked most often first
}

// SearchedQuery is what people asked, in all the spellings that search takes for the same. It names nobody.
type SearchedQuery struct {
	Query   string   // in the spelling used most; of few people without what looks like an address or a number
	Times   int      // searches that ended this way
	People  int      // who asked; 0 when they are fewer than collateral.MinPeople
	LastOn  string   // YYYY-MM-DD, in UTC
	Filters []string // "stage=validation", those used in any of the searches, in alphabetical order
}

// Searches makes the report. It is for admins and leaders; others are Forbidden.
func (u *Usage) Searches(ctx context.Context, actor collateral.Actor, q SearchesQuery) (SearchesReport, error) {
	if !actor.Is(collateral.Admin, collateral.Leader) {
		return SearchesReport{}, collateral.Errorf(collateral.Forbidden, "This report is for leaders and admins.")
	}
	asked := UnusedQuery{Window: q.Window, AsOf: q.AsOf}
	b, err := u.begin(ctx, actor, &asked)
	if err != nil {
		return SearchesReport{}, err
	}
	from, err := time.Parse(time.DateOnly, b.window.From)
	if err != nil {
		return SearchesReport{}, err
	}
	tallies, err := u.store.SearchTallies(ctx, from, asked.AsOf.Add(time.Microsecond)) // as_of counts
	if err != nil {
		return SearchesReport{}, err
	}
	report := SearchesReport{AsOf: asked.AsOf, Window: b.window, Definitions: searchesDefinitions(b.window.Days)}
	nothing, unopened := make(meanings), make(meanings)
	for _, t := range tallies {
		report.Searches += t.Times
		switch t.Ended {
		case store.EndedNothing:
			nothing.add(t)
		case store.EndedUnopened:
			unopened.add(t)
		}
	}
	report.Nothing, report.Unopened = nothing.list(q.Limit), unopened.list(q.Limit)
	return report, nil
}

// meanings gathers queries by their normal form.
type meanings map[string]*meaning

type meaning struct {
	times     int
	spellings map[string]int
	people    map[uuid.UUID]bool
	filters   map[string]bool
	lastOn    string
}

func (m meanings) add(t store.SearchTally) {
	key := normalForm(t.Query)
	of := m[key]
	if of == nil {
		of = &meaning{spellings: make(map[string]int), people: make(map[uuid.UUID]bool), filters: make(map[string]bool)}
		m[key] = of
	}
	of.times += t.Times
	of.spellings[typed(t.Query)] += t.Times
	if t.UserID != uuid.Nil { // who is forgotten may be among the others
		of.people[t.UserID] = true
	}
	of.lastOn = max(of.lastOn, t.LastOn)
	chosen, err := url.ParseQuery(t.Filters)
	if err != nil {
		return // what was logged once is only shown
	}
	for facet, values := range chosen {
		for _, v := range values {
			of.filters[facet+"="+v] = true
		}
	}
}

// joints are what people write between the parts of a word, or leave out.
var joints = strings.NewReplacer("-", " ", "_", " ", "/", " ")

// normalForm is the same for queries that mean the same to search. One of signs alone has no words, and stays itself.
func normalForm(query string) string {
	return cmp.Or(search.TermKey(joints.Replace(query)), typed(query))
}

func (m meanings) list(limit int) SearchList {
	list := SearchList{Queries: len(m)}
	for _, of := range m {
		list.Times += of.times
		list.Items = append(list.Items, of.query())
	}
	slices.SortFunc(list.Items, func(a, b SearchedQuery) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(b.LastOn, a.LastOn), strings.Compare(a.Query, b.Query))
	})
	if limit > 0 && len(list.Items) > limit {
		list.Items = list.Items[:limit]
	}
	return list
}
