package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Watcher hears of every statement when its answer was read, and of every transaction when it has ended: when it began, and
// what it was. A name is the same for all statements that differ in their values only, such as "SELECT assets". What is
// inserted by the thousand is part of its transaction alone.
type Watcher func(ctx context.Context, began time.Time, name string, err error)

// Watch tells w from now on. It is called before the store is used.
func (s *Store) Watch(w Watcher) {
	s.watcher = w
	session := &gorm.Session{NewDB: true, Logger: watchingLog{logger.Discard, w}}
	onePool := s.read == s.write
	s.write = s.write.Session(session)
	if onePool {
		s.read = s.write
	} else {
		s.read = s.read.Session(session)
	}
}

// watchTransaction tells of a transaction that has ended. Why it did not commit is mostly a refusal, and no fault of the
// database.
func (s *Store) watchTransaction(ctx context.Context, began time.Time, err error) {
	switch {
	case s.watcher == nil:
	case err != nil:
		s.watcher(ctx, began, "transaction, rolled back", nil)
	default:
		s.watcher(ctx, began, "transaction", nil)
	}
}

// watchingLog is where GORM tells of each statement and its time, in words without values: see plainSQL.
type watchingLog struct {
	logger.Interface

	watcher Watcher
}

// Trace implements logger.Interface.
func (l watchingLog) Trace(ctx context.Context, began time.Time, told func() (query string, rows int64), err error) {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = nil // an answer like any other
	}
	query, _ := told()
	l.watcher(ctx, began, statementName(query), err)
}

// statementName is what a statement does and the table that it names first.
func statementName(query string) string {
	var verb string
	tableNext := false
	for word := range strings.FieldsSeq(query) {
		upper := strings.ToUpper(strings.TrimLeft(word, "("))
		switch {
		case verb == "":
			verb = upper
			tableNext = verb == "UPDATE"
		case tableNext && !strings.HasPrefix(word, "("):
			table, _, _ := strings.Cut(word, "(")
			return verb + " " + strings.Trim(table, `"),;`)
		default:
			tableNext = upper == "FROM" || upper == "INTO"
		}
	}
	return verb
}
