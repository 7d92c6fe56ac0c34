package cli

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"collateral/internal/blob"
	"collateral/internal/blob/diskblob"
	"collateral/internal/blob/minioblob"
	"collateral/internal/metrics"
	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
	"collateral/internal/search/meiliindex"
)

// Counting takes no power of an engine away, and adds none.
func TestMeasuredEnginesCanDoTheSame(t *testing.T) {
	t.Parallel()
	for _, engine := range []blob.Store{&diskblob.Store{}, &minioblob.Store{}} {
		measured := measuredBlobs(engine, metrics.New(), nil)
		if measured == engine {
			t.Errorf("%T is not counted", engine)
		}
		for name, can := range map[string]func(blob.Store) bool{
			"sweep":      func(s blob.Store) bool { _, ok := s.(blob.Sweeper); return ok },
			"be probed":  func(s blob.Store) bool { _, ok := s.(blob.Prober); return ok },
			"mark":       func(s blob.Store) bool { _, ok := s.(blob.Marker); return ok },
			"make links": func(s blob.Store) bool { _, ok := s.(blob.Linker); return ok },
		} {
			if got, want := can(measured), can(engine); got != want {
				t.Errorf("%T can %s: got %t, want %t", engine, name, got, want)
			}
		}
	}
	for _, engine := range []search.Index{&bleveindex.Index{}, &meiliindex.Index{}} {
		_, got := measuredIndex(engine, metrics.New(), nil).(search.Rebuilder)
		if _, want := engine.(search.Rebuilder); got != want {
			t.Errorf("%T can rebuild: got %t, want %t", engine, got, want)
		}
	}
}

func TestCallsOfEnginesAreCounted(t *testing.T) {
	t.Parallel()
	folder, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	engine, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := metrics.New()
	blobs, index := measuredBlobs(folder, m, nil), measuredIndex(engine, m, nil)
	info, err := blobs.Put(t.Context(), strings.NewReader("content"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blobs.Put(t.Context(), iotest.ErrReader(errors.New("the client has gone"))); err == nil {
		t.Fatal("a body that breaks off is stored")
	}
	if f, _, err := blobs.Open(t.Context(), info.SHA256); err != nil {
		t.Fatal(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := blobs.Stat(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, blob.ErrNotFound) {
		t.Fatal(err)
	}
	if _, err := index.Query(t.Context(), search.Query{}); err != nil {
		t.Fatal(err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := index.Query(t.Context(), search.Query{}); err == nil {
		t.Fatal("a closed index answers")
	}
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	for _, line := range []string{
		`collateral_blob_seconds_count{call="put",outcome="ok"} 2`,
		`collateral_blob_seconds_count{call="open",outcome="ok"} 1`,
		`collateral_blob_seconds_count{call="stat",outcome="ok"} 1`,
		`collateral_search_engine_seconds_count{call="query",outcome="ok"} 1`,
		`collateral_search_engine_seconds_count{call="query",outcome="error"} 1`,
	} {
		if !strings.Contains(answer.Body.String(), line+"\n") {
			t.Errorf("got no line %s", line)
		}
	}
}
