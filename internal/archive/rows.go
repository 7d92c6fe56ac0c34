package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"

	"collateral/internal/store"
)

// maxLine bounds a row in the stream, in bytes. The largest there are hold the text of a page.
const maxLine = 64 << 20

// lines writes rows of a table as lines, and sums them up.
type lines struct {
	buffer bytes.Buffer
	json   *json.Encoder
	hash   hash.Hash
	rows   int
}

func newLines() *lines {
	l := &lines{hash: sha256.New()}
	l.json = json.NewEncoder(&l.buffer)
	l.json.SetEscapeHTML(false)
	return l
}

// line writes a row, with the end of the line. It is the caller's until the next call.
func (l *lines) line(row []any) ([]byte, error) {
	l.buffer.Reset()
	if err := l.json.Encode(row); err != nil {
		return nil, fmt.Errorf("writing a row: %w", err)
	}
	if l.buffer.Len() > maxLine {
		return nil, fmt.Errorf("a row has %d bytes, and a stream takes %d", l.buffer.Len(), maxLine)
	}
	l.add(l.buffer.Bytes())
	return l.buffer.Bytes(), nil
}

// add sums up a line.
func (l *lines) add(line []byte) {
	_, _ = l.hash.Write(line) // a hash takes everything
	l.rows++
}

func (l *lines) sum(table string) Table {
	return Table{Name: table, Rows: l.rows, SHA256: hex.EncodeToString(l.hash.Sum(nil))}
}

// columnNames is the first line of each part.
func columnNames(t store.MovedTable) []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// readRow is the inverse of lines.line. Its error is the end of a sentence.
func readRow(line []byte, columns []store.MovedColumn) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var row []any
	if err := decoder.Decode(&row); err != nil || decoder.More() {
		return nil, errors.New("is not a JSON array")
	}
	if len(row) != len(columns) {
		return nil, fmt.Errorf("has %d values for %d columns", len(row), len(columns))
	}
	for i, c := range columns {
		if row[i] == nil {
			continue
		}
		var ok bool
		if row[i], ok = readValue(row[i], c.Kind); !ok {
			return nil, fmt.Errorf("has a value in %s that cannot stand there", c.Name)
		}
	}
	return row, nil
}

func readValue(value any, kind store.ColumnKind) (any, bool) {
	text, isText := value.(string)
	switch kind {
	case store.ColumnText:
		return text, isText
	case store.ColumnTime:
		at, err := time.Parse(store.MovedTime, text)
		return text, isText && err == nil && at.Format(store.MovedTime) == text
	case store.ColumnBytes:
		raw, err := base64.StdEncoding.DecodeString(text)
		return raw, isText && err == nil
	case store.ColumnBool:
		_, isBool := value.(bool)
		return value, isBool
	case store.ColumnInt:
		number, isNumber := value.(json.Number)
		n, err := number.Int64()
		return n, isNumber && err == nil
	}
	return nil, false
}
