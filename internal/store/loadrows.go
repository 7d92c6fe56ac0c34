package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"collateral/internal/collateral"
)

// LoadRows puts rows into a table, inside a Load. The first of them has the number first, by which a row that the database
// refuses is named.
func (s *Store) LoadRows(ctx context.Context, t MovedTable, first int, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if s.Dialect() == SQLite {
		return s.loadOneByOne(ctx, t, first, rows)
	}
	if err := s.savepoint(ctx, "SAVEPOINT load_rows"); err != nil {
		return err
	}
	err := s.loadAtOnce(ctx, t, rows)
	if err == nil {
		return s.savepoint(ctx, "RELEASE SAVEPOINT load_rows")
	}
	if _, refused := errors.AsType[*pgconn.PgError](err); !refused {
		return fmt.Errorf("loading %s: %w", t.Name, translate(err))
	}
	// PostgreSQL says what is wrong, and not with which of the rows.
	if err := s.savepoint(ctx, "ROLLBACK TO SAVEPOINT load_rows"); err != nil {
		return err
	}
	for i, row := range rows {
		if err := s.loadAtOnce(ctx, t, [][]any{row}); err != nil {
			return refusedRow(t, first+i, row, err)
		}
	}
	return fmt.Errorf("loading %s: %w", t.Name, translate(err))
}

func (s *Store) savepoint(ctx context.Context, statement string) error {
	return translate(s.writer(ctx).Exec(statement).Error)
}

// refusedRow tells a row that breaks a rule of the schema from a database that fails.
func refusedRow(t MovedTable, n int, row []any, cause error) error {
	switch faultOf(cause) {
	case busy, away, full, unwritable:
		return fmt.Errorf("loading %s: %w", t.Name, translate(cause))
	}
	var why string
	if pg, ok := errors.AsType[*pgconn.PgError](cause); ok {
		why = pg.Message
	} else if lite, ok := errors.AsType[*sqlite.Error](cause); ok {
		why = lite.Error()
	} else {
		return fmt.Errorf("loading row %d of %s: %w", n, t.Name, translate(cause))
	}
	refusal := collateral.Errorf(collateral.Invalid, "Row %d of the table %s (%s) is refused by the database: %s.", n, t.Name, t.Named(row), why)
	return fmt.Errorf("%w: %w", refusal, cause)
}

// loadAtOnce inserts rows on PostgreSQL, each column as one array.
func (s *Store) loadAtOnce(ctx context.Context, t MovedTable, rows [][]any) error {
	names, values, arrays := make([]string, len(t.Columns)), make([]string, len(t.Columns)), make([]string, len(t.Columns))
	args := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoteName(c.Name)
		values[i] = "v." + names[i] + "::" + c.sqlType
		if c.sqlType == idArray {
			values[i] = "ARRAY(SELECT id::uuid FROM json_array_elements_text(v." + names[i] + "::json) WITH ORDINALITY AS ids (id, place) ORDER BY place)"
		}
		arrays[i] = "$" + strconv.Itoa(i+1) + "::text[]"
		array := make([]*string, len(rows))
		for j, row := range rows {
			array[j] = movedText(row[i])
		}
		args[i] = array
	}
	all := strings.Join(names, ", ")
	_, err := s.writer(ctx).Statement.ConnPool.ExecContext(ctx, "INSERT INTO "+quoteName(t.Name)+" ("+all+") OVERRIDING SYSTEM VALUE SELECT "+
		strings.Join(values, ", ")+" FROM unnest("+strings.Join(arrays, ", ")+") AS v ("+all+")", args...)
	return err
}

// movedText writes a value as PostgreSQL reads it.
func movedText(value any) *string {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case int64:
		text = strconv.FormatInt(v, 10)
	case bool:
		text = strconv.FormatBool(v)
	case []byte:
		text = `\x` + hex.EncodeToString(v)
	default:
		return nil
	}
	return &text
}

// loadOneByOne inserts rows on SQLite, each by a run of the same compiled statement.
func (s *Store) loadOneByOne(ctx context.Context, t MovedTable, first int, rows [][]any) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoteName(c.Name)
	}
	insert := "INSERT INTO " + quoteName(t.Name) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	pool := s.writer(ctx).Statement.ConnPool
	args := make([]any, len(t.Columns))
	for i, row := range rows {
		for j, value := range row {
			args[j] = value
			if text, ok := value.(string); ok && t.Columns[j].Kind == ColumnTime {
				at, err := time.Parse(MovedTime, text)
				if err != nil {
					return fmt.Errorf("reading a time of %s: %w", t.Name, err)
				}
				args[j] = at.Format(sqliteTime)
			}
		}
		if _, err := pool.ExecContext(ctx, insert, args...); err != nil {
			return refusedRow(t, first+i, row, err)
		}
	}
	return nil
}
