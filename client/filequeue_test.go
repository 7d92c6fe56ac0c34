package client

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// A queue that is never empty keeps its order, within a file that does not grow for ever, over any number of openings.
func TestFileQueueKeepsOrder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open := func() *fileQueue {
		q, damage, err := openFileQueue(folder, 4<<20)
		if err != nil || damage != nil {
			t.Fatal(err, damage)
		}
		t.Cleanup(func() { _ = q.close() })
		return q
	}
	q := open()
	put, taken := 0, 0
	for round := range 100 {
		for range 10 {
			if err := q.put(fmt.Appendf(nil, `"%05d %08000d"`, put, 0)); err != nil {
				t.Fatal(err)
			}
			put++
		}
		b, err := q.oldest(1 + rand.IntN(10))
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range b.events {
			if got, want := string(event[1:6]), fmt.Sprintf("%05d", taken); got != want {
				t.Fatalf("got event %s, want %s", got, want)
			}
			taken++
		}
		if err := q.done(b); err != nil {
			t.Fatal(err)
		}
		for q.waiting() > 100 {
			if b, err = q.oldest(50); err != nil {
				t.Fatal(err)
			}
			taken += len(b.events)
			if err := q.done(b); err != nil {
				t.Fatal(err)
			}
		}
		if round%20 == 19 {
			if err := q.close(); err != nil {
				t.Fatal(err)
			}
			q = open()
		}
		if got := q.waiting(); got != put-taken {
			t.Fatalf("got %d waiting, want %d", got, put-taken)
		}
		info, err := os.Stat(filepath.Join(folder, usesFile))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 2<<20 {
			t.Fatalf("the file takes %d bytes for %d uses", info.Size(), q.waiting())
		}
	}
}

// However a file is cut or changed, reading it ends, and finds only what was put, in order.
func TestScanSurvivesAnything(t *testing.T) {
	t.Parallel()
	var file []byte
	for i := range 20 {
		file = appendRecord(file, useMark, fmt.Appendf(nil, `{"id":"%d"}`, i))
		if i == 9 {
			file = appendNote(file, int64(len(file)/2))
		}
	}
	whole := len(scan(file).uses)
	for range 2000 {
		data := slices.Clone(file[:rand.IntN(len(file)+1)])
		for range rand.IntN(4) {
			if len(data) > 0 {
				data[rand.IntN(len(data))] = byte(rand.Uint32())
			}
		}
		last := int64(-1)
		c := scan(data)
		for _, u := range c.uses {
			if mark, _, ok := readRecord(data[u.start:u.end]); !ok || mark != useMark || u.start <= last {
				t.Fatalf("got a use at %d that is none", u.start)
			}
			last = u.start
		}
		if len(c.uses) > whole+10 {
			t.Fatalf("got %d uses of 20", len(c.uses))
		}
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, "-1": 0, "soon": 0, "99999999999999": 0,
		"Sun, 22 Nov 2026 10:01:00 GMT": time.Minute, "Sun, 22 Nov 2026 09:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("Retry-After %q: got %s, want %s", header, got, want)
		}
	}
}

// Pauses grow, are bounded, are not all the same, and are never less than what the server asks for.
func TestPausesBetweenAttempts(t *testing.T) {
	t.Parallel()
	c := &Client{settings: defaults()}
	for failures, most := range map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 20: 5 * time.Minute, 100: 5 * time.Minute} {
		seen := map[time.Duration]bool{}
		for range 50 {
			wait := c.wait(failures, 0)
			if wait < most/2 || wait > most {
				t.Errorf("after %d failures: got %s, want between %s and %s", failures, wait, most/2, most)
			}
			seen[wait] = true
		}
		if len(seen) < 10 {
			t.Errorf("after %d failures: got %d different pauses of 50", failures, len(seen))
		}
	}
	if got := c.wait(0, time.Minute); got < time.Minute {
		t.Errorf("asked for a minute: got %s", got)
	}
	if got := c.wait(0, 1000*time.Hour); got > 2*time.Hour {
		t.Errorf("asked for weeks: got %s", got)
	}
}
