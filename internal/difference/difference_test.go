package difference_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/difference"
)

func TestText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, before, after, want string }{
		{"the same", "One line.\nAnother.", "One line.\nAnother.", "One line.\nAnother."},
		{"nothing", "", "", ""},
		{"new", "", "All of it.", "{+All of it.+}"},
		{"gone", "All of it.", "", "[-All of it.-]"},
		{"a word", "It costs 40 a month.\nStill.", "It costs 45 a month.\nStill.", "It costs [-40-]{+45+} a month.\nStill."},
		{"a line more", "One.\nThree.\n", "One.\nTwo.\nThree.\n", "One.\n{+Two.\n+}Three.\n"},
		{"words beyond ASCII", "Für Größe", "Für Grüße", "Für [-Größe-]{+Grüße+}"},
		{"the end of a sentence", "Prices hold.", "Prices hold!", "Prices hold[-.-]{+!+}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := marked(difference.Text(test.before, test.after)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	first, second, third := "Why fleets stand still", "What it costs you a year in hours", "What you get for the price of one van"
	tests := []struct {
		name          string
		before, after []string
		want          []string
	}{
		{"the same", []string{first, second}, []string{first, second}, nil},
		{"a page put in between", []string{first, second, third}, []string{first, "New page", second, third}, []string{"0>2 {+New page+}"}},
		{
			"a page put in and the next one changed", []string{first, second, third},
			[]string{first, "Brand new words here", "What it costs you a month in hours", third},
			[]string{"0>2 {+Brand new words here+}", "2>3 What it costs you a [-year-]{+month+} in hours"},
		},
		{"a page gone", []string{first, second, third}, []string{first, third}, []string{"2>0 [-" + second + "-]"}},
		{"a text at last", nil, []string{first}, []string{"0>1 {+" + first + "+}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages, cut := difference.Pages(test.before, test.after)
			var got []string
			for _, p := range pages {
				got = append(got, fmt.Sprintf("%d>%d %s", p.Before, p.After, marked(p.Runs)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" || cut {
				t.Errorf("cut %v; pages (-want +got):\n%s", cut, diff)
			}
		})
	}
}

// Runs give both texts back, whatever the texts are.
func TestRunsMakeBothTexts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Split("a the van\n depot 40 42 ü. — \x00 \xff", " ")
	text := func() string {
		var b strings.Builder
		for range random.IntN(60) {
			b.WriteString(words[random.IntN(len(words))] + " ")
		}
		return strings.ToValidUTF8(b.String(), "?")
	}
	for range 500 {
		before, after := text(), text()
		var was, is strings.Builder
		for _, r := range difference.Text(before, after) {
			if r.Kind != difference.Added {
				was.WriteString(r.Text)
			}
			if r.Kind != difference.Removed {
				is.WriteString(r.Text)
			}
		}
		if was.String() != before || is.String() != after {
			t.Fatalf("%q and %q come back as %q and %q", before, after, was.String(), is.String())
		}
	}
}

// Of texts that are too long the beginning is compared, and it is told that the rest is not.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	before, after := strangers(difference.MaxPages + 100)
	for i := 1; i < difference.MaxPages; i++ { // one page is enough to see pages cut
		before[i], after[i] = "alike", "alike"
	}
	pages, cut := difference.Pages(before, after)
	if !cut || len(pages) != 1 || !pages[0].Cut {
		t.Errorf("got %d pages, cut %v; want the one that differs, cut, and that pages are left out", len(pages), cut)
	}
}

// BenchmarkStrangers compares as much as is compared at all, of texts that have nothing in common.
func BenchmarkStrangers(b *testing.B) {
	before, after := strangers(difference.MaxPages)
	for b.Loop() {
		difference.Pages(before, after)
	}
}

// strangers returns two texts of n pages without a word in common, each page too long.
func strangers(n int) (before, after []string) {
	for i := range n {
		var page strings.Builder
		for j := range 3000 {
			fmt.Fprintf(&page, "w%d ", i*7919+j)
		}
		before = append(before, page.String())
		after = append(after, strings.ToUpper(page.String())+strings.Repeat("x ", 20_000))
	}
	return before, after
}

func marked(runs []difference.Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Kind {
		case difference.Added:
			b.WriteString("{+" + r.Text + "+}")
		case difference.Removed:
			b.WriteString("[-" + r.Text + "-]")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}
