//go:build unix

package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// untilInputEnds runs the server until its standard input is closed, which the kernel does however the test binary ends.
// $1 is the program, $2 the folder, $3 the port.
const untilInputEnds = `
"$1" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
`

// untilTheTestsEnd removes the cluster afterwards.
const untilTheTestsEnd = untilInputEnds + `rm -rf "$2"
`

// startCluster makes a cluster in a temporary folder and returns its address once it answers. Root, whom PostgreSQL does
// not serve, has the user postgres or nobody run it.
func startCluster(programs string) (string, error) {
	c, err := newCluster(programs)
	if err != nil {
		return "", err
	}
	return c.url(), c.start(untilTheTestsEnd)
}

// cluster is a folder with databases, and the server on it.
type cluster struct {
	programs, folder string
	port             int
	account          *syscall.SysProcAttr
	guard            *exec.Cmd
	input            io.Closer
	ended            <-chan struct{} // closed when the server has ended
}

// newCluster makes a cluster in a temporary folder, without a server.
func newCluster(programs string) (*cluster, error) {
	folder, err := os.MkdirTemp("", "collateral-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{programs: programs, folder: folder}
	if c.account, err = clusterAccount(folder); err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "-D", filepath.Join(folder, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = folder, c.account
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(folder))
	}
	c.port, err = freePort()
	return c, err
}

func (c *cluster) url() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// start starts the server under a script that ends it, and waits until it answers.
func (c *cluster) start(script string) (err error) {
	c.guard = exec.Command("sh", "-c", script, "sh", filepath.Join(c.programs, "postgres"), c.folder, strconv.Itoa(c.port))
	c.guard.Dir, c.guard.SysProcAttr = "/", c.account
	if c.input, err = c.guard.StdinPipe(); err != nil { // open until this process ends
		return err
	}
	if err := c.guard.Start(); err != nil {
		return err
	}
	waited := make(chan struct{})
	go func(guard *exec.Cmd, _ io.Closer) { // the pipe is not collected, and so not closed, before
		_ = guard.Wait()
		close(waited)
	}(c.guard, c.input)
	c.ended = waited
	if err := answers(c.url()); err != nil {
		return fmt.Errorf("the PostgreSQL cluster in %s does not answer: %w: %s", c.folder, err, c.log())
	}
	return nil
}

func (c *cluster) log() string {
	log, _ := os.ReadFile(filepath.Join(c.folder, "log"))
	return string(log)
}

// clusterAccount gives the folder to the account that runs the cluster; nil is the account of the tests.
func clusterAccount(folder string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		if account, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(folder, int(uid), int(gid)); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func answers(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}
