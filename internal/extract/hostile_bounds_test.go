package extract

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What a hostile file may cost, with the default limits.
const (
	mostMemory = 256 << 20
	mostTime   = 20 * time.Second
)

// TestHostileFilesAreBounded reads each in a child with the limits of the server.
func TestHostileFilesAreBounded(t *testing.T) {
	t.Parallel()
	if !memoryIsBounded {
		t.Skip("memory is not bounded here")
	}
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for _, engine := range []string{"go-pdf", "pdftotext"} {
		var settings []string
		if engine == "go-pdf" {
			settings = append(settings, "PATH="+t.TempDir())
		}
		for _, h := range hostileFiles() {
			if engine == "pdftotext" && h.mediaType != typePDF {
				continue
			}
			t.Run(h.name+" by "+engine, func(t *testing.T) {
				t.Parallel()
				if engine == "pdftotext" {
					poppler(t)
				}
				file := h.file(t)
				info, err := file.Stat()
				if err != nil {
					t.Fatal(err)
				}
				report := filepath.Join(t.TempDir(), "memory")
				runner := Runner{Command: append(childCommand(t, "measured-child", settings...), report), Limits: DefaultLimits()}
				began := time.Now()
				res, err := runner.Extract(t.Context(), h.mediaType, file, info.Size())
				took := time.Since(began)

				reason, blamed := ReasonFor(err)
				switch {
				case err != nil && !blamed:
					t.Errorf("got %v, want a failure of the document or none", err)
				case len(h.want) > 0 && !slices.Contains(h.want, reason):
					t.Errorf("got %q (%v), want one of %q", string(reason), err, h.want)
				case h.holds != "" && (err != nil || !strings.Contains(strings.Join(res.Pages, "\n"), h.holds)):
					t.Errorf("got %d pages, %v; want %q in them", len(res.Pages), err, h.holds)
				}
				if took > mostTime {
					t.Errorf("took %s, want at most %s", took, mostTime)
				}
				peak, measured := peakMemory(t, report)
				if !measured && reason != TimedOut && reason != Unsupported && info.Size() <= DefaultLimits().Input {
					t.Errorf("got no measure of memory, and %v; want one unless no child was started, or it had to be killed", err)
				}
				if peak > mostMemory {
					t.Errorf("took %d MiB, want at most %d", peak>>20, int64(mostMemory)>>20)
				}
				t.Logf("%s, %d MiB, %d pages, %.60q, %v", took.Round(time.Millisecond), peak>>20, len(res.Pages), string(reason), err)
			})
		}
	}
}
