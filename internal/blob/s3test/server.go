package s3test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Server is a versitygw on 127.0.0.1.
type Server struct {
	URL string // http://127.0.0.1:PORT, the same after a restart

	program string
	folder  string
	port    int
	buckets atomic.Int64 // that were named

	stdin  io.Closer // keeps it running
	pid    int
	exited chan struct{}
}

func newServer() (*Server, error) {
	path, err := program()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "collateral-s3-")
	if err != nil {
		return nil, err
	}
	for _, below := range []string{"objects", "said"} {
		if err := os.Mkdir(filepath.Join(folder, below), 0o700); err != nil {
			return nil, err
		}
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	return &Server{URL: fmt.Sprintf("http://127.0.0.1:%d", port), program: path, folder: folder, port: port}, nil
}

// untilTheTestsEnd runs the server until its standard input is closed, which the kernel does however the test binary
// ends, and then removes the folder, unless it is to be kept for a restart. $1 is the folder, the rest the command.
const untilTheTestsEnd = `
folder=$1; shift
"$@" >>"$folder/log" 2>&1 </dev/null &
server=$!
echo $server
cat >/dev/null
kill -KILL $server
wait $server
[ -e "$folder/kept" ] || rm -rf "$folder"
`

// start starts the server and waits until it answers.
func (s *Server) start() error {
	command := []string{"-c", untilTheTestsEnd, "sh", s.folder, s.program, "--port", "127.0.0.1:" + strconv.Itoa(s.port),
		"--region", Region, "--health", "/health", "--keep-alive", "--quiet",
		"posix", "--sidecar", filepath.Join(s.folder, "said"), filepath.Join(s.folder, "objects")}
	guard := exec.Command("sh", command...)
	guard.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+Access, "ROOT_SECRET_KEY="+Secret)
	stdin, err := guard.StdinPipe() // open until this process ends
	if err != nil {
		return err
	}
	stdout, err := guard.StdoutPipe()
	if err != nil {
		return err
	}
	if err := guard.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err == nil {
		s.pid, err = strconv.Atoi(strings.TrimSpace(line))
	}
	if err != nil {
		return errors.Join(err, stdin.Close())
	}
	s.stdin, s.exited = stdin, make(chan struct{})
	go func() {
		_ = guard.Wait() // it was killed, or has nothing to say
		close(s.exited)
	}()
	return s.answers()
}

func (s *Server) answers() error {
	deadline := time.Now().Add(time.Minute)
	for {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(strings.TrimPrefix(s.URL, "https://"), "http://"), time.Second)
		if err == nil {
			_ = conn.Close()
			return nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("the S3 server in %s does not answer: %w: %s", s.folder, err, log)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Stop ends the server at once, as a crash would. What it keeps stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, "kept"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.stop()
}

func (s *Server) stop() {
	_ = s.stdin.Close() // the guard ends the server then
	<-s.exited
}

// Restart starts the server again after Stop, at the same address.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Pause has the server hang: it takes connections, and does not answer. It does so a moment after the signal.
func (s *Server) Pause(t testing.TB) {
	t.Helper()
	s.signal(t, syscall.SIGSTOP)
	client := &http.Client{Timeout: 100 * time.Millisecond}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		answer, err := client.Get(s.URL + "/health")
		if err != nil {
			return
		}
		_ = answer.Body.Close()
	}
	t.Fatal("the S3 server answers after it was told to stop")
}

// Resume lets a paused server go on.
func (s *Server) Resume(t testing.TB) { s.signal(t, syscall.SIGCONT) }

func (s *Server) signal(t testing.TB, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(s.pid, sig); err != nil {
		t.Fatalf("sending %s to the S3 server: %v", sig, err)
	}
}

func (s *Server) end() {
	s.stop()
	_ = os.RemoveAll(s.folder)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
