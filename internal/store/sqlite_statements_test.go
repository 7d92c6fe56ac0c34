package store

import (
	"fmt"
	"path/filepath"
	"testing"
)

func TestStatementsAreKeptApart(t *testing.T) {
	t.Parallel()
	db, err := openPool(sqliteEngine{path: filepath.Join(t.TempDir(), "kept.db")}.dsn("_txlock=immediate"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	exec("CREATE TABLE numbers (n integer primary key)")
	for n := range 10 {
		exec("INSERT INTO numbers (n) VALUES (?)", n)
	}

	// The same statement is asked again while its rows are being read.
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	const larger = "SELECT n FROM numbers WHERE n > ? ORDER BY n"
	outer, err := tx.QueryContext(t.Context(), larger, 6)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var got []int
	for outer.Next() {
		var n, next int
		if err := outer.Scan(&n); err != nil {
			t.Fatal(err)
		}
		got = append(got, n)
		if err := tx.QueryRowContext(t.Context(), larger, n).Scan(&next); err == nil {
			got = append(got, next)
		}
	}
	if err := outer.Err(); err != nil {
		t.Fatal(err)
	}
	if want := "[7 8 8 9 9]"; fmt.Sprint(got) != want {
		t.Errorf("reading the same statement inside its own rows: got %v, want %s", got, want)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}

	// More statements than are kept, a failing one, and a schema that changes under one that is kept.
	for n := range 2 * maxStatements {
		var sum int
		if err := db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT count(*) + %d FROM numbers", n)).Scan(&sum); err != nil || sum != 10+n {
			t.Fatalf("statement %d: got %d, error %v, want %d", n, sum, err, 10+n)
		}
	}
	for range 2 {
		if _, err := db.ExecContext(t.Context(), "INSERT INTO numbers (n) VALUES (?)", 1); err == nil {
			t.Error("inserting a number twice: got no error")
		}
	}
	columns := func() int {
		t.Helper()
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM numbers")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	before := columns()
	exec("ALTER TABLE numbers ADD COLUMN name text")
	if after := columns(); before != 1 || after != 2 {
		t.Errorf("columns before and after one more: got %d and %d, want 1 and 2", before, after)
	}
}
