package store

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// RefusesValues reports whether the database answered and refused what was to be written: a value that it cannot keep, a broken
// constraint, or a trigger that said no. The same would be refused again, and something else might not be.
func RefusesValues(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Data exceptions, broken constraints, and what a trigger raised.
		return strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23") || pg.Code == "P0001"
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
			return true
		}
	}
	return false
}
