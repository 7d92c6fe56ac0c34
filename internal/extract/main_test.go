package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test binary its own child: with one of these words as its first argument it reads a document, or
// misbehaves as no document should make it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "child":
			if err := ChildMain(os.Args[2:], os.Stdin, os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		case "measured-child":
			os.Exit(measure(os.Args[2], os.Args[3:]))
		case "child-that-hangs":
			time.Sleep(time.Hour)
		case "child-that-crashes":
			panic("no such document")
		case "child-that-eats-memory":
			eatMemory(os.Args[3:])
		case "child-that-talks":
			for {
				_, _ = fmt.Fprintln(os.Stdout, strings.Repeat("text ", 1000))
			}
		case "child-that-cannot":
			fmt.Fprintln(os.Stderr, "no limits here")
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func eatMemory(limits []string) {
	if err := limitMemory(testLimits().Memory); err != nil {
		panic(err)
	}
	var kept [][]byte
	for {
		kept = append(kept, bytes.Repeat([]byte("x"), 1<<20))
		if len(kept) > 4096 {
			panic(fmt.Sprintf("ate 4 GiB within limits %v", limits))
		}
	}
}

func testLimits() Limits {
	lim := DefaultLimits()
	lim.Time = time.Minute // the machine may be busy; tests about time set their own
	return lim
}

// childCommand starts this binary as the given child, with the settings ("NAME=value") in its environment.
func childCommand(t *testing.T, child string, settings ...string) []string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if len(settings) == 0 {
		return []string{exe, child}
	}
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip("no env command to change a child's environment with")
	}
	return append(append([]string{env}, settings...), exe, child)
}

// write returns what a writer of documents writes.
func write[D any](t testing.TB, to func(io.Writer, D) error, doc D) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := to(&b, doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// poppler returns pdftotext, or skips.
func poppler(t testing.TB) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: install poppler-utils")
		}
		t.Skip("pdftotext is not installed: install poppler-utils to run this test")
	}
	return tool
}

// engines are the ways to read a PDF.
func engines(t testing.TB) map[string]reader {
	t.Helper()
	all := map[string]reader{"go-pdf": readPDFByGo}
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		all["pdftotext"] = func(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
			return readPDFByPoppler(ctx, tool, r, size, lim)
		}
	}
	return all
}

func extractBytes(t testing.TB, mediaType string, doc []byte, lim Limits) (Result, error) {
	t.Helper()
	return Extract(t.Context(), mediaType, bytes.NewReader(doc), int64(len(doc)), lim)
}

// wantFailure ends the test unless err wraps the failure.
func wantFailure(t testing.TB, err error, want Failure) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want one that is %q", err, string(want))
	}
}

// wantPages checks that each page has its words, in order, and that words of other pages are not on it.
func wantPages(t testing.TB, got []string, want [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d pages, want %d:\n%q", len(got), len(want), got)
	}
	for i, page := range got {
		rest := page
		for _, words := range want[i] {
			_, after, found := strings.Cut(rest, words)
			if !found {
				t.Errorf("page %d: got %q, want %q in it, after what comes before", i+1, page, words)
				break
			}
			rest = after
		}
		for j, others := range want {
			for _, words := range others {
				if i != j && strings.Contains(page, words) {
					t.Errorf("page %d: got %q, want %q on page %d only", i+1, page, words, j+1)
				}
			}
		}
	}
}
