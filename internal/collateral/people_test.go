package collateral

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithheld(t *testing.T) {
	t.Parallel()
	const no, yes = false, true
	for _, test := range []struct {
		name   string
		people []int
		want   []bool
	}{
		{"no group", nil, []bool{}},
		{"one that is large enough", []int{5}, []bool{no}},
		{"one that is too small", []int{4}, []bool{yes}},
		{"all are large enough", []int{5, 7, 6}, []bool{no, no, no}},
		{"small ones that are enough together", []int{2, 6, 3}, []bool{yes, no, yes}},
		{"a single small one takes the next smallest along", []int{9, 1, 6}, []bool{no, yes, yes}},
		{"two that are still too few take another", []int{1, 8, 2, 7}, []bool{yes, no, yes, yes}},
		{"of one size the earlier one is taken", []int{6, 6, 4}, []bool{yes, no, yes}},
		{"people who are not known any more hide, too", []int{5, 0, 6}, []bool{yes, yes, no}},
		{"too few to hide among", []int{1, 3}, []bool{yes, yes}},
	} {
		if diff := cmp.Diff(test.want, Withheld(test.people)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestWithheldCannotBeReckoned looks at what a reader knows who has the whole: each told group, and the rest as one.
func TestWithheldCannotBeReckoned(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		people := make([]int, random.IntN(8))
		all := 0
		for i := range people {
			people[i] = random.IntN(12)
			all += people[i]
		}
		rest, some := 0, false
		for i, withheld := range Withheld(people) {
			if withheld {
				rest, some = rest+people[i], true
			} else if people[i] < MinPeople {
				t.Fatalf("%v: a group of %d is told", people, people[i])
			}
		}
		if some && rest < MinPeople && rest != all {
			t.Fatalf("%v: what is left out of the whole is about %d people", people, rest)
		}
	}
}

func TestPeopleTold(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 4: 0, 5: 5, 40: 40} {
		if got := PeopleTold(n); got != want {
			t.Errorf("%d people: got %d, want %d", n, got, want)
		}
	}
}
