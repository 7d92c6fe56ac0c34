package client_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"collateral/client"
)

// TestMain lets tests start this binary as a program that reports.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == reporter {
		if err := reportForever(os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

const reporter = "report-for-ever"

// reportForever reports in several goroutines, sends at the same time, and prints the id of each use that is acknowledged.
func reportForever(url, token, piece, folder string) error {
	c, err := client.New(url, token, client.InFolder(folder), client.Linger(0))
	if err != nil {
		return err
	}
	ctx, failed := context.Background(), make(chan error, 5)
	go func() { failed <- c.Run(ctx) }()
	var printing sync.Mutex
	for range 4 {
		go func() {
			for {
				u := client.Use{ID: uuid.NewString(), AssetID: piece, Kind: client.Download}
				if err := c.Report(ctx, u); err != nil {
					failed <- err
					return
				}
				printing.Lock()
				_, _ = fmt.Fprintln(os.Stdout, u.ID)
				printing.Unlock()
			}
		}()
	}
	return <-failed
}

// A program is killed again and again while it reports and sends. What it was told is kept counts, once.
func TestKilledWhileReporting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := t.TempDir()
	acknowledged := map[string]bool{}
	for round := range 6 {
		child := exec.Command(os.Args[0], reporter, w.url, w.token, w.piece, folder)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if id := lines.Text(); len(id) == 36 {
				acknowledged[id] = true
			}
			if n == 100*round+7 {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // it was killed
	}
	c := w.client(client.InFolder(folder), client.OnTrouble(func(err error) { t.Error(err) }))
	flush(t, c)
	recorded := w.recorded()
	for id := range acknowledged {
		if !recorded[id] {
			t.Errorf("%s was acknowledged and is not recorded", id)
		}
	}
	if got := w.downloads(); got != len(recorded) || len(acknowledged) < 1000 {
		t.Errorf("the figures show %d downloads of %d uses recorded and %d acknowledged", got, len(recorded), len(acknowledged))
	}
}

// Whatever a crash or a disk does to the file, what can be read of it is sent, and the client works.
func TestPoisonedFile(t *testing.T) {
	t.Parallel()
	whole := func(folder string) []byte {
		c := nowhere(t, client.InFolder(folder))
		reportTo(t, c, 5)
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(folder, "uses.queue"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	for _, test := range []struct {
		name    string
		poison  func(b []byte) []byte
		want    int // of the five
		damaged bool
	}{
		{"untouched", func(b []byte) []byte { return b }, 5, false},
		{"torn in the last record", func(b []byte) []byte { return b[:len(b)-10] }, 4, false},
		{"torn in the last header", func(b []byte) []byte { return append(b, 0xc0, 'u') }, 5, false},
		{"room never written", func(b []byte) []byte { return append(b, make([]byte, 4096)...) }, 5, false},
		{"a bit in the second", func(b []byte) []byte { b[len(b)/5+20] ^= 4; return b }, 4, true},
		{"a length out of bounds", func(b []byte) []byte { b[len(b)/5+7] = 0xff; return b }, 4, true},
		{"the beginning overwritten", func(b []byte) []byte { copy(b, "<html>"); return b }, 4, true},
		{"something else altogether", func([]byte) []byte { return []byte(strings.Repeat("not a queue\n", 9000)) }, 0, true},
		{"empty", func([]byte) []byte { return nil }, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "uses.queue"), test.poison(whole(folder)), 0o600); err != nil {
				t.Fatal(err)
			}
			var told error
			c := nowhere(t, client.InFolder(folder), client.OnTrouble(func(err error) { told = err }))
			if got := c.Waiting(); got != test.want || (told != nil) != test.damaged {
				t.Errorf("got %d waiting and trouble %v, want %d, and trouble %t", got, told, test.want, test.damaged)
			}
			if aside, _ := filepath.Glob(filepath.Join(folder, "damaged-*")); (len(aside) == 1) != test.damaged {
				t.Errorf("got %q kept aside, want it %t", aside, test.damaged)
			}
			reportTo(t, c, 1)
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			c = nowhere(t, client.InFolder(folder), client.OnTrouble(func(err error) { t.Error(err) }))
			if got := c.Waiting(); got != test.want+1 {
				t.Errorf("opened again: got %d waiting, want %d", got, test.want+1)
			}
		})
	}
}

func TestFullQueue(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]client.Option{"memory": nil, "folder": {client.InFolder(t.TempDir())}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.client(append(options, client.Capacity(2000))...)
			reported := 0
			var err error
			for ; err == nil; reported++ {
				err = c.Report(t.Context(), client.Use{AssetID: w.piece, Kind: client.Download})
			}
			reported--
			if !errors.Is(err, client.ErrFull) || reported == 0 {
				t.Fatalf("after %d uses: got %v, want ErrFull", reported, err)
			}
			flush(t, c)
			w.report(c, 1)
			flush(t, c)
			if got := w.downloads(); got != reported+1 {
				t.Errorf("got %d downloads, want %d", got, reported+1)
			}
		})
	}
}

// A folder is one client's at a time.
func TestFolderInUse(t *testing.T) {
	t.Parallel()
	folder := client.InFolder(t.TempDir())
	first := nowhere(t, folder)
	if _, err := client.New("http://127.0.0.1:1", "ct_none", folder); !errors.Is(err, client.ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	nowhere(t, folder)
}

// Without a folder, what was not sent is lost, and that is said.
func TestMemoryIsLost(t *testing.T) {
	t.Parallel()
	c := nowhere(t)
	reportTo(t, c, 2)
	if err := c.Close(); err == nil || !strings.Contains(err.Error(), "2 uses were not sent") {
		t.Errorf("got %v, want it to say that 2 uses are lost", err)
	}
}

// nowhere is a client that never reaches a server.
func nowhere(t *testing.T, options ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, "http://127.0.0.1:1", "ct_none", options...)
}

func reportTo(t *testing.T, c *client.Client, n int) {
	t.Helper()
	for range n {
		if err := c.Report(t.Context(), client.Use{AssetID: uuid.NewString(), Kind: client.View}); err != nil {
			t.Fatal(err)
		}
	}
}
