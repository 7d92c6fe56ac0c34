package diskblob_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"collateral/internal/blob/diskblob"
)

// BenchmarkPut tells what a file costs to store, hashing and syncing included.
func BenchmarkPut(b *testing.B) {
	for _, size := range []struct {
		name  string
		bytes int
	}{{"4kB", 4 << 10}, {"1MB", 1 << 20}, {"32MB", 32 << 20}} {
		b.Run(size.name, func(b *testing.B) {
			s, err := diskblob.Open(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			content := make([]byte, size.bytes)
			rand.Read(content)
			b.SetBytes(int64(size.bytes))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				content[0], content[1], content[2] = byte(i), byte(i>>8), byte(i>>16)
				if _, err := s.Put(b.Context(), bytes.NewReader(content)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
