package meiliindex_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/search"
	"collateral/internal/search/meiliindex"
	"collateral/internal/search/meilitest"
)

// world is an index on a stand-in of its own, whose answers are waited for long enough for a busy machine.
type world struct {
	*meiliindex.Index
	server *meilitest.Server
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := meilitest.Start(t)
	x, _, err := meiliindex.Open(t.Context(), meiliindex.Config{URL: s.URL, Name: "pieces"})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	x.Patience = meiliindex.Patience{Answer: 30 * time.Second, Write: 30 * time.Second, Task: time.Minute, Pause: time.Millisecond}
	t.Cleanup(func() { _ = x.Close() })
	return &world{x, s}
}

func (w *world) put(t *testing.T, docs ...search.Document) {
	t.Helper()
	if err := w.Put(t.Context(), docs...); err != nil {
		t.Fatalf("Put: %v", err)
	}
}

func (w *world) ids(t *testing.T, words string) []string {
	t.Helper()
	page, err := w.Query(t.Context(), search.Query{Words: words, PerPage: search.MaxPerPage})
	if err != nil {
		t.Fatalf("Query: %v", err)
	}
	ids := []string{}
	for _, h := range page.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func numbered(n int) []search.Document {
	docs := make([]search.Document, n)
	for i := range docs {
		docs[i] = search.Document{ID: string(rune('a'+i/26)) + string(rune('a'+i%26)), Title: "Freight"}
	}
	return docs
}

func TestPoisonousDocumentsAreParked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	poison := map[any]bool{"ac": true, "bf": true}
	w.server.Set(meilitest.Faults{Refuse: func(d map[string]any) string {
		if poison[d["id"]] {
			return "This one is poison."
		}
		return ""
	}})
	docs := append(numbered(50), search.Document{ID: strings.Repeat("/", 400), Title: "An id that is too long"})
	err := w.Put(t.Context(), docs...)
	refused, ok := errors.AsType[*search.Refused](err)
	if !ok || len(refused.Documents) != 3 || !strings.Contains(refused.Documents["ac"], "This one is poison.") || refused.Documents["bf"] == "" {
		t.Fatalf("got %v, want the three documents refused with their reasons", err)
	}
	if got := w.server.Documents("pieces"); got != 48 {
		t.Errorf("got %d documents, want the other 48", got)
	}
	if tasks := w.server.Tasks("documentAdditionOrUpdate"); tasks > 30 {
		t.Errorf("it took %d tasks to find two documents of fifty, want a search by halves", tasks)
	}
}

func TestPayloadTooLargeIsHalved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Set(meilitest.Faults{MaxBody: 20_000})
	docs := numbered(40)
	docs[7].Pages = []string{strings.Repeat("many words and more of them ", 2000)}
	err := w.Put(t.Context(), docs...)
	refused, ok := errors.AsType[*search.Refused](err)
	if !ok || len(refused.Documents) != 1 || refused.Documents["ah"] == "" {
		t.Fatalf("got %v, want the large one refused", err)
	}
	if got := w.server.Documents("pieces"); got != 39 {
		t.Errorf("got %d documents, want the other 39", got)
	}
}

func TestFailedTasks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		code, kind string
		want       error
	}{
		{"no_space_left_on_device", "system", search.ErrFull},
		{"internal", "internal", nil},
	} {
		w.server.Set(meilitest.Faults{TaskCode: c.code, TaskKind: c.kind})
		err := w.Put(t.Context(), numbered(3)...)
		if _, refused := errors.AsType[*search.Refused](err); err == nil || refused || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v and no document blamed", c.code, err, c.want)
		}
	}
}

func TestTaskThatIsNeverDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Set(meilitest.Faults{Hold: true})
	enough := w.Patience.Task
	w.Patience.Task = 300 * time.Millisecond
	began := time.Now()
	if err := w.Put(t.Context(), numbered(1)...); !errors.Is(err, search.ErrUnavailable) || time.Since(began) > 20*time.Second {
		t.Errorf("got %v after %s, want ErrUnavailable in time", err, time.Since(began))
	}
	w.Patience.Task = enough
	w.server.Set(meilitest.Faults{})
	w.put(t, numbered(1)...)
	if diff := cmp.Diff([]string{"aa"}, w.ids(t, "freight")); diff != "" {
		t.Errorf("after it goes on (-want +got):\n%s", diff)
	}
}

func TestServerIsAwayAndComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, numbered(2)...)
	w.server.Stop()
	for name, ask := range map[string]func(context.Context) error{
		"Query":       func(ctx context.Context) error { _, err := w.Query(ctx, search.Query{Words: "freight"}); return err },
		"Complete":    func(ctx context.Context) error { _, err := w.Complete(ctx, "fre", 3); return err },
		"Similar":     func(ctx context.Context) error { _, err := w.Similar(ctx, "aa", 3); return err },
		"Put":         func(ctx context.Context) error { return w.Put(ctx, numbered(1)...) },
		"Delete":      func(ctx context.Context) error { return w.Delete(ctx, "aa") },
		"SetSynonyms": func(ctx context.Context) error { return w.SetSynonyms(ctx, nil) },
		"Revisions":   func(ctx context.Context) error { _, err := w.Revisions(ctx); return err },
		"Rebuild":     func(ctx context.Context) error { _, err := w.Rebuild(ctx); return err },
	} {
		if err := ask(t.Context()); !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("%s: got %v, want ErrUnavailable", name, err)
		}
	}
	w.server.Resume()
	if diff := cmp.Diff([]string{"aa", "ab"}, w.ids(t, "freight")); diff != "" {
		t.Errorf("after it is back (-want +got):\n%s", diff)
	}
}

func TestServerHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.Set(meilitest.Faults{Answer: func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return true
	}})
	w.Patience.Answer = 300 * time.Millisecond
	began := time.Now()
	_, err := w.Query(t.Context(), search.Query{Words: "freight"})
	if took := time.Since(began); !errors.Is(err, search.ErrUnavailable) || took > 20*time.Second {
		t.Errorf("got %v after %s, want ErrUnavailable when the patience for an answer is over", err, took)
	}
}

func TestBusyServerIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	busy := make(chan struct{}, 2)
	busy <- struct{}{}
	busy <- struct{}{}
	w.server.Set(meilitest.Faults{Answer: func(rw http.ResponseWriter, _ *http.Request) bool {
		select {
		case <-busy:
			rw.Header().Set("Retry-After", "10")
			http.Error(rw, `{"message":"Too many search requests","code":"too_many_search_requests","type":"system"}`, http.StatusServiceUnavailable)
			return true
		default:
			return false
		}
	}})
	w.put(t, numbered(1)...)
	if diff := cmp.Diff([]string{"aa"}, w.ids(t, "freight")); diff != "" {
		t.Errorf("after two refusals (-want +got):\n%s", diff)
	}
	w.server.Set(meilitest.Faults{Answer: func(rw http.ResponseWriter, _ *http.Request) bool {
		http.Error(rw, "overloaded", http.StatusServiceUnavailable)
		return true
	}})
	if _, err := w.Query(t.Context(), search.Query{Words: "freight"}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("got %v of a server that stays busy, want ErrUnavailable", err)
	}
}
