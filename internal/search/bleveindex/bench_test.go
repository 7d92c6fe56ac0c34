package bleveindex_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"

	"collateral/internal/search"
)

// BenchmarkQuery asks the kinds of question that reps ask, of 10,000 documents. The last lines are plain Bleve (its
// match query and its facets, default mapping) on the same documents in the same run, to compare with.
func BenchmarkQuery(b *testing.B) {
	docs := corpus(10_000)
	x, _ := open(b, b.TempDir())
	if err := x.Put(b.Context(), docs...); err != nil {
		b.Fatal(err)
	}
	decks := map[search.Facet][]string{search.FacetType: {"deck"}}
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"RareWord", search.Query{Words: word(3000) + " "}},
		{"CommonWord", search.Query{Words: word(2) + " "}},
		{"TwoWords", search.Query{Words: word(20) + " " + word(60) + " "}},
		{"TwoWordsFiltered", search.Query{Words: word(20) + " " + word(60) + " ", Filter: decks}},
		{"OneFault", search.Query{Words: swap(word(500)) + " "}},
		{"TwoFaults", search.Query{Words: swap(word(1004)+"ation") + " "}},
		{"PrefixOfOne", search.Query{Words: word(2)[:1]}},
		{"PrefixOfThree", search.Query{Words: word(50)[:3]}},
		{"PrefixOfFour", search.Query{Words: word(50)[:4]}},
		{"Browse", search.Query{}},
		{"BrowseFiltered", search.Query{Filter: decks}},
		{"BrowseMostUsed", search.Query{Sort: search.SortMostUsed}},
	} {
		b.Run(c.name, func(b *testing.B) {
			total := 0
			for b.Loop() {
				page, err := x.Query(b.Context(), c.q)
				if err != nil {
					b.Fatal(err)
				}
				total = page.Total
			}
			b.ReportMetric(float64(total), "hits")
		})
	}
	benchBleve(b, docs)
}

// BenchmarkComplete asks for suggestions, of 10,000 documents.
func BenchmarkComplete(b *testing.B) {
	x, _ := open(b, b.TempDir())
	if err := x.Put(b.Context(), corpus(10_000)...); err != nil {
		b.Fatal(err)
	}
	for name, typed := range map[string]string{
		"OneLetter": word(2)[:1], "ThreeLetters": word(50)[:3], "FourLetters": word(50)[:4], "TwoWords": word(20) + " " + word(60)[:2], "Tag": "stage",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Complete(b.Context(), typed, 5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSimilar looks for documents like one, among 10,000.
func BenchmarkSimilar(b *testing.B) {
	docs := corpus(10_000)
	x, _ := open(b, b.TempDir())
	if err := x.Put(b.Context(), docs...); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if kin, err := x.Similar(b.Context(), docs[17].ID, 10); err != nil || len(kin) != 10 {
			b.Fatalf("got %d documents (%v), want 10", len(kin), err)
		}
	}
}

func benchBleve(b *testing.B, docs []search.Document) {
	raw, err := bleve.New(filepath.Join(b.TempDir(), "raw"), bleve.NewIndexMapping())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	batch := raw.NewBatch()
	for _, d := range docs {
		err := batch.Index(d.ID, map[string]any{
			"title": d.Title, "summary": d.Summary, "text": strings.Join(d.Pages, "\n"),
			"type": d.Type, "stages": d.Stages, "personas": d.Personas,
		})
		if err != nil {
			b.Fatal(err)
		}
		if batch.Size() >= 1000 {
			if err := raw.Batch(batch); err != nil {
				b.Fatal(err)
			}
			batch.Reset()
		}
	}
	if err := raw.Batch(batch); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, words string
		facets      bool
	}{
		{"RawBleveRareWord", word(3000), false},
		{"RawBleveCommonWord", word(2), false},
		{"RawBleveTwoWordsFacets", word(20) + " " + word(60), true},
		{"RawBleveBrowseFacets", "", true},
	} {
		b.Run(c.name, func(b *testing.B) {
			match := bleve.NewMatchQuery(c.words)
			match.SetOperator(1) // all words
			request := bleve.NewSearchRequestOptions(match, search.DefaultPerPage, 0, false)
			if c.words == "" {
				request.Query = bleve.NewMatchAllQuery()
			}
			if c.facets {
				for _, field := range []string{"type", "stages", "personas"} {
					request.AddFacet(field, bleve.NewFacetRequest(field, 10))
				}
			}
			total := 0.0
			for b.Loop() {
				result, err := raw.SearchInContext(b.Context(), request)
				if err != nil {
					b.Fatal(err)
				}
				total = float64(result.Total)
			}
			b.ReportMetric(total, "hits")
		})
	}
}

// BenchmarkPut measures one document at a time, as the index job puts them, and a thousand, as a rebuild does.
func BenchmarkPut(b *testing.B) {
	docs := corpus(1000)
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x, _ := open(b, b.TempDir())
			for b.Loop() {
				if err := x.Put(b.Context(), docs[:n]...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

// corpus makes n documents of about 200 words in five pages, distributed as words of a language are.
func corpus(n int) []search.Document {
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 4, 20_000)
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(word(int(zipf.Uint64())))
			b.WriteByte(' ')
		}
		return b.String()
	}
	pick := func(name string, n int) string { return fmt.Sprintf("%s-%d", name, random.IntN(n)) }
	types := []string{"deck", "one-pager", "video", "faq", "script", "case-study", "battlecard"}
	docs := make([]search.Document, n)
	for i := range docs {
		docs[i] = search.Document{
			ID: fmt.Sprintf("%08d-0000-7000-8000-000000000000", i), Title: text(5), Summary: text(20), Type: types[random.IntN(len(types))],
			Stages: []string{pick("stage", 6), pick("stage", 6)}, Personas: []string{pick("persona", 12)}, Industries: []string{pick("industry", 20)},
			Products: []string{pick("product", 40)}, Language: "en", Uses: int(zipf.Uint64()) % 300,
			PublishedAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(500*24)) * time.Hour),
			Pages:       []string{text(40), text(40), text(40), text(40), text(40)},
		}
	}
	return docs
}

// word is the nth of the made-up words, the most frequent first.
func word(n int) string {
	syllables := []string{"ba", "co", "di", "fe", "gra", "ho", "ju", "ki", "lo", "men", "na", "pro", "qua", "ri", "so", "tu", "ver", "wi", "xe", "zu"}
	var b strings.Builder
	for n += 20; n > 0; n /= len(syllables) {
		b.WriteString(syllables[n%len(syllables)])
	}
	return b.String()
}

// swap exchanges two neighbours in the middle of a word.
func swap(word string) string {
	letters := []byte(word)
	m := len(letters) / 2
	letters[m], letters[m-1] = letters[m-1], letters[m]
	return string(letters)
}
