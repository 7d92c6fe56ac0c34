package store

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
	"time"
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
	pool := s.writer(ctx).Statement.ConnPool
	if s.Dialect() == Postgres {
		arrays := make([]any, len(columns))
		for i := range columns {
			array := make([]*string, len(rows))
			for j, row := range rows {
				text, err := arrayText(row[i])
				if err != nil {
					return err
				}
				array[j] = text
			}
			arrays[i] = array
		}
		_, err := pool.ExecContext(ctx, unnest(table, columns)+onConflict, arrays...)
		return err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	insert := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ") " + onConflict
	for _, row := range rows {
		for i, value := range row {
			if at, ok := timeIn(value); ok {
				row[i] = at.UTC().Format(sqliteTime)
			}
		}
		if _, err := pool.ExecContext(ctx, insert, row...); err != nil {
			return err
		}
	}
	return nil
}

// unnest writes the statement that inserts a row for each place of the arrays.
func unnest(table string, columns []column) string {
	names, values, arrays := make([]string, len(columns)), make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], values[i] = c.name, "v."+c.name+"::"+c.kind
		arrays[i] = "$" + strconv.Itoa(i+1) + "::text[]"
	}
	all := strings.Join(names, ", ")
	return "INSERT INTO " + table + " (" + all + ") SELECT " + strings.Join(values, ", ") + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS v (" + all + ") "
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
