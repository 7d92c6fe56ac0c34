package cli_test

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// benchmarkFiles is how large a library is brought in. IMPORT_FILES asks for another number.
const benchmarkFiles = 3500

// BenchmarkImportLibrary brings a library in beside a running server, and goes the whole way until the search finds every
// piece of it. It reports the seconds of each part: until all pieces are drafts, until the texts are read, until all are
// submitted, signed and published, and until all are found; and of the whole.
func BenchmarkImportLibrary(b *testing.B) {
	n := benchmarkFiles
	if text := os.Getenv("IMPORT_FILES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	folder := b.TempDir()
	size := writeLibrary(b, folder, n)
	b.SetBytes(size)
	for b.Loop() {
		l := newImportRun(b, folder, n)
		for _, part := range []struct {
			unit string
			do   func()
		}{{"drafts-s", l.bringIn}, {"read-s", l.waitForTexts}, {"published-s", l.publish}, {"found-s", l.waitForIndex}} {
			began := time.Now()
			part.do()
			b.ReportMetric(time.Since(began).Seconds(), part.unit)
		}
		b.ReportMetric(time.Since(l.began).Seconds(), "all-s")
	}
}
