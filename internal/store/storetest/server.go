package storetest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// errNoServer says that this machine has no PostgreSQL.
var errNoServer = errors.New("TEST_DATABASE_URL is not set, and there is no initdb on the PATH or in /usr/lib/postgresql")

// postgresServer is the one server of a test binary: the one it was told of, else a throw-away cluster.
var postgresServer = sync.OnceValues(func() (string, error) {
	if url := os.Getenv("TEST_DATABASE_URL"); url != "" {
		return url, nil
	}
	programs, ok := findPrograms()
	if !ok {
		return "", errNoServer
	}
	return startCluster(programs)
})

// server returns the address of the PostgreSQL server; without one it ends the test.
func server(t testing.TB) string {
	t.Helper()
	url, err := postgresServer()
	switch {
	case err == nil:
		return url
	case errors.Is(err, errNoServer) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED ON POSTGRESQL: %v", err)
	default:
		t.Fatalf("no PostgreSQL to test on: %v", err)
	}
	return ""
}

// findPrograms returns the folder with initdb and postgres: the newest that Debian installed, else what is on the PATH.
func findPrograms() (string, bool) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(folders)
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	for _, folder := range folders {
		if isProgram(filepath.Join(folder, "initdb")) && isProgram(filepath.Join(folder, "postgres")) {
			return folder, true
		}
	}
	return "", false
}

func isProgram(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}
