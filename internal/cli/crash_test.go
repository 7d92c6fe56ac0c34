package cli_test

import (
	"cmp"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"collateral/internal/store"
)

// How often the server is killed. CRASH_ROUNDS asks for another number.
const (
	crashRounds     = 12
	crashRoundsSoak = 200 // with SOAK set
)

// TestKilledServer kills the server again and again in the middle of mixed work, starts it on the same folders, and
// holds what is there against what it had answered. CRASH_SEED repeats the random choices of an earlier run; when
// exactly a kill hits is up to the machine.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	seed, rounds := rand.Uint64(), crashRounds
	if os.Getenv("SOAK") != "" {
		rounds = crashRoundsSoak
	}
	for name, set := range map[string]func(text string) (err error){
		"CRASH_SEED":   func(text string) (err error) { seed, err = strconv.ParseUint(text, 10, 64); return err },
		"CRASH_ROUNDS": func(text string) (err error) { rounds, err = strconv.Atoi(text); return err },
	} {
		if text := os.Getenv(name); text != "" {
			if err := set(text); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			c := newCrash(t, dialect, seed)
			t.Cleanup(func() { t.Logf("with CRASH_SEED=%d: %s", seed, c.summary()) })
			for range rounds {
				c.round()
				if t.Failed() {
					t.FailNow() // what follows from a fault only hides it
				}
			}
			c.finish()
		})
	}
}

// round works until the server is killed, sometimes kills the next one too, and looks at what is there.
func (c *crash) round() {
	c.t.Helper()
	c.rounds++
	c.workUntilKilled()
	switch c.random.IntN(4) {
	case 0:
		c.killStarting()
	case 1:
		c.start()
		c.kill(upTo(c.random, 300*time.Millisecond)) // in the middle of what the first one left to do
	}
	c.start()
	c.check(wasTouched)
}

// finish looks at everything that was ever answered, a day later: then what no kill could clean up is swept.
func (c *crash) finish() {
	c.t.Helper()
	c.kill(0)
	c.age(filepath.Join(c.data, "blobs", "sha256"))
	c.start()
	c.checkSwept()
	c.check(everything)
	c.server.signal(c.t, syscall.SIGTERM)
	if code := c.server.wait(c.t); code != 0 {
		c.t.Errorf("got exit code %d after SIGTERM, want 0\n%s", code, c.server.stderr)
	}
	c.checkLog()
}

// workUntilKilled has everybody work at the same time until some number of requests had their effect, and then a
// moment longer: on a slow machine as much happens as on a fast one.
func (c *crash) workUntilKilled() {
	c.t.Helper()
	enough := c.whenAnswered(5 + c.random.IntN(50))
	done := make(chan struct{})
	workers := len(c.makers) + len(c.reps)
	work := func(step func() bool) {
		for step() {
		}
		done <- struct{}{}
	}
	for _, m := range c.makers {
		go work(m.step)
	}
	for _, r := range c.reps {
		go work(r.step)
	}
	select {
	case <-enough:
	case <-done: // a fault, which is reported
		workers--
	case <-time.After(patience):
	}
	c.kill(upTo(c.random, 50*time.Millisecond))
	for range workers {
		<-done
	}
}

// kill ends the server after a while, without a warning: it gets to do nothing more. What it has handed to the system
// still reaches the disk; a loss of power takes that too, and is not what this test can show.
func (c *crash) kill(after time.Duration) {
	c.t.Helper()
	<-time.After(after)
	c.dying.Store(true)
	c.server.signal(c.t, syscall.SIGKILL)
	c.server.wait(c.t)
	c.killedAt = time.Now()
	c.kills++
	c.checkLog()
}

// killStarting kills a server that has not begun to serve, or only just.
func (c *crash) killStarting() {
	c.t.Helper()
	cmd := exec.Command("collateral", append([]string{"serve", "--listen", "127.0.0.1:0"}, c.settings()...)...)
	said := newTranscript()
	cmd.Env, cmd.Stderr = unconfigured(), said
	if err := cmd.Start(); err != nil {
		c.t.Fatalf("starting the server: %v", err)
	}
	<-time.After(upTo(c.random, c.startTime*5/4))
	if err := cmd.Process.Kill(); err != nil {
		c.t.Fatalf("killing the starting server: %v", err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != -1 {
		c.t.Errorf("the server ended by itself before it was killed: %v\n%s", err, said)
	}
	c.killedAt = time.Now()
	c.kills++
}

// start starts a server a day after the last one, as far as the clocks of files and leases tell.
func (c *crash) start() {
	c.t.Helper()
	c.waitForDatabase()
	c.halfWritten += c.age(filepath.Join(c.data, "blobs", "tmp"))
	began := time.Now()
	c.server = startServer(c.t, c.settings()...)
	c.startTime = time.Since(began)
	c.dying.Store(false)
	c.endLeases()
}

func (c *crash) settings() []string {
	return []string{"--data", c.data, "--database-url", c.database, "--log-level", "warn"}
}

// checkLog refuses a server that had to complain of itself.
func (c *crash) checkLog() {
	c.t.Helper()
	log := c.server.stderr.String()
	for _, complaint := range []string{"level=ERROR", "DATA RACE", "panic:"} {
		if strings.Contains(log, complaint) {
			c.t.Errorf("the server's log has %s:\n%s", complaint, log)
		}
	}
}

func upTo(random *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(cmp.Or(most, 1))))
}
