package collateral_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func spanning(from, until float64) collateral.Beat {
	return collateral.Beat{From: seconds(from), Until: seconds(until), Inputs: 1}
}

func TestPulseTakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lasted float64
		beats  []collateral.Beat
		want   float64
		counts int // beats that told of more
		fault  bool
	}{
		"one after the other":       {20, []collateral.Beat{spanning(0, 5), spanning(5, 10)}, 10, 2, false},
		"the same twice":            {20, []collateral.Beat{spanning(0, 5), spanning(0, 5)}, 5, 1, false},
		"in the other order":        {20, []collateral.Beat{spanning(5, 10), spanning(0, 5)}, 10, 2, false},
		"with a pause":              {20, []collateral.Beat{spanning(0, 5), spanning(10, 15)}, 10, 2, false},
		"over the pause":            {20, []collateral.Beat{spanning(0, 5), spanning(10, 15), spanning(3, 12)}, 15, 3, false},
		"two tabs at once":          {20, []collateral.Beat{spanning(0, 5), spanning(2, 7), spanning(5, 10), spanning(7, 12)}, 12, 4, false},
		"inside of what is known":   {20, []collateral.Beat{spanning(0, 10), spanning(2, 7)}, 10, 1, false},
		"a clock that is ahead":     {8, []collateral.Beat{spanning(0, 5), spanning(5, 10)}, 8, 2, false},
		"all of it ahead":           {8, []collateral.Beat{spanning(9, 12)}, 0, 0, false},
		"a time that has not come":  {8, []collateral.Beat{spanning(10, 15)}, 0, 0, true},
		"longer than the visit":     {8, []collateral.Beat{spanning(0, 60)}, 0, 0, true},
		"right after one refused":   {8, []collateral.Beat{spanning(0, 60), spanning(0, 5)}, 5, 1, true},
		"a visit that just started": {0, []collateral.Beat{spanning(0, 1)}, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p collateral.Pulse
			var sum time.Duration
			var fault bool
			for _, b := range tt.beats {
				added, err := p.Take(b, seconds(tt.lasted))
				sum += added
				fault = fault || err != nil
			}
			if sum != seconds(tt.want) || p.Visible != sum || p.Beats != tt.counts || p.Inputs != tt.counts || fault != tt.fault {
				t.Errorf("got %v by %d beats and a refusal %v, want %v, %d and %v", sum, p.Beats, fault, seconds(tt.want), tt.counts, tt.fault)
			}
		})
	}
}

// However beats come, what counts is what a recount of the milliseconds gives, it never outgrows the visit, and what is
// remembered stays small.
func TestPulseIsAUnion(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		const lasted = 600_000
		var beats []collateral.Beat
		covered := make([]bool, lasted)
		for range 1 + random.IntN(40) {
			from := random.IntN(lasted - 20_000)
			until := from + 1 + random.IntN(20_000)
			beats = append(beats, collateral.Beat{From: time.Duration(from) * time.Millisecond, Until: time.Duration(until) * time.Millisecond})
			for ms := from; ms < until; ms++ {
				covered[ms] = true
			}
		}
		beats = append(beats, beats...)
		random.Shuffle(len(beats), func(i, j int) { beats[i], beats[j] = beats[j], beats[i] })
		var want time.Duration
		for _, is := range covered {
			if is {
				want += time.Millisecond
			}
		}
		var p collateral.Pulse
		for _, b := range beats {
			if _, err := p.Take(b, lasted*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if p.Visible != want {
			t.Fatalf("got %v, want %v of %v", p.Visible, want, beats)
		}
	}
	var p collateral.Pulse
	for i := range 10_000 {
		if _, err := p.Take(spanning(float64(2*i), float64(2*i+1)), seconds(20_000)); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.Seen) > 64 || p.Visible != seconds(10_000) {
		t.Errorf("got %d spans and %v, want 64 at most and 10,000 s", len(p.Seen), p.Visible)
	}
}

func TestEngaged(t *testing.T) {
	t.Parallel()
	look := func(visible float64, of int, pages ...float64) collateral.Look {
		l := collateral.Look{Visible: seconds(visible), Of: of, Pages: map[int]time.Duration{}}
		for i, p := range pages {
			l.Pages[i+1] = seconds(p)
		}
		return l
	}
	for name, tt := range map[string]struct {
		looks []collateral.Look
		want  bool
	}{
		"nothing":                             {nil, false},
		"long enough":                         {[]collateral.Look{look(10, 0)}, true},
		"not long enough":                     {[]collateral.Look{look(9.9, 0)}, false},
		"two versions":                        {[]collateral.Look{look(6, 0), look(4, 0)}, true},
		"half of the pages":                   {[]collateral.Look{look(4, 8, 1, 1, 1, 1)}, true},
		"less than half":                      {[]collateral.Look{look(5, 7, 1, 1, 1)}, false},
		"half of them, one only passed":       {[]collateral.Look{look(4, 8, 1, 1, 1, 0.9)}, false},
		"half of the pages over two versions": {[]collateral.Look{look(2, 8, 1, 1), look(2, 8, 1, 1)}, false},
		"its only page, for a second":         {[]collateral.Look{look(1, 1, 1)}, false},
	} {
		if got := collateral.IsEngaged(tt.looks); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	times := func(all ...float64) (t collateral.Times) {
		for _, s := range all {
			t = append(t, seconds(s))
		}
		return t
	}
	for name, tt := range map[string]struct {
		times   collateral.Times
		median  float64
		trimmed float64 // 0 for none
	}{
		"none":                {nil, 0, 0},
		"one":                 {times(7), 7, 0},
		"four":                {times(8, 2, 4, 100), 6, 0},
		"five":                {times(1, 2, 3, 4, 36_000), 3, 3},
		"ten":                 {times(10, 1, 2, 3, 4, 5, 6, 7, 8, 36_000), 5.5, 5.625},
		"twenty, all of them": {times(1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 90, 90), 2, 2},
	} {
		got := tt.times.TrimmedMean()
		if tt.times.Median() != seconds(tt.median) || (got == nil) != (tt.trimmed == 0) || got != nil && *got != seconds(tt.trimmed) {
			t.Errorf("%s: got median %v and trimmed mean %v, want %v s and %v s", name, tt.times.Median(), got, tt.median, tt.trimmed)
		}
	}
}

func TestBeatsThatCannotBe(t *testing.T) {
	t.Parallel()
	page := func(n int, seen float64) collateral.Beat {
		b := spanning(0, 5)
		b.Pages = map[int]time.Duration{n: seconds(seen)}
		return b
	}
	for name, tt := range map[string]struct {
		beats []collateral.Beat
		ok    bool
	}{
		"none":         {nil, false},
		"one":          {[]collateral.Beat{spanning(0, 5)}, true},
		"too many":     {make([]collateral.Beat, collateral.MaxBeats+1), false},
		"backwards":    {[]collateral.Beat{spanning(5, 0)}, false},
		"negative":     {[]collateral.Beat{spanning(-1, 5)}, false},
		"of no length": {[]collateral.Beat{spanning(5, 5)}, false},
		"too long":     {[]collateral.Beat{spanning(0, 301)}, false},
		"a page":       {[]collateral.Beat{page(1, 5)}, true},
		"a long page":  {[]collateral.Beat{page(1, 6)}, false},
		"page 0":       {[]collateral.Beat{page(0, 1)}, false},
		"no time":      {[]collateral.Beat{page(1, 0)}, false},
		"forged input": {[]collateral.Beat{{Until: 1, Inputs: 1001}}, false},
	} {
		if err := (collateral.Beats{VisitID: uuid.New(), Beats: tt.beats}).Check(); (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want it accepted %v", name, err, tt.ok)
		}
	}
}
