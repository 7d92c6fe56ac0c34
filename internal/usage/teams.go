package usage

import (
	"collateral/internal/collateral"
	"collateral/internal/store"
)

// told keeps the figures of teams that may be told apart, and tells the others as one where that is enough people.
func told(teams []store.TeamUses) []Team {
	people := make([]int, len(teams))
	for i, t := range teams {
		people[i] = t.People
	}
	var told []Team
	var others store.TeamUses
	for i, withheld := range collateral.Withheld(people) {
		t := teams[i]
		if withheld {
			others.People, others.Opened, others.Taken, others.Used = others.People+t.People, others.Opened+t.Opened, others.Taken+t.Taken, others.Used+t.Used
		} else {
			told = append(told, Team{Name: t.Team, Counts: Counts{Opened: t.Opened, Taken: t.Taken, Used: t.Used}})
		}
	}
	if others.People >= collateral.MinPeople {
		told = append(told, Team{Others: true, Counts: Counts{Opened: others.Opened, Taken: others.Taken, Used: others.Used}})
	}
	return told
}
