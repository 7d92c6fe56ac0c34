package usage

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"collateral/internal/collateral"
)

// query tells of a meaning what may be told. What many people ask is nobody's own words. What few ask is shown too,
// since a gap is often named by one person first, but without what points at somebody.
func (m *meaning) query() SearchedQuery {
	spellings := slices.SortedFunc(maps.Keys(m.spellings), func(a, b string) int {
		return cmp.Or(cmp.Compare(m.spellings[b], m.spellings[a]), cmp.Compare(a, b))
	})
	q := SearchedQuery{Query: spellings[0], Times: m.times, People: collateral.PeopleTold(len(m.people)), LastOn: m.lastOn, Filters: slices.Sorted(maps.Keys(m.filters))}
	if q.People == 0 {
		q.Query = withoutPersonal(q.Query)
	}
	return q
}

var (
	addressPattern = regexp.MustCompile(`\S+@\S+`)
	numberPattern  = regexp.MustCompile(`\+?\d[\d ()./-]{4,}\d`) // of six digits or more: telephones, accounts, birthdays
)

// withoutPersonal takes e-mail addresses and long numbers out of a query.
func withoutPersonal(query string) string {
	return numberPattern.ReplaceAllString(addressPattern.ReplaceAllString(query, "[address]"), "[number]")
}
