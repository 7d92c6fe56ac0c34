package collateral

import (
	"cmp"
	"slices"
)

// MinPeople is how many people must be behind a figure about people, so that it tells of none of them. Figures about pieces, such
// as how often one was used, name nobody and are not bound by it.
const MinPeople = 5

// FewPeople explains to a reader why a figure is missing.
const FewPeople = "Nothing is told about fewer than five people: smaller groups are told as one, with the next smallest where what is left out could be reckoned from the whole."

// PeopleTold is n as it may be told: 0 for fewer than MinPeople.
func PeopleTold(n int) int {
	if n < MinPeople {
		return 0
	}
	return n
}

// Withheld says which of the groups that make up a whole must not be told apart, by how many people are behind each: those of
// fewer than MinPeople, and as long as these together have fewer, the next smallest as well, since the whole less what is told
// would tell of them. Of groups of one size the earlier one is taken. What is withheld may be told as one figure when
// MinPeople are behind all of it together, else not at all.
//
// A group of nobody is one whose people are not known any more; its figure counts, so it hides among others like a small one.
// What has neither people nor figures is no group.
func Withheld(people []int) []bool {
	bySize := make([]int, len(people))
	for i := range bySize {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return cmp.Compare(people[a], people[b]) })
	withheld := make([]bool, len(people))
	together := 0
	for n, i := range bySize {
		if people[i] >= MinPeople && (n == 0 || together >= MinPeople) {
			break
		}
		withheld[i] = true
		together += people[i]
	}
	return withheld
}
