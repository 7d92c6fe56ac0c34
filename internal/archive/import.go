package archive

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// ImportOptions say how an import differs from the plain one.
type ImportOptions struct {
	// AllowMissing takes a stream in that lacks files which its versions have, as its manifest says.
	AllowMissing bool

	// FollowUp asks for the work that follows, as part of the transaction that takes the rows in.
	FollowUp func(ctx context.Context, tx *store.Store) error
}

// Import fills an empty installation with what a stream holds, in one transaction: afterwards either everything is there,
// was read back and found to be what the manifest says, and keeps the rules of the gate, or the database is as it was. Of
// an import that failed, files may be left, which nothing refers to.
//
// The error for a stream that is not right is a *collateral.Error which names the table and the row, or the file.
func (a *Archive) Import(ctx context.Context, r io.Reader, o ImportOptions) (Manifest, error) {
	schema, err := a.Store.SchemaVersion(ctx)
	if err != nil {
		return Manifest{}, err
	}
	in, err := openStream(r, schema)
	if err != nil {
		return Manifest{}, err
	}
	i := &importer{archive: a, in: in}
	err = a.Store.Load(ctx, func(tx *store.Store) error { return i.rows(ctx, tx) }, func(tx *store.Store) error {
		if err := i.rest(ctx, tx, o.AllowMissing); err != nil || o.FollowUp == nil {
			return err
		}
		return o.FollowUp(ctx, tx)
	})
	return i.manifest, err
}

type importer struct {
	archive  *Archive
	in       *stream
	tables   []store.MovedTable
	sums     []Table
	rowsRead int
	manifest Manifest
}

// rows loads every table.
func (i *importer) rows(ctx context.Context, tx *store.Store) error {
	var err error
	if i.tables, err = tx.MovedTables(ctx); err != nil {
		return err
	}
	for _, t := range i.tables {
		if err := i.table(ctx, tx, t); err != nil {
			return err
		}
	}
	if name := tableOf(i.in.name); name != "" {
		return i.unexpected(name)
	}
	return nil
}

// unexpected refuses a table that comes where another one is due.
func (i *importer) unexpected(name string) error {
	if !slices.ContainsFunc(i.tables, func(t store.MovedTable) bool { return t.Name == name }) {
		return refuse("The stream has a table %q, which this program does not know.", name)
	}
	return refuse("The stream has the table %s, or a part of it, in a place where it does not belong.", name)
}

func (i *importer) table(ctx context.Context, tx *store.Store, t store.MovedTable) error {
	load, begun := &tableLoad{tx: tx, table: t, sum: newLines()}, false
	for part := 1; i.in.name == partName(t.Name, part); part++ {
		if err := i.part(ctx, load); err != nil {
			return err
		}
		i.archive.tell(Progress{Table: t.Name, Rows: i.rowsRead + load.sum.rows})
		if err := i.in.next(); err != nil {
			return err
		}
		begun = true
	}
	if !begun {
		if name := tableOf(i.in.name); name != "" {
			return i.unexpected(name)
		}
		return refuse("The table %s is missing from the stream.", t.Name)
	}
	if err := load.flush(ctx); err != nil {
		return err
	}
	i.rowsRead += load.sum.rows
	i.sums = append(i.sums, load.sum.sum(t.Name))
	return nil
}

// part loads the rows of the present entry.
func (i *importer) part(ctx context.Context, load *tableLoad) error {
	scanner := bufio.NewScanner(i.in.tar)
	scanner.Buffer(make([]byte, 0, 1<<16), maxLine)
	scanner.Split(wholeLines)
	for n := 0; scanner.Scan(); n++ {
		if n > 0 {
			if err := load.add(ctx, scanner.Bytes()); err != nil {
				return err
			}
			continue
		}
		var names []string
		if err := json.Unmarshal(scanner.Bytes(), &names); err != nil {
			return refuse("A part of the table %s does not begin with the names of its columns.", load.table.Name)
		}
		if err := checkColumns(load.table, names); err != nil {
			return err
		}
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return refuse("Row %d of the table %s is longer than %d bytes.", load.sum.rows+1, load.table.Name, maxLine)
	}
	return damaged(scanner.Err())
}

// wholeLines splits into lines with their ends.
func wholeLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	advance, token, err = bufio.ScanLines(data, atEOF)
	if token != nil {
		token = data[:advance]
	}
	return advance, token, err
}

func checkColumns(t store.MovedTable, names []string) error {
	want := columnNames(t)
	for _, name := range names {
		if !slices.Contains(want, name) {
			return refuse("The stream has a column %q in the table %s, which this program does not know.", name, t.Name)
		}
	}
	if !slices.Equal(names, want) {
		return refuse("The columns of the table %s are not %q, as they should be, but %q.", t.Name, want, names)
	}
	return nil
}

// How much is put into a table at once.
const (
	loadRows  = 1000
	loadBytes = 1 << 20
)

// tableLoad collects rows of a table until it is worth loading them.
type tableLoad struct {
	tx    *store.Store
	table store.MovedTable
	sum   *lines
	rows  [][]any
	bytes int
}

func (l *tableLoad) add(ctx context.Context, line []byte) error {
	l.sum.add(line)
	row, err := readRow(line, l.table.Columns)
	if err != nil {
		return refuse("Row %d of the table %s %v.", l.sum.rows, l.table.Name, err)
	}
	l.rows = append(l.rows, row)
	if l.bytes += len(line); len(l.rows) < loadRows && l.bytes < loadBytes {
		return nil
	}
	return l.flush(ctx)
}

func (l *tableLoad) flush(ctx context.Context) error {
	err := l.tx.LoadRows(ctx, l.table, l.sum.rows-len(l.rows)+1, l.rows)
	clear(l.rows)
	l.rows, l.bytes = l.rows[:0], 0
	return err
}

// rest stores the files, and holds what is in the database to the manifest.
func (i *importer) rest(ctx context.Context, tx *store.Store, allowMissing bool) error {
	kept, err := tx.KeptFiles(ctx)
	if err != nil {
		return err
	}
	absent, err := i.files(ctx, kept)
	if err != nil {
		return err
	}
	if err := i.readManifest(); err != nil {
		return err
	}
	if err := i.checkFiles(kept, absent, allowMissing); err != nil {
		return err
	}
	return i.readBack(ctx, tx)
}

// readManifest reads the end of the stream, and compares it with what came before.
func (i *importer) readManifest() error {
	if i.in.name == "" {
		return refuse("The stream ends before its manifest: it was cut off on its way. Nothing of it was taken in.")
	}
	if i.in.name != manifestName {
		return refuse("The stream has an entry %q, which this program does not know.", i.in.name)
	}
	if err := i.in.json(&i.manifest, true); err != nil {
		return err
	}
	if err := i.in.end(); err != nil {
		return err
	}
	if i.manifest.Header != i.in.header {
		return refuse("The manifest of the stream belongs to another header.")
	}
	if len(i.manifest.Tables) != len(i.sums) {
		return refuse("The manifest has %d tables, and the stream %d.", len(i.manifest.Tables), len(i.sums))
	}
	for n, sum := range i.sums {
		if i.manifest.Tables[n] != sum {
			return refuse("The table %s is not what the manifest says: it has %d rows with the hash %s.", sum.Name, sum.Rows, sum.SHA256)
		}
	}
	return nil
}

// readBack reads every row out of the database again: what was loaded is what was written.
func (i *importer) readBack(ctx context.Context, tx *store.Store) error {
	rows := 0
	for n, t := range i.tables {
		found := newLines()
		err := tx.MovedRows(ctx, t, func(row []any) error {
			if rows++; rows%loadRows == 0 {
				i.archive.tell(Progress{Rows: i.rowsRead, Checked: rows})
			}
			_, err := found.line(row)
			return err
		})
		if err != nil {
			return err
		}
		if sum := found.sum(t.Name); sum != i.sums[n] {
			refusal := collateral.Errorf(collateral.Invalid, "The table %s does not read back as it stands in the stream: it has %d rows of %d.", t.Name, sum.Rows, i.sums[n].Rows)
			return fmt.Errorf("%w: got the hash %s, want %s", refusal, sum.SHA256, i.sums[n].SHA256)
		}
	}
	return nil
}
