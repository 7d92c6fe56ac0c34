package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"collateral/internal/collateral"
)

// gatePrefix begins the message of every trigger.
const gatePrefix = "gate: "

// translateMixed turns what a database answers into what the callers of this package understand. The answer itself stays in
// the chain, for the log:
//
//   - a refusal of the gate becomes a *collateral.Error with the trigger's sentence,
//   - a duplicate is gorm.ErrDuplicatedKey and a Conflict, a missing parent gorm.ErrForeignKeyViolated and a Conflict,
//   - a database that is busy or away becomes Unavailable, one without room Full.
//
// Anything else, and what was translated before, comes back as it is.
func translateMixed(err error) error {
	if err == nil {
		return nil
	}
	if _, done := errors.AsType[*collateral.Error](err); done {
		return err
	}
	if sentence, ok := gateSentence(err); ok {
		refusal := &collateral.Error{Kind: gateKind(sentence), Message: sentence}
		if strings.HasSuffix(sentence, "exists already.") {
			return fmt.Errorf("%w: %w: %w", refusal, gorm.ErrDuplicatedKey, err)
		}
		return fmt.Errorf("%w: %w", refusal, err)
	}
	switch faultOf(err) {
	case duplicate:
		return fmt.Errorf("%w: %w: %w", collateral.Errorf(collateral.Conflict, "This exists already."), gorm.ErrDuplicatedKey, err)
	case orphan:
		return fmt.Errorf("%w: %w: %w", collateral.Errorf(collateral.Conflict, "This refers to something that is not there, or something else still refers to it."), gorm.ErrForeignKeyViolated, err)
	case busy:
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "The database is busy. Please try again."), err)
	case away:
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "The database does not answer. Please try again later."), err)
	case full:
		return fmt.Errorf("%w: %w", collateral.NoRoom(), err)
	case unwritable:
		refusal := collateral.NoRoom()
		refusal.Message = "The database cannot be written: a quota is used up, or the disk fails. Nothing was stored. Tell an admin; send it again later."
		return fmt.Errorf("%w: %w", refusal, err)
	default:
		return err
	}
}

// translate is translateMixed for what surely comes from the database, and from no other engine that was asked within
// a transaction: then a connection that broke, and an answer that did not come in time, are the database's.
func translate(err error) error {
	if err == nil || faultOf(err) != unknown || errors.Is(err, context.Canceled) || !silent(err) {
		return translateMixed(err)
	}
	if _, done := errors.AsType[*collateral.Error](err); done {
		return err
	}
	return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "The database does not answer. Please try again later."), err)
}

// gateSentence finds the sentence of a trigger of the gate.
func gateSentence(err error) (string, bool) {
	var text string
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		text = pg.Message
	} else if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		text = lite.Error()
	}
	_, sentence, found := strings.Cut(text, gatePrefix)
	if !found || sentence == "" {
		return "", false
	}
	sentence, _, _ = strings.Cut(sentence, " (") // SQLite's driver appends the code of the error
	return strings.ToUpper(sentence[:1]) + sentence[1:] + ".", true
}

// gateKind sorts the gate's sentences: mostly they contradict what is there now.
func gateKind(sentence string) collateral.Kind {
	for _, prefix := range []string{"Nobody signs", "Only Sales approvers sign"} {
		if strings.HasPrefix(sentence, prefix) {
			return collateral.Forbidden
		}
	}
	for _, prefix := range []string{"A version is submitted with", "Only an approved version", "A version is published", "A version cannot be published"} {
		if strings.HasPrefix(sentence, prefix) {
			return collateral.Gate
		}
	}
	return collateral.Conflict
}

// fault is what went wrong in a statement, the same for both databases.
type fault int

const (
	unknown fault = iota
	duplicate
	orphan
	busy // another transaction was in the way: running this one again may help
	away
	full       // no room left for what was to be written
	unwritable // a write failed in a way that a used-up quota shares with a disk that breaks
)

func faultOf(err error) fault {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case pg.Code == "23505":
			return duplicate
		case pg.Code == "23503":
			return orphan
		case pg.Code == "40001", pg.Code == "40P01", pg.Code == "55P03":
			return busy
		case pg.Code == "53100":
			return full
		case pg.Code == "57014": // statement_timeout
			return away
		case pg.Code == "25P03", pg.Code == "25P04": // the session was ended for taking too long over a transaction
			return away
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"):
			return away
		}
		return unknown
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteFault(lite.Code())
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return unknown
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok || errors.Is(err, driver.ErrBadConn) {
		return away
	}
	return unknown
}

// silent says that an error is one of a server that is gone, or does not answer in time.
func silent(err error) bool {
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, lost := range []error{context.DeadlineExceeded, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) // nothing was sent: the connection was found closed
}

// sqliteFault sorts the extended codes of SQLite. A full disk is SQLITE_FULL to it, a quota that is used up a failed write
// like any other.
func sqliteFault(code int) fault {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return duplicate
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return orphan
	case sqlite3.SQLITE_IOERR_SHMSIZE: // the file that readers and writers share could not grow
		return full
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC:
		return unwritable
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return busy
	case sqlite3.SQLITE_FULL:
		return full
	case sqlite3.SQLITE_IOERR:
		return away
	}
	return unknown
}

// brokenOff says that PostgreSQL gave up a transaction in favour of another one.
func brokenOff(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}
