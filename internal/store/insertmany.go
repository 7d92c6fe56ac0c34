package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// column is a column to insert into, with its type on PostgreSQL.
type column struct{ name, kind string }

// insertMany inserts rows of telemetry, of which there are many at once. GORM would build a statement with a parameter for
// every value, which costs more to take apart than the rows cost to write. On SQLite each row is one run of one compiled
// statement; on PostgreSQL each column is one array, so that there is one statement however many rows there are. onConflict
// is the end of the statement.
func (s *Store) insertMany(ctx context.Context, table string, columns []column, rows [][]any, onConflict string) error {
	if len(rows) == 0 {
		return nil
	}
	if s.Dialect() == Postgres {
		arrays, err := arraysOf(columns, rows)
		if err != nil {
			return err
		}
		_, err = s.writer(ctx).Statement.ConnPool.ExecContext(ctx, unnest(table, columns)+onConflict, arrays...)
		return err
	}
	_, err := s.insertEach(ctx, table, columns, rows, onConflict)
	return err
}

// insertNew is insertMany that leaves out the rows whose ids are there already. The first column is the id, of which it
// returns those of the rows that were inserted.
func (s *Store) insertNew(ctx context.Context, table string, columns []column, rows [][]any) (inserted map[uuid.UUID]bool, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	id := columns[0].name
	end := "ON CONFLICT (" + id + ") DO NOTHING"
	if s.Dialect() == SQLite {
		return s.insertEach(ctx, table, columns, rows, end)
	}
	arrays, err := arraysOf(columns, rows)
	if err != nil {
		return nil, err
	}
	answer, err := s.writer(ctx).Statement.ConnPool.QueryContext(ctx, unnest(table, columns)+end+" RETURNING "+id, arrays...)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	return idsOf(answer, len(rows))
}

// insertEach inserts rows one by one. It returns the first values of those that were inserted or changed a row, as far as
// they are ids.
func (s *Store) insertEach(ctx context.Context, table string, columns []column, rows [][]any, onConflict string) (inserted map[uuid.UUID]bool, err error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	insert := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ") " + onConflict
	pool := s.writer(ctx).Statement.ConnPool
	inserted = make(map[uuid.UUID]bool, len(rows))
	for _, row := range rows {
		for i, value := range row {
			if at, ok := timeIn(value); ok {
				row[i] = at.UTC().Format(sqliteTime)
			}
		}
		result, err := pool.ExecContext(ctx, insert, row...)
		if err != nil {
			return nil, err
		}
		changed, err := result.RowsAffected()
		if err != nil {
			return nil, err
		}
		if id, ok := row[0].(uuid.UUID); ok && changed > 0 {
			inserted[id] = true
		}
	}
	return inserted, nil
}

// idsOf reads the one column of an answer of about so many rows.
func idsOf(answer *sql.Rows, about int) (map[uuid.UUID]bool, error) {
	ids := make(map[uuid.UUID]bool, about)
	for answer.Next() {
		var id uuid.UUID
		if err := answer.Scan(&id); err != nil {
			return nil, err
		}
		ids[id] = true
	}
	return ids, answer.Err()
}

// unnest writes the statement that inserts a row for each place of the arrays.
func unnest(table string, columns []column) string {
	names, values := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], values[i] = c.name, "v."+c.name+"::"+c.kind
	}
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + unnested(columns) + " "
}

// unnested is arraysOf as a table v of texts.
func unnested(columns []column) string {
	names, arrays := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], arrays[i] = c.name, "$"+strconv.Itoa(i+1)+"::text[]"
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(names, ", ") + ")"
}

// arraysOf turns rows into an array of texts for each column.
func arraysOf(columns []column, rows [][]any) ([]any, error) {
	arrays := make([]any, len(columns))
	for i := range columns {
		array := make([]*string, len(rows))
		for j, row := range rows {
			text, err := arrayText(row[i])
			if err != nil {
				return nil, err
			}
			array[j] = text
		}
		arrays[i] = array
	}
	return arrays, nil
}

// arrayText writes a value as an element of an array of texts; nil is null.
func arrayText(value any) (*string, error) {
	plain, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil || plain == nil {
		return nil, err
	}
	var text string
	switch v := plain.(type) {
	case string:
		text = v
	case int64:
		text = strconv.FormatInt(v, 10)
	case bool:
		text = strconv.FormatBool(v)
	case time.Time:
		text = v.UTC().Format(time.RFC3339Nano)
	}
	return &text, nil
}
