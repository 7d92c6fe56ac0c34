package store

import (
	"container/list"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// Compiling a statement costs SQLite several times as much as running it, and the program says the same few hundred
// statements again and again. So each connection keeps those it was given last compiled. GORM's own cache cannot: what it
// prepares inside a transaction ends with the transaction, and all writing happens in one.

// maxStatements is how many a connection keeps: lists of parameters of every length are statements of their own.
const maxStatements = 200

// openPool opens a pool of connections that keep their statements.
func openPool(dsn string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keepingConnector{connector}), nil
}

type keepingConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c keepingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a connection of the SQLite driver is a %T, which cannot do what is needed", opened), opened.Close())
	}
	return &keepingConn{sqliteConn: conn, kept: make(map[string]*list.Element), order: list.New()}, nil
}

// sqliteConn is what database/sql uses of the driver's connections, statements and rows.
type (
	sqliteConn interface {
		driver.Conn
		driver.ConnBeginTx
		driver.ConnPrepareContext
		driver.ExecerContext
		driver.Pinger
		driver.QueryerContext
		driver.SessionResetter
		driver.Validator
	}
	sqliteStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	sqliteRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeLength
		driver.RowsColumnTypeNullable
		driver.RowsColumnTypePrecisionScale
		driver.RowsColumnTypeScanType
	}
)

// keepingConn is a connection that keeps its last statements. Like any driver's it serves one caller at a time.
type keepingConn struct {
	sqliteConn

	kept  map[string]*list.Element // by text
	order *list.List               // of *keptStmt, the last used first
}

type keptStmt struct {
	sqliteStmt

	text string
	busy bool // its rows are being read
}

// ExecContext implements driver.ExecerContext.
func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.busy {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.busy {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	answer, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	rows, ok := answer.(sqliteRows)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the rows of the SQLite driver are %T, which cannot do what is needed", answer), answer.Close())
	}
	s.busy = true
	return &keptRows{sqliteRows: rows, of: s}, nil
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	sqliteRows

	of *keptStmt
}

// Close implements driver.Rows.
func (r *keptRows) Close() error {
	r.of.busy = false
	return r.sqliteRows.Close()
}

// statement returns the statement with that text, compiled, and makes room by closing those that were not used for longest.
func (c *keepingConn) statement(ctx context.Context, query string) (*keptStmt, error) {
	if e, ok := c.kept[query]; ok {
		c.order.MoveToFront(e)
		return kept(e), nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(sqliteStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a statement of the SQLite driver is a %T, which cannot do what is needed", prepared), prepared.Close())
	}
	s := &keptStmt{sqliteStmt: stmt, text: query}
	c.kept[query] = c.order.PushFront(s)
	for e := c.order.Back(); c.order.Len() > maxStatements && e != nil; {
		oldest := e
		e = e.Prev()
		if old := kept(oldest); old != s && !old.busy {
			c.order.Remove(oldest)
			delete(c.kept, old.text)
			if err := old.Close(); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func kept(e *list.Element) *keptStmt {
	s, _ := e.Value.(*keptStmt) // nothing else is in the list
	return s
}

// Close implements driver.Conn.
func (c *keepingConn) Close() error {
	var errs []error
	for e := c.order.Front(); e != nil; e = e.Next() {
		errs = append(errs, kept(e).Close())
	}
	c.kept, c.order = nil, list.New()
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}
