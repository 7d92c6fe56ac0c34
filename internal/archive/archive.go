// Package archive moves a whole installation as one stream: every row and every file, out of any kind of database and
// store of files, and into any other. It knows the form of the stream, and that what comes in is what went out. It does
// not know what the rows mean: the store holds them to the rules of the gate.
//
// The stream is a tar file, compressed by gzip. In it are, in this order:
//
//	header.json                       what the stream is; see Header
//	tables/TABLE/PART.ndjson          the rows of each table, in parts numbered from 1
//	files/sha256/ab/cd/abcd...        the files, each under its hash
//	manifest.json                     counts and hashes of everything before it; see Manifest
//
// A part is a line for each row, after a line with the names of the columns. Each line is a JSON array; times are in UTC
// and bytes in base64. Rows stand in the order of their keys, and nothing in the stream but the header and its copy in the
// manifest depends on where it was made: two installations with the same content make the same bytes.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"collateral/internal/blob"
	"collateral/internal/store"
)

// Format is the version of the stream's form. A stream of any other is refused.
const Format = 1

// The names in the stream.
const (
	headerName   = "header.json"
	manifestName = "manifest.json"
	tablesFolder = "tables/"
	filesFolder  = "files/"
)

// Header says what a stream is, before anything that depends on it.
type Header struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version that wrote it
	Schema  int       `json:"schema"`  // number of the newest migration
	Dialect string    `json:"dialect"` // of the database that it was read from
	MadeAt  time.Time `json:"made_at"`
}

// Manifest says what a stream consists of, after everything else.
type Manifest struct {
	Header

	Tables  []Table  `json:"tables"`
	Files   int      `json:"files"`   // that are in the stream whole
	Bytes   int64    `json:"bytes"`   // in those files
	Missing []string `json:"missing"` // hashes of files that versions have and the stream has not, or not whole
	Content string   `json:"content"` // SHA-256 of all this but the header: what an installation holds, wherever it is
}

// Table sums up the rows of a table.
type Table struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"` // of their lines
}

// Rows is how many there are in all tables.
func (m Manifest) Rows() (n int) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// content computes Content, of the tables and the files as far as they are there.
func (m Manifest) content(files []store.KeptFile) string {
	sum := sha256.New()
	for _, t := range m.Tables {
		_, _ = fmt.Fprintf(sum, "%s %d %s\n", t.Name, t.Rows, t.SHA256) // a hash takes everything
	}
	missing := m.missing()
	for _, f := range files {
		if !missing[f.SHA256] {
			_, _ = fmt.Fprintf(sum, "%s %d\n", f.SHA256, f.Size)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (m Manifest) missing() map[string]bool {
	set := make(map[string]bool, len(m.Missing))
	for _, digest := range m.Missing {
		set[digest] = true
	}
	return set
}

// Archive moves one installation.
type Archive struct {
	Store   *store.Store
	Blobs   blob.Store
	Program string // version of this program, for the header
	Log     *slog.Logger

	// Progress, if set, is told of how far the move has come, more often than anybody wants to read.
	Progress func(Progress)
}

// Progress is how far a move has come.
type Progress struct {
	Table string // that is being moved; empty when all are
	Rows  int    // in all tables, so far
	Files int    // so far
	Of    int    // files that there are
	Bytes int64  // of files, so far

	Checked int // rows that were read back, after everything has been moved
}

func (a *Archive) tell(p Progress) {
	if a.Progress != nil {
		a.Progress(p)
	}
}

// partName is where a part of a table stands in the stream.
func partName(table string, n int) string {
	return fmt.Sprintf("%s%s/%d.ndjson", tablesFolder, table, n)
}

// tableOf is the table that an entry of the stream is part of, empty for anything else.
func tableOf(name string) string {
	rest, inFolder := strings.CutPrefix(name, tablesFolder)
	table, _, ok := strings.Cut(rest, "/")
	if !inFolder || !ok {
		return ""
	}
	return table
}
