package usage

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/store"
)

func TestNoFigureAboutFewPeople(t *testing.T) {
	t.Parallel()
	team := func(name string, people int) store.TeamUses {
		return store.TeamUses{Team: name, People: people, Used: int64(people)}
	}
	for _, test := range []struct {
		name  string
		teams []store.TeamUses
		want  []Team
	}{
		{"nobody", nil, nil},
		{"too few", []store.TeamUses{team("north", 4)}, nil},
		{"enough", []store.TeamUses{team("north", 5), team("south", 7)}, []Team{{Name: "north", Counts: Counts{Used: 5}}, {Name: "south", Counts: Counts{Used: 7}}}},
		{"small ones together", []store.TeamUses{team("east", 2), team("north", 6), team("south", 3)}, []Team{{Name: "north", Counts: Counts{Used: 6}}, {Others: true, Counts: Counts{Used: 5}}}},
		{"one small one hides another", []store.TeamUses{team("east", 1), team("north", 6), team("south", 9)}, []Team{{Name: "south", Counts: Counts{Used: 9}}, {Others: true, Counts: Counts{Used: 7}}}},
		{"who is forgotten hides a team", []store.TeamUses{team("north", 6), team("south", 9), {Used: 4}}, []Team{{Name: "south", Counts: Counts{Used: 9}}, {Others: true, Counts: Counts{Used: 10}}}},
		{"too few to hide among", []store.TeamUses{team("east", 1), team("north", 3)}, nil},
	} {
		if diff := cmp.Diff(test.want, told(test.teams)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
