package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a process that serves, the program or the bare server.
type server struct {
	cmd     *exec.Cmd
	address string        // host:port
	ready   time.Duration // from its start to its being ready
	log     string        // path
}

// startup bounds how long a server may take to start.
const startup = time.Minute

// serve starts the program on a library's database and folder, and waits until it is ready.
func (b *bench) serve(ctx context.Context, l *library, flags ...string) (*server, error) {
	return b.start(ctx, l.folder+"/server.log", b.program, append([]string{"serve", "--listen", "127.0.0.1:0", "--log-level", "warn",
		"--data", l.folder, "--database-url", l.address}, flags...)...)
}

// start starts a server that prints the address it listens on, and waits until /readyz answers.
func (b *bench) start(ctx context.Context, log, program string, args ...string) (*server, error) {
	stderr, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	s := &server{cmd: exec.CommandContext(ctx, program, args...), log: log}
	s.cmd.Env = append(unconfigured(), storeEnvironment()...)
	s.cmd.Stderr = stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a server: %w", err)
	}
	said := bufio.NewReader(stdout)
	if s.address, err = listensOn(said); err == nil {
		go func() { _, _ = io.Copy(io.Discard, said) }() // so that it never waits for us to read
		err = s.isReady(ctx, began)
	}
	if err != nil {
		return nil, errors.Join(err, s.kill())
	}
	s.ready = time.Since(began)
	return s, nil
}

// unconfigured is the environment without anything that would configure the program.
func unconfigured() (env []string) {
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !isStoreVariable(name) && !slices.Contains([]string{"DATABASE_URL", "BLOB_URL", "SEARCH_URL", "SEARCH_KEY", "SEARCH_INDEX"}, name) && !strings.HasPrefix(name, "COLLATERAL_") {
			env = append(env, v)
		}
	}
	return env
}

func listensOn(said *bufio.Reader) (string, error) {
	line, err := said.ReadString('\n')
	for word := range strings.FieldsSeq(line) {
		if at, urlErr := url.Parse(word); urlErr == nil && at.Scheme == "http" {
			return at.Host, nil
		}
	}
	return "", errors.Join(fmt.Errorf("a server said %q instead of where it listens", line), err)
}

func (s *server) isReady(ctx context.Context, began time.Time) error {
	for time.Since(began) < startup {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("a server was not ready within %s", startup)
}

// stop ends the server as an admin would, and says so when it does not end well.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		log, _ := os.ReadFile(s.log)
		return fmt.Errorf("a server ended with %w: %s", err, log)
	}
	return nil
}

func (s *server) kill() error {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed
	log, err := os.ReadFile(s.log)
	return errors.Join(fmt.Errorf("the server's log: %s", log), err)
}

// cpu returns the processor time that the process has taken.
func (s *server) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The second field is the name in parentheses, which may hold anything; user and system time are the 14th and 15th.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("unexpected /proc/PID/stat: %q", text)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	if err != nil {
		return 0, err
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every architecture that Go runs on
	return time.Duration(user+system) * tick, nil
}

// memory returns a figure of /proc/PID/status, such as VmRSS or RssAnon, in bytes.
func (s *server) memory(name string) (int64, error) {
	value := field(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), name)
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(value, " kB"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading %s of the server: %w", name, err)
	}
	return kilobytes << 10, nil
}

// pause waits, and returns early with the reason when ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
