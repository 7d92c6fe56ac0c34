package bleveindex_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
)

func TestOpenKeepsWhatWasPut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fill(t, folder, "a", "b")
	x, fresh := open(t, folder)
	if fresh {
		t.Error("an index with documents opens as fresh")
	}
	wantTotal(t, x, "freight", 2)
}

func TestEmptyIndexIsFreshAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fill(t, folder)
	if _, fresh := open(t, folder); !fresh {
		t.Error("an index that was made and never filled opens as not fresh")
	}
}

func TestDamagedIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, index string)
	}{
		{"commit log overwritten", overwrite("root.bolt")},
		{"commit log cut off", keepPages("root.bolt", 2)},
		{"commit log emptied", empty("root.bolt")},
		{"commit log missing", remove("root.bolt")},
		{"segments overwritten", overwrite("*.zap")},
		{"segments cut off", cutOff("*.zap")},
		{"segments emptied", empty("*.zap")},
		{"segments missing", remove("*.zap")},
		{"one bit of a segment", flipBit("*.zap")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			fill(t, folder, "a", "b")
			beside := filepath.Join(folder, "notes.txt")
			write(t, beside, []byte("not ours"))
			c.damage(t, filepath.Join(folder, "index"))

			x, fresh := open(t, folder)
			if !fresh {
				t.Error("a damaged index opens as not fresh")
			}
			wantTotal(t, x, "", 0)
			if err := x.Put(t.Context(), search.Document{ID: "c", Title: "Freight"}); err != nil {
				t.Fatalf("Put into the new index: %v", err)
			}
			wantTotal(t, x, "freight", 1)
			if _, err := os.Stat(beside); err != nil {
				t.Errorf("what else is in the folder is gone: %v", err)
			}
			if _, err := os.Stat(filepath.Join(folder, "index.damaged")); err != nil {
				t.Errorf("the damaged index was not kept: %v", err)
			}
		})
	}
}

// TestLogCutOffAnywhere cuts at each page: what is cut off may be the tree, the list of free pages, or room to grow.
func TestLogCutOffAnywhere(t *testing.T) {
	t.Parallel()
	for pages := 1; ; pages++ {
		folder := t.TempDir()
		fill(t, folder, "a", "b", "d", "e", "f", "g", "h", "i", "j", "k")
		log := filepath.Join(folder, "index", "root.bolt")
		if info, err := os.Stat(log); err != nil || info.Size() <= int64(pages*os.Getpagesize()) {
			if err != nil || pages < 3 {
				t.Fatalf("the log (%v) has %d pages at most, want more", err, pages)
			}
			return
		}
		keepPages("root.bolt", pages)(t, filepath.Join(folder, "index"))

		x, fresh := open(t, folder)
		want := 10
		if fresh {
			want = 0
		}
		wantTotal(t, x, "freight", want)
		if err := x.Put(t.Context(), search.Document{ID: "c", Title: "Freight"}); err != nil {
			t.Errorf("%d pages kept, opened as fresh: %t: Put: %v", pages, fresh, err)
		}
		wantTotal(t, x, "freight", want+1)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, folder)
	began := time.Now()
	_, _, err := bleveindex.Open(folder)
	if !errors.Is(err, bleveindex.ErrInUse) || !strings.Contains(err.Error(), folder) {
		t.Errorf("a second Open says %v, want that another process has %s open", err, folder)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a second Open takes %v, want about a second", took)
	}
}

func TestFolderIsFreeAfterClose(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fill(t, folder, "a")
	x, _ := open(t, folder)
	if err := x.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if _, err := x.Query(t.Context(), search.Query{}); err == nil {
		t.Error("a closed index answers")
	}
	if err := x.Put(t.Context(), search.Document{ID: "b"}); err == nil {
		t.Error("a closed index takes documents")
	}
	open(t, folder)
}

// killedFolder tells the test binary that it is the process to be killed.
const killedFolder = "BLEVEINDEX_KILLED_FOLDER"

// TestSurvivesKill kills a process that puts and deletes, and looks for all that it had said it wrote.
func TestSurvivesKill(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for round := range 3 {
		written := runAndKill(t, folder, round, 20+10*round)
		x, fresh, err := bleveindex.Open(folder)
		if err != nil {
			t.Fatalf("Open after the kill: %v", err)
		}
		if fresh {
			t.Error("the index opens as fresh after a kill")
		}
		ids, err := x.Revisions(t.Context())
		if err != nil {
			t.Fatalf("Revisions: %v", err)
		}
		for _, line := range written {
			id, deleted := strings.CutPrefix(line, "-")
			if _, there := ids[id]; there == deleted {
				t.Errorf("round %d: after %q, in the index: %t", round, line, !deleted)
			}
		}
		if err := x.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
}

// runAndKill starts the writer, kills it after so many writes, and returns them: an id, or "-" and an id deleted.
func runAndKill(t *testing.T, folder string, round, writes int) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriterProcess$")
	child.Env = append(os.Environ(), killedFolder+"="+folder, fmt.Sprintf("ROUND=%d", round))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var written []string
	for lines := bufio.NewScanner(out); len(written) < writes && lines.Scan(); {
		written = append(written, lines.Text())
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed, which is what it will say
	if len(written) < writes {
		t.Fatalf("the writer ended after %d writes, want %d", len(written), writes)
	}
	return written
}

// TestWriterProcess is the process that TestSurvivesKill kills; as a test of its own it does nothing.
func TestWriterProcess(t *testing.T) {
	t.Parallel()
	folder := os.Getenv(killedFolder)
	if folder == "" {
		t.Skip("only runs as a child of TestSurvivesKill")
	}
	x, _ := open(t, folder)
	for i := 0; ; i++ {
		id := fmt.Sprintf("%s-%d", os.Getenv("ROUND"), i)
		if err := x.Put(t.Context(), search.Document{ID: id, Title: "Freight", Pages: []string{strings.Repeat("tariff ", 200)}}); err != nil {
			t.Fatal(err)
		}
		if i%4 != 3 {
			_, _ = fmt.Fprintln(os.Stdout, id)
			continue
		}
		if err := x.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(os.Stdout, "-"+id)
	}
}

// fill makes an index with the documents and closes it.
func fill(t *testing.T, folder string, ids ...string) {
	t.Helper()
	x, _, err := bleveindex.Open(folder)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	for _, id := range ids {
		if err := x.Put(t.Context(), search.Document{ID: id, Title: "Freight " + id}); err != nil {
			t.Fatalf("Put: %v", err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

func wantTotal(t *testing.T, x *bleveindex.Index, words string, want int) {
	t.Helper()
	page, err := x.Query(t.Context(), search.Query{Words: words})
	if err != nil {
		t.Fatalf("Query %q: %v", words, err)
	}
	if page.Total != want {
		t.Errorf("Query %q: got a total of %d, want %d", words, page.Total, want)
	}
}
