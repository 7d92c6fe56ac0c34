//go:build unix

package storetest

import (
	"context"
	"errors"
	"fmt"
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

// untilTheTestsEnd runs the server until its standard input is closed, which the kernel does however the test binary
// ends, and then removes the cluster. $1 is the program, $2 the folder, $3 the port.
const untilTheTestsEnd = `
"$1" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c shared_buffers=64MB >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"
`

// startCluster makes a cluster in a temporary folder and returns its address once it answers. Root, whom PostgreSQL does
// not serve, has the user postgres or nobody run it.
func startCluster(programs string) (string, error) {
	folder, err := os.MkdirTemp("", "collateral-postgres-")
	if err != nil {
		return "", err
	}
	account, err := clusterAccount(folder)
	if err != nil {
		return "", err
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "-D", filepath.Join(folder, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = folder, account
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(folder))
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	guard := exec.Command("sh", "-c", untilTheTestsEnd, "sh", filepath.Join(programs, "postgres"), folder, strconv.Itoa(port))
	guard.Dir, guard.SysProcAttr = "/", account
	if _, err := guard.StdinPipe(); err != nil { // open until this process ends
		return "", err
	}
	if err := guard.Start(); err != nil {
		return "", err
	}
	go func() { _ = guard.Wait() }() // also keeps the pipe from being collected, and so closed
	address := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	if err := answers(address); err != nil {
		log, _ := os.ReadFile(filepath.Join(folder, "log"))
		return "", fmt.Errorf("the PostgreSQL cluster in %s does not answer: %w: %s", folder, err, log)
	}
	return address, nil
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
