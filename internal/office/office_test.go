package office_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"collateral/internal/office"
)

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// patience is for a machine that is busy with other tests.
const patience = time.Minute

// standIn is testdata/soffice within the limits.
func standIn(t *testing.T, change func(*office.Limits)) *office.Converter {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no /bin/sh to run the stand-in for soffice")
	}
	program, err := filepath.Abs("testdata/soffice")
	if err != nil {
		t.Fatal(err)
	}
	limits := office.DefaultLimits()
	limits.Time = patience
	if change != nil {
		change(&limits)
	}
	return office.New(program, limits)
}

func pdf(t *testing.T, c *office.Converter, file string) (string, error) {
	t.Helper()
	made, err := c.PDF(t.Context(), docx, strings.NewReader(file), int64(len(file)))
	return string(made), err
}

func TestFilesBecomePDFs(t *testing.T) {
	t.Parallel()
	c := standIn(t, nil)
	for _, of := range []string{"prices", "terms"} {
		got, err := pdf(t, c, "works "+of+"\n")
		if err != nil || got != "%PDF of "+of {
			t.Errorf("got %q, %v; want the PDF of %s", got, err, of)
		}
	}
}

// A file of a stranger sees a folder of its own, and nothing of what the server knows.
func TestConversionsAreByThemselves(t *testing.T) {
	t.Parallel()
	told, err := pdf(t, standIn(t, nil), "tells\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"document.docx", "collateral-office-", "DisableMacrosExecution"} {
		if !strings.Contains(told, want) {
			t.Errorf("got no %s in:\n%s", want, told)
		}
	}
	ordinary := strings.Fields("HOME TMPDIR PATH LANG PWD OLDPWD SHLVL _")
	for line := range strings.Lines(told) {
		if name, _, found := strings.Cut(line, "="); found && strings.ToUpper(name) == name && !slices.Contains(ordinary, name) {
			t.Errorf("got the variable %s", line)
		}
	}
	_, folder, _ := strings.Cut(told, "TMPDIR=")
	folder, _, _ = strings.Cut(folder, "\n")
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("afterwards, %q: got error %v, want that it is gone", folder, err)
	}
}

func TestFilesThatBecomeNoPDF(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, file string
		change     func(*office.Limits)
		says       string
	}{
		{"refused", "damaged", nil, "could not be loaded"},
		{"made nothing of", "makes-nothing", nil, "made nothing"},
		{"hangs", "hangs", func(l *office.Limits) { l.Time = time.Second }, "longer than 1s"},
		{"works without end", "loops", func(l *office.Limits) { l.Work = time.Second }, "killed"},
		{"talks without end", "talks", func(l *office.Limits) { l.Time = time.Second }, "longer than 1s"},
		{"becomes too large", "grows", func(l *office.Limits) { l.Output = 1 << 20 }, ""},
		{"becomes larger by a byte", "works x", func(l *office.Limits) { l.Output = 8 }, "larger than 8 bytes"},
		{"needs too much memory", "hungers", func(l *office.Limits) { l.Memory = 64 << 20 }, ""},
		{"too large", "works", func(l *office.Limits) { l.Input = 3 }, "may have 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := pdf(t, standIn(t, test.change), test.file+"\n"); !errors.Is(err, office.ErrNone) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got error %v, want ErrNone with %q", err, test.says)
			}
		})
	}
	_, err := standIn(t, nil).PDF(t.Context(), "application/zip", strings.NewReader("works"), 5)
	if !errors.Is(err, office.ErrNone) {
		t.Errorf("an archive: got error %v, want ErrNone", err)
	}
}

// What a conversion leaves running is ended with it.
func TestNothingIsLeftRunning(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends what a process started")
	}
	mark := fmt.Sprintf("600.%d", os.Getpid()) // seconds that nobody else sleeps
	if _, err := pdf(t, standIn(t, nil), "leaves "+mark+"\n"); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the process that was left is gone", func() bool { return !runs(t, "sleep\x00"+mark) })
}

// runs tells whether there is a process with the command line.
func runs(t *testing.T, command string) bool {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Fatalf("got %d processes, %v", len(lines), err)
	}
	return slices.ContainsFunc(lines, func(file string) bool {
		line, _ := os.ReadFile(file) // it may have ended meanwhile
		return strings.HasPrefix(string(line), command)
	})
}

func TestWhoAskedMayLeave(t *testing.T) {
	t.Parallel()
	c := standIn(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	for range 2 { // one hangs, and the other waits for it
		go func() {
			_, err := c.PDF(ctx, docx, strings.NewReader("hangs\n"), 6)
			ended <- err
		}()
	}
	time.AfterFunc(100*time.Millisecond, leave)
	for range 2 {
		select {
		case err := <-ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want that nobody wants it any more", err)
			}
		case <-time.After(patience):
			t.Fatal("the conversion goes on")
		}
	}
	if got, err := pdf(t, c, "works again\n"); err != nil || got != "%PDF of again" {
		t.Errorf("after that: got %q, %v", got, err)
	}
}

// A LibreOffice that is not there, or a file that cannot be read, is no fault of the document.
func TestFaultsOfOthers(t *testing.T) {
	t.Parallel()
	missing := office.New(filepath.Join(t.TempDir(), "soffice"), office.DefaultLimits())
	if _, err := pdf(t, missing, "works\n"); err == nil || errors.Is(err, office.ErrNone) || !strings.Contains(err.Error(), "soffice") {
		t.Errorf("without the program: got error %v, want one that names it and is not the file's", err)
	}
	broken := io.MultiReader(strings.NewReader("works"), failing{net.ErrClosed})
	if _, err := standIn(t, nil).PDF(t.Context(), docx, broken, 100); !errors.Is(err, net.ErrClosed) || errors.Is(err, office.ErrNone) {
		t.Errorf("a broken store: got error %v, want the store's", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestKindsOfFiles(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]bool{
		docx: true, docx + "; charset=binary": true, "application/msword": true, "application/vnd.oasis.opendocument.presentation": true,
		"application/pdf": false, "text/html": false, "application/vnd.ms-excel": false, "": false,
	} {
		if got := office.Reads(mediaType); got != want {
			t.Errorf("%q: got %v, want %v", mediaType, got, want)
		}
	}
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", patience, what)
		}
	}
}
