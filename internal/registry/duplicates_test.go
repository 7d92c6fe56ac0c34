package registry

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// BenchmarkDuplicates compares a batch of 3,500 texts with itself and with a library of 10,000, of which every tenth is
// nearly the same as one of the batch. What the database reads is not part of it.
func BenchmarkDuplicates(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	text := func(seed uint64, changed int) collateral.Signature {
		words := rand.New(rand.NewPCG(seed, 0))
		return collateral.SignatureOf(func(yield func(string) bool) {
			for i := range 200 {
				word := fmt.Sprintf("w%d", words.IntN(3000))
				if i < changed {
					word = "changed" + word
				}
				if !yield(word) {
					return
				}
			}
		})
	}
	content := func(seed uint64, changed int) store.Content {
		return store.Content{AssetID: uuid.New(), SHA256: fmt.Sprint(seed, changed), Signature: text(seed, changed)}
	}
	var batch, library []store.Content
	for i := range 3_500 {
		batch = append(batch, content(uint64(i), 0))
	}
	for i := range 10_000 {
		if i%10 == 0 {
			library = append(library, content(uint64(random.IntN(len(batch))), 5))
		} else {
			library = append(library, content(uint64(100_000+i), 0))
		}
	}
	for b.Loop() {
		l := newLookalikes()
		for _, c := range batch {
			l.learn(c)
		}
		for _, c := range library {
			l.compare(c)
		}
		b.ReportMetric(float64(len(l.others())), "duplicates")
	}
}
