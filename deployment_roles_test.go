package main

import (
	"bufio"
	"context"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that the test looks with
)

// The roles of docker-compose.yml: one makes the schema, the other serves, and cannot switch the gate off.
func TestComposeRoles(t *testing.T) {
	t.Parallel()
	server := ownCluster(t)
	roles := exec.CommandContext(t.Context(), "deploy/postgres-roles.sh")
	password, _ := server.User.Password()
	roles.Env = append(os.Environ(), "PGHOST="+server.Hostname(), "PGPORT="+server.Port(), "PGPASSWORD="+password,
		"DATABASE_OWNER_PASSWORD=o'wner", "DATABASE_PASSWORD=ser'ver")
	if out, err := roles.CombinedOutput(); err != nil {
		t.Fatalf("making the roles: %v\n%s", err, out)
	}
	as := func(role, password string) string {
		u := *server
		u.User, u.Path = url.UserPassword(role, password), "/collateral"
		return u.String()
	}
	program := buildProgram(t)
	for _, step := range []struct {
		as   string
		args []string
	}{
		{as("collateral_owner", "o'wner"), []string{"migrate"}},
		{as("collateral", "ser'ver"), []string{"migrate"}}, // what serve does at its start: there is nothing to do
		{as("collateral", "ser'ver"), []string{"user", "add", "ada@example.com", "--name", "Ada", "--role", "admin"}},
	} {
		cmd := exec.CommandContext(t.Context(), program, step.args...)
		cmd.Env = append(os.Environ(), "DATABASE_URL="+step.as, "COLLATERAL_DATA="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", step.args, err, out)
		}
	}
	db, err := sql.Open("pgx", as("collateral", "ser'ver"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, attack := range []string{
		"ALTER TABLE publications DISABLE TRIGGER ALL", "DROP TABLE approvals", "TRUNCATE publication_log", "CREATE TABLE mine (id int)",
		"SET session_replication_role = replica",
	} {
		if _, err := db.ExecContext(t.Context(), attack); err == nil || !strings.Contains(err.Error(), "SQLSTATE 42501") {
			t.Errorf("%s: got error %v, want a refusal for lack of rights", attack, err)
		}
	}
}

// ownCluster starts a PostgreSQL of the test's own, since roles belong to a whole cluster.
func ownCluster(t *testing.T) *url.URL {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	// It says where it is, and ends when its input does.
	cmd := exec.CommandContext(ctx, "scripts/test-postgres", "sh", "-c", `echo "$TEST_DATABASE_URL"; exec cat >/dev/null`)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TEST_DATABASE_URL=") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = 10 * time.Second
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("ending PostgreSQL: %v", err)
		}
		cancel()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	line = strings.TrimSpace(line)
	if line == "" {
		t.Skip("there are no PostgreSQL programs here; on Debian: apt-get install postgresql")
	}
	server, err := url.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return server
}
