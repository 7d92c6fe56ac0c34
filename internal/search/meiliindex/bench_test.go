package meiliindex_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"collateral/internal/search"
	"collateral/internal/search/meilitest"
)

var benchPieces = flag.Int("pieces", 2000, "how many documents BenchmarkFromEmpty puts")

// BenchmarkFromEmpty fills an empty index, and then asks it. Its name says against what: the stand-in's figures are those of
// the adapter and of a server in memory, and nothing that a real one would do.
func BenchmarkFromEmpty(b *testing.B) {
	against := "StandIn"
	if os.Getenv(meilitest.RealURL) != "" {
		against = "Real"
	}
	s := serverFor(b)
	docs := corpus(*benchPieces)
	b.Run(against, func(b *testing.B) {
		for b.Loop() {
			x, _ := s.open(b)
			x.Patience.Answer = time.Minute
			began := time.Now()
			if err := x.Put(b.Context(), docs...); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(docs))/time.Since(began).Seconds(), "docs/s")
			began = time.Now()
			const questions = 20
			for i := range questions {
				if _, err := x.Query(b.Context(), search.Query{Words: word(i*37) + " " + word(i * 91)[:3]}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(time.Since(began).Microseconds())/questions/1000, "ms/query")
		}
	})
}

// corpus is documents of ten pages with sixty words each, of a vocabulary in which some words are frequent.
func corpus(n int) []search.Document {
	random := rand.New(rand.NewPCG(1, 2)) // the same documents each time
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(word(int(random.ExpFloat64() * 400)))
			b.WriteByte(' ')
		}
		return b.String()
	}
	docs := make([]search.Document, n)
	for i := range docs {
		d := search.Document{
			ID: fmt.Sprintf("doc-%06d", i), Title: text(6), Summary: text(20), Type: "deck", Language: "en",
			Stages: []string{fmt.Sprint("stage-", i%8)}, PublishedAt: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC), Uses: i % 100,
		}
		for range 10 {
			d.Pages = append(d.Pages, text(60))
		}
		docs[i] = d
	}
	return docs
}

// word is the nth word of the vocabulary.
func word(n int) string {
	syllables := []string{"ba", "co", "de", "fi", "gu", "la", "mo", "ne", "pi", "ru", "sa", "to", "ve", "wi"}
	w := "w"
	for n++; n > 0; n /= len(syllables) {
		w += syllables[n%len(syllables)]
	}
	return w + "r"
}
