package extract

import (
	"bytes"
	"os"
	"testing"

	"collateral/internal/demo/files"
)

func BenchmarkPDFOf100Pages(b *testing.B) {
	doc := write(b, files.PDF, longDocument(100))
	for name, read := range engines(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if _, err := read(b.Context(), bytes.NewReader(doc), int64(len(doc)), testLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOffice(b *testing.B) {
	for mediaType, doc := range map[string][]byte{
		typeDOCX: write(b, files.DOCX, longDocument(100)),
		typePPTX: write(b, files.PPTX, sampleDeck()),
	} {
		b.Run(mediaType, func(b *testing.B) {
			for b.Loop() {
				if _, err := extractBytes(b, mediaType, doc, testLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkChild is what it costs to read a line of text in a process of its own.
func BenchmarkChild(b *testing.B) {
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	runner := Runner{Command: []string{exe, "child"}, Limits: testLimits()}
	for b.Loop() {
		if _, err := runner.Extract(b.Context(), "text/plain", bytes.NewReader([]byte("text")), 4); err != nil {
			b.Fatal(err)
		}
	}
}
