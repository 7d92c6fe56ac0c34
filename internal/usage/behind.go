package usage

import (
	"cmp"
	"slices"

	"collateral/internal/store"
)

// MinBehind is how many people must be behind a figure about a group: with fewer, it tells of persons.
const MinBehind = 5

// behind keeps figures of teams that MinBehind people are behind. The other teams are told as one; when they are too few
// even together, the smallest of the larger ones is told with them, since what is left out could be reckoned from the whole.
func behind(teams []store.TeamUses) []Team {
	bySize := slices.SortedStableFunc(slices.Values(teams), func(a, b store.TeamUses) int { return cmp.Compare(a.People, b.People) })
	var others store.TeamUses
	small := 0
	for small < len(bySize) && (bySize[small].People < MinBehind || others.People > 0 && others.People < MinBehind) {
		t := bySize[small]
		others.People, others.Opened, others.Taken, others.Used = others.People+t.People, others.Opened+t.Opened, others.Taken+t.Taken, others.Used+t.Used
		small++
	}
	var told []Team
	for _, t := range teams {
		if slices.Contains(bySize[small:], t) {
			told = append(told, Team{Name: t.Team, Counts: Counts{Opened: t.Opened, Taken: t.Taken, Used: t.Used}})
		}
	}
	if others.People >= MinBehind {
		told = append(told, Team{Others: true, Counts: Counts{Opened: others.Opened, Taken: others.Taken, Used: others.Used}})
	}
	return told
}
