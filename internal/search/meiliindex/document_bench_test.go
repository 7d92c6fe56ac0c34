package meiliindex

import (
	"strings"
	"testing"

	"collateral/internal/search"
)

// BenchmarkDocument lays out a document of ten pages, which is what the adapter itself costs when an index is filled.
func BenchmarkDocument(b *testing.B) {
	d := &search.Document{ID: "a", Title: "Renewal playbook", Summary: "How to keep a customer whose contract ends"}
	for range 10 {
		d.Pages = append(d.Pages, strings.Repeat("Three questions to ask ninety days before the contract ends, and when to refuse discounts. ", 4))
	}
	for b.Loop() {
		body, err := newDocument(d)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(body)), "bytes")
	}
}
