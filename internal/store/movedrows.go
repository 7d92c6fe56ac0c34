package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Snapshot runs f on a Store that reads one state of the database, however long f takes and whatever others write
// meanwhile. Nothing can be written through it.
func (s *Store) Snapshot(ctx context.Context, f func(snapshot *Store) error) error {
	tx := s.read.WithContext(ctx).Begin(&sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if tx.Error != nil {
		return fmt.Errorf("beginning a snapshot: %w", translate(tx.Error))
	}
	defer tx.Rollback() // it wrote nothing
	snapshot := *s
	snapshot.read, snapshot.write, snapshot.inTx = tx, tx, true
	return f(&snapshot)
}

// MovedRows calls yield with each row of a table in the order of its key, which is the same in both databases, and stops
// at yield's first error, which it returns as it is. The values are in the order of the table's columns and of the types
// that ColumnKind names; the row is yield's until it returns.
func (s *Store) MovedRows(ctx context.Context, t MovedTable, yield func(row []any) error) error {
	rows, err := s.reader(ctx).Raw(s.selectMoved(t)).Rows()
	if err != nil {
		return fmt.Errorf("reading %s: %w", t.Name, translate(err))
	}
	defer rows.Close()
	read := newRowReader(t)
	for rows.Next() {
		if err := rows.Scan(read.into...); err != nil {
			return fmt.Errorf("reading a row of %s: %w", t.Name, translate(err))
		}
		row, err := read.row()
		if err != nil {
			return err
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading %s: %w", t.Name, translate(err))
	}
	return nil
}

func (s *Store) selectMoved(t MovedTable) string {
	values := make([]string, len(t.Columns))
	order := make([]string, len(t.key))
	for i, c := range t.Columns {
		values[i] = s.movedValue(c)
	}
	for i, name := range t.key {
		order[i] = quoteName(name)
		for _, c := range t.Columns {
			if s.Dialect() == Postgres && c.Name == name && c.sqlType == "text" {
				order[i] += ` COLLATE "C"`
			}
		}
	}
	if t.Name == "stages" { // those that others are merged into come before these
		order = append([]string{"merged_into IS NOT NULL"}, order...)
	}
	return "SELECT " + strings.Join(values, ", ") + " FROM " + quoteName(t.Name) + " ORDER BY " + strings.Join(order, ", ")
}

// movedValue selects a column in the form in which it is moved.
func (s *Store) movedValue(c MovedColumn) string {
	name := quoteName(c.Name)
	switch {
	case c.Kind == ColumnTime && s.Dialect() == Postgres:
		return "to_char(" + name + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	case c.Kind == ColumnTime:
		return "replace(substr(" + name + ", 1, 26), ' ', 'T') || 'Z'"
	case c.sqlType == idArray:
		return "CAST(array_to_json(" + name + ") AS text)"
	case c.sqlType == "uuid":
		return "CAST(" + name + " AS text)"
	}
	return name
}

// rowReader takes rows of a table out of the database, one after the other.
type rowReader struct {
	table  MovedTable
	into   []any
	values []any
}

func newRowReader(t MovedTable) *rowReader {
	r := &rowReader{table: t, into: make([]any, len(t.Columns)), values: make([]any, len(t.Columns))}
	for i, c := range t.Columns {
		switch c.Kind {
		case ColumnText, ColumnTime:
			r.into[i] = new(sql.NullString)
		case ColumnInt:
			r.into[i] = new(sql.NullInt64)
		case ColumnBool:
			r.into[i] = new(sql.NullBool)
		case ColumnBytes:
			r.into[i] = new([]byte)
		}
	}
	return r
}

// row returns what was scanned last.
func (r *rowReader) row() ([]any, error) {
	for i := range r.into {
		r.values[i] = nil
		switch v := r.into[i].(type) {
		case *sql.NullString:
			if v.Valid {
				r.values[i] = v.String
			}
		case *sql.NullInt64:
			if v.Valid {
				r.values[i] = v.Int64
			}
		case *sql.NullBool:
			if v.Valid {
				r.values[i] = v.Bool
			}
		case *[]byte:
			if *v != nil {
				r.values[i] = *v
			}
		}
	}
	for i, v := range r.values {
		if text, ok := v.(string); ok && !utf8.ValidString(text) {
			return nil, fmt.Errorf("the column %s of %s holds something else than text where %s", r.table.Columns[i].Name, r.table.Name, r.table.Named(r.values))
		}
	}
	return r.values, nil
}

// KeptFile is the content of at least one version.
type KeptFile struct {
	SHA256 string
	Size   int64
}

// KeptFiles returns the files that versions have which were not purged, each once, in the order of their hashes.
func (s *Store) KeptFiles(ctx context.Context) ([]KeptFile, error) {
	var files []KeptFile
	err := s.reader(ctx).Raw(`SELECT v.sha256 AS sha256, max(v.size) AS size FROM versions v
		WHERE v.url = '' AND NOT EXISTS (SELECT 1 FROM purges p WHERE p.version_id = v.id)
		GROUP BY v.sha256 ORDER BY v.sha256`).Scan(&files).Error
	return files, translate(err)
}
