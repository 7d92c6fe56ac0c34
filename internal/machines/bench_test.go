package machines_test

import (
	"testing"

	"collateral/internal/machines"
)

// BenchmarkJudge is what a request costs, over the visits of the data file and over the two kinds of which most consist.
func BenchmarkJudge(b *testing.B) {
	rules := standard(b)
	all := readVisits(b)
	var people, programs []visit
	for _, v := range all {
		if v.person {
			people = append(people, v)
		} else {
			programs = append(programs, v)
		}
	}
	for _, bench := range []struct {
		name   string
		visits []visit
	}{{"people", people}, {"machines", programs}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			var last machines.Verdict
			for i := 0; b.Loop(); i++ {
				v := bench.visits[i%len(bench.visits)]
				last = rules.Judge(v.request, v.conduct)
			}
			_ = last
		})
	}
}
