package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"gorm.io/gorm"
)

// sqliteEngine is one file with two pools. SQLite lets one connection write at a time: with a pool of one, writers wait
// in line inside the program, which is fair and fast, instead of polling for the lock of the file.
type sqliteEngine struct{ path string }

var _ engine = sqliteEngine{}

const sqliteReaders = 4

// What a connection keeps of the file in memory at most, in kB instead of SQLite's 2,000. A thousand uses touch more pages
// than that, and were written to the log twice. A report seeks all over the totals, so readers map the file instead of
// asking the system for each page; what they map is the system's cache, and none of the program's own memory.
const (
	writerCache = "_pragma=cache_size(-16000)"
	readerCache = "_pragma=cache_size(-8000)&_pragma=mmap_size(1073741824)"
)

func (sqliteEngine) dialect() string { return SQLite }

func (e sqliteEngine) open(ctx context.Context, config *gorm.Config) (read, write *gorm.DB, err error) {
	if err := e.create(); err != nil {
		return nil, nil, err
	}
	writers, err := openPool(e.dsn("_foreign_keys=1&_txlock=immediate&" + writerCache))
	if err != nil {
		return nil, nil, err
	}
	writers.SetMaxOpenConns(1)
	// The first connection turns a new file to WAL, which those that only read cannot do.
	if err := writers.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(err, writers.Close())
	}
	readers, err := openPool(e.dsn("_foreign_keys=1&_query_only=1&" + readerCache))
	if err != nil {
		return nil, nil, errors.Join(err, writers.Close())
	}
	readers.SetMaxOpenConns(sqliteReaders)
	readers.SetMaxIdleConns(sqliteReaders)

	readConfig := *config
	write, err = gorm.Open(sqliteDialector{pool: writers}, config)
	if err == nil {
		read, err = gorm.Open(sqliteDialector{pool: readers}, &readConfig)
	}
	if err != nil {
		return nil, nil, errors.Join(err, writers.Close(), readers.Close())
	}
	return read, write, nil
}

// create makes a new file readable by its owner only: it holds password hashes. An existing one stays untouched, since
// closing a second descriptor would give up the locks that this process holds on it.
func (e sqliteEngine) create() error {
	if err := os.MkdirAll(filepath.Dir(e.path), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// dsn names the file with what every connection needs: writes that survive a loss of power, patience with another
// process that writes, and times in UTC.
func (e sqliteEngine) dsn(more string) string {
	file := (&url.URL{Path: e.path}).EscapedPath()
	return fmt.Sprintf("file:%s?_busy_timeout=10000&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_timezone=UTC&_time_format=sqlite&%s", file, more)
}
