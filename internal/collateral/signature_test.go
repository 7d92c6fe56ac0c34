package collateral

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// prose is made-up text of n words, the same for each seed.
func prose(seed uint64, n int) []string {
	random := rand.New(rand.NewPCG(seed, 0))
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("w%d", random.IntN(2000))
	}
	return words
}

func signature(words []string) Signature { return SignatureOf(slices.Values(words)) }

// likeness is what signatures estimate, counted.
func likeness(a, b []string) float64 {
	set := func(words []string) map[string]bool {
		out := map[string]bool{}
		for i := range len(words) - shingleWords + 1 {
			out[strings.Join(words[i:i+shingleWords], " ")] = true
		}
		return out
	}
	x, y := set(a), set(b)
	both := 0
	for s := range x {
		if y[s] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

func TestLikenessIsEstimated(t *testing.T) {
	t.Parallel()
	text := prose(1, 1000)
	changed := func(every int) []string {
		out := slices.Clone(text)
		for i := 0; i < len(out); i += every {
			out[i] = "changed"
		}
		return out
	}
	tests := []struct {
		name  string
		other []string
	}{
		{"the same", text},
		{"one word changed", changed(1000)},
		{"a word in a hundred changed", changed(100)},
		{"a word in twenty changed", changed(20)},
		{"a chapter more", append(slices.Clone(text), prose(2, 100)...)},
		{"twice as long", append(slices.Clone(text), prose(3, 1000)...)},
		{"another text", prose(4, 1000)},
		{"the same words in another order", slices.Sorted(slices.Values(text))},
	}
	for _, test := range tests {
		want, got := likeness(text, test.other), signature(text).Likeness(signature(test.other))
		if math.Abs(want-got) > 0.1 {
			t.Errorf("%s: got a likeness of %.3f, want %.3f", test.name, got, want)
		}
		if got >= NearlySame && !slices.ContainsFunc(signature(text).Bands(), func(band uint64) bool {
			return slices.Contains(signature(test.other).Bands(), band)
		}) {
			t.Errorf("%s: nearly the same, and no band is shared", test.name)
		}
	}
}

// TestShortTextsAreNotCompared: a title page, an imprint or a form is alike in hundreds of pieces.
func TestShortTextsAreNotCompared(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{
		nil, prose(1, 1), prose(1, shingleWords), prose(1, minShingles), prose(1, minShingles+shingleWords-2),
		slices.Repeat([]string{"draft", "confidential"}, 1000),
		slices.Repeat(prose(1, 30), 50),
	} {
		if s := signature(words); s != nil || s.Bytes() != nil || s.Likeness(s) != 0 || len(s.Bands()) != 0 {
			t.Errorf("a text of %d words has a signature, want none", len(words))
		}
	}
	if signature(prose(1, minShingles+shingleWords-1)) == nil {
		t.Error("a text that is just long enough has no signature")
	}
}

// TestUnrelatedTextsShareNothing looks at many texts of one vocabulary, as those of one company have.
func TestUnrelatedTextsShareNothing(t *testing.T) {
	t.Parallel()
	const texts = 300
	var all []Signature
	for i := range texts {
		all = append(all, signature(append(prose(99, 20), prose(uint64(i+1), 80)...))) // with a sentence in common
	}
	most := 0.0
	for i, a := range all {
		for _, b := range all[:i] {
			most = max(most, a.Likeness(b))
		}
	}
	if most >= NearlySame/2 {
		t.Errorf("got a likeness of %.2f between texts that share a sentence, want far less than %.2f", most, NearlySame)
	}
}

func TestSignatureSurvivesItsBytes(t *testing.T) {
	t.Parallel()
	s := signature(prose(1, 500))
	if diff := cmp.Diff(s, SignatureFrom(s.Bytes())); diff != "" {
		t.Errorf("the signature comes back differently (-want +got):\n%s", diff)
	}
	if got := SignatureFrom([]byte("short")); got != nil {
		t.Errorf("got %v of bytes that are no signature, want nil", got)
	}
}

// TestSignaturesStayComparable holds the function to what it gave before: stored signatures are compared with new ones.
func TestSignaturesStayComparable(t *testing.T) {
	t.Parallel()
	words := make([]string, 200)
	for i := range words {
		words[i] = fmt.Sprintf("word%d", i)
	}
	h := fnv.New64a()
	h.Write(signature(words).Bytes())
	if got, want := h.Sum64(), uint64(0x3cdee730ea129ce6); got != want {
		t.Errorf("the signature changed: got the sum %#x, want %#x", got, want)
	}
}

func BenchmarkSignature(b *testing.B) {
	words := prose(1, 10_000)
	for b.Loop() {
		signature(words)
	}
}
