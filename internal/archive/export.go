package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"collateral/internal/store"
)

// partSize is from how many bytes on a part of a table is written. A part is in memory until then: a tar file says how
// long an entry is before the entry.
const partSize = 1 << 20

// Export writes the installation to w. It may run beside a server: the rows are those of one moment, and the files those
// that versions had then. A file that the store does not have, or not whole, is left out, logged and named in the
// manifest; everything else is exported all the same, since an installation that lost a file has the more need of a copy
// of the rest.
func (a *Archive) Export(ctx context.Context, w io.Writer) (Manifest, error) {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestSpeed) // most files are compressed already
	if err != nil {
		return Manifest{}, err
	}
	e := &exporter{archive: a, tar: tar.NewWriter(compressed)}
	if err := e.export(ctx); err != nil {
		return Manifest{}, err
	}
	return e.manifest, errors.Join(e.tar.Close(), compressed.Close())
}

type exporter struct {
	archive  *Archive
	tar      *tar.Writer
	manifest Manifest
	files    []store.KeptFile
}

func (e *exporter) export(ctx context.Context) error {
	if err := e.archive.Store.Snapshot(ctx, func(snapshot *store.Store) error { return e.rows(ctx, snapshot) }); err != nil {
		return err
	}
	for i, f := range e.files {
		if err := e.file(ctx, f); err != nil {
			return err
		}
		e.archive.tell(Progress{Rows: e.manifest.Rows(), Files: i + 1, Of: len(e.files), Bytes: e.manifest.Bytes})
	}
	e.manifest.Content = e.manifest.content(e.files)
	return e.json(manifestName, e.manifest)
}

// rows writes the header and the tables, and notes which files there are.
func (e *exporter) rows(ctx context.Context, snapshot *store.Store) error {
	schema, err := snapshot.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	e.manifest = Manifest{
		Header:  Header{Format: Format, Program: e.archive.Program, Schema: schema, Dialect: snapshot.Dialect(), MadeAt: snapshot.Now()},
		Missing: []string{},
	}
	if err := e.json(headerName, e.manifest.Header); err != nil {
		return err
	}
	tables, err := snapshot.MovedTables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := e.table(ctx, snapshot, t); err != nil {
			return err
		}
	}
	e.files, err = snapshot.KeptFiles(ctx)
	return err
}

func (e *exporter) table(ctx context.Context, snapshot *store.Store, t store.MovedTable) error {
	columns, err := json.Marshal(columnNames(t))
	if err != nil {
		return err
	}
	var part bytes.Buffer
	parts, before, rows := 0, e.manifest.Rows(), newLines()
	flush := func() error {
		parts++
		e.archive.tell(Progress{Table: t.Name, Rows: before + rows.rows})
		err := e.entry(partName(t.Name, parts), int64(len(columns)+1+part.Len()))
		if err == nil {
			_, err = e.tar.Write(append(slices.Clip(columns), '\n'))
		}
		if err == nil {
			_, err = part.WriteTo(e.tar)
		}
		part.Reset()
		return err
	}
	err = snapshot.MovedRows(ctx, t, func(row []any) error {
		line, err := rows.line(row)
		if err != nil {
			return fmt.Errorf("%s where %s: %w", t.Name, t.Named(row), err)
		}
		if _, err := part.Write(line); err != nil || part.Len() < partSize {
			return err
		}
		return flush()
	})
	if err == nil && (part.Len() > 0 || parts == 0) {
		err = flush()
	}
	e.manifest.Tables = append(e.manifest.Tables, rows.sum(t.Name))
	return err
}

func (e *exporter) json(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if err := e.entry(name, int64(len(text))); err != nil {
		return err
	}
	_, err = e.tar.Write(text)
	return err
}

func (e *exporter) entry(name string, size int64) error {
	return e.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: time.Unix(0, 0)})
}
