package extract

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/demo/files"
)

func TestRunnerReadsAsExtractDoes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		mediaType string
		doc       []byte
	}{
		{"pdf", typePDF, write(t, files.PDF, sampleDocument())},
		{"docx", typeDOCX, write(t, files.DOCX, sampleDocument())},
		{"pptx", typePPTX, write(t, files.PPTX, sampleDeck())},
		{"html", "text/html", write(t, files.HTML, sampleDocument())},
		{"text", "text/plain", []byte("quotes \" and \\ and <tags>\n\fsecond page")},
		{"damaged", typeDOCX, []byte("no archive")},
		{"unsupported", "video/mp4", []byte("no text")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want, wantErr := extractBytes(t, test.mediaType, test.doc, testLimits())
			runner := Runner{Command: childCommand(t, "child"), Limits: testLimits()}

			got, err := runner.Extract(t.Context(), test.mediaType, bytes.NewReader(test.doc), int64(len(test.doc)))
			if diff := cmp.Diff(want, got); diff != "" || errorText(err) != errorText(wantErr) {
				t.Errorf("from memory: got error %v, want %v; result (-want +got):\n%s", err, wantErr, diff)
			}
			got, err = runner.Extract(t.Context(), test.mediaType, onDisk(t, test.doc), int64(len(test.doc)))
			if diff := cmp.Diff(want, got); diff != "" || errorText(err) != errorText(wantErr) {
				t.Errorf("from a file: got error %v, want %v; result (-want +got):\n%s", err, wantErr, diff)
			}
			wantReason, _ := ReasonFor(wantErr)
			if reason, _ := ReasonFor(err); reason != wantReason {
				t.Errorf("got failure %q, want %q", string(reason), string(wantReason))
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func onDisk(t *testing.T, doc []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "document")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRunnerUsesWhatIsInstalled(t *testing.T) {
	t.Parallel()
	doc := write(t, files.PDF, sampleDocument())
	read := func(t *testing.T, path string) Result {
		t.Helper()
		runner := Runner{Command: childCommand(t, "child", "PATH="+path), Limits: testLimits()}
		res, err := runner.Extract(t.Context(), typePDF, bytes.NewReader(doc), int64(len(doc)))
		if err != nil {
			t.Fatal(err)
		}
		wantPages(t, flat(res.Pages), sampleDocumentPages())
		return res
	}
	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		if res := read(t, t.TempDir()); res.Engine != "go-pdf" {
			t.Errorf("got engine %q, want go-pdf", res.Engine)
		}
	})
	t.Run("pdftotext", func(t *testing.T) {
		t.Parallel()
		if res := read(t, filepath.Dir(poppler(t))); res.Engine != "pdftotext" {
			t.Errorf("got engine %q, want pdftotext", res.Engine)
		}
	})
	t.Run("a pdftotext that does not start", func(t *testing.T) {
		t.Parallel()
		if res := read(t, fakePoppler(t, "#!/no/such/interpreter\n")); res.Engine != "go-pdf" {
			t.Errorf("got engine %q, want go-pdf", res.Engine)
		}
	})
}

// fakePoppler returns a folder with a pdftotext of our own.
func fakePoppler(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pdftotext"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRunnerOutlivesItsChildren(t *testing.T) {
	t.Parallel()
	doc := []byte("some text")
	for _, test := range []struct {
		child string
		want  Failure // empty: the document is not to blame
	}{
		{"child-that-hangs", TimedOut},
		{"child-that-crashes", Damaged},
		{"child-that-talks", TooLarge},
		{"child-that-eats-memory", TooLarge},
		{"child-that-cannot", ""},
	} {
		t.Run(test.child, func(t *testing.T) {
			t.Parallel()
			if test.child == "child-that-eats-memory" && !memoryIsBounded {
				t.Skip("memory is not bounded here")
			}
			lim := testLimits()
			if test.want == TimedOut {
				lim.Time = 100 * time.Millisecond
			}
			runner := Runner{Command: childCommand(t, test.child), Limits: lim}
			_, err := runner.Extract(t.Context(), "text/plain", bytes.NewReader(doc), int64(len(doc)))
			if got, _ := ReasonFor(err); err == nil || got != test.want {
				t.Errorf("got %v, want failure %q", err, string(test.want))
			}
		})
	}
}

func TestRunnerKillsATool(t *testing.T) {
	t.Parallel()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("no sleep command to make a slow tool from")
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to make a slow tool from")
	}
	lim := testLimits()
	lim.Time = 200 * time.Millisecond
	runner := Runner{Command: childCommand(t, "child", "PATH="+fakePoppler(t, "#!"+shell+"\nexec "+sleep+" 3600\n")), Limits: lim}
	doc := write(t, files.PDF, sampleDocument())
	_, err = runner.Extract(t.Context(), typePDF, bytes.NewReader(doc), int64(len(doc)))
	wantFailure(t, err, TimedOut)
}

func TestRunnerEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	runner := Runner{Command: childCommand(t, "child-that-hangs"), Limits: testLimits()}
	_, err := runner.Extract(ctx, "text/plain", strings.NewReader("text"), 4)
	if _, blamed := ReasonFor(err); blamed || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want the error of the context", err)
	}
}

func TestRunnerBoundsMemoryOfHostilePDFs(t *testing.T) {
	t.Parallel()
	if !memoryIsBounded {
		t.Skip("memory is not bounded here")
	}
	doc := hugeIndex()
	runner := Runner{Command: childCommand(t, "child", "PATH="+t.TempDir()), Limits: testLimits()}
	res, err := runner.Extract(t.Context(), typePDF, bytes.NewReader(doc), int64(len(doc)))
	if got, _ := ReasonFor(err); got != TooLarge {
		t.Fatalf("got %d pages, %v; want %q", len(res.Pages), err, string(TooLarge))
	}
}

func TestRunnerCannotStart(t *testing.T) {
	t.Parallel()
	runner := Runner{Command: []string{filepath.Join(t.TempDir(), "missing")}, Limits: testLimits()}
	_, err := runner.Extract(t.Context(), "text/plain", strings.NewReader("text"), 4)
	if _, blamed := ReasonFor(err); err == nil || blamed {
		t.Fatalf("got %v, want an error that does not blame the document", err)
	}
}
