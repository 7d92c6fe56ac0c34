package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"collateral/internal/archive"
)

// entries are what is in a stream.
type entries []entry

type entry struct {
	name    string
	content []byte
}

// unpack takes a stream apart.
func unpack(t *testing.T, stream []byte) (all entries) {
	t.Helper()
	compressed, err := gzip.NewReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	for in := tar.NewReader(compressed); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry{h.Name, content})
	}
}

// pack makes a stream.
func (all entries) pack(t *testing.T) []byte {
	t.Helper()
	var stream bytes.Buffer
	compressed := gzip.NewWriter(&stream)
	out := tar.NewWriter(compressed)
	for _, e := range all {
		err := out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: e.name, Size: int64(len(e.content)), Mode: 0o600})
		if err == nil {
			_, err = out.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return stream.Bytes()
}

func (all entries) find(t *testing.T, prefix string) int {
	t.Helper()
	i := slices.IndexFunc(all, func(e entry) bool { return strings.HasPrefix(e.name, prefix) })
	if i < 0 {
		t.Fatalf("the stream has no entry %s", prefix)
	}
	return i
}

// replace puts a text in place of another one, which must be there.
func (all entries) replace(t *testing.T, prefix, old, with string) {
	t.Helper()
	e := &all[all.find(t, prefix)]
	if !bytes.Contains(e.content, []byte(old)) {
		t.Fatalf("%s has no %q in it", e.name, old)
	}
	e.content = bytes.Replace(e.content, []byte(old), []byte(with), 1)
}

// lines are the rows of a table.
func (all entries) lines(t *testing.T, table string) [][]byte {
	t.Helper()
	content := all[all.find(t, "tables/"+table+"/")].content
	return bytes.SplitAfter(bytes.TrimSuffix(content, []byte("\n")), []byte("\n"))
}

// seal makes the manifest one of what is in the stream, as a forger would.
func (all entries) seal(t *testing.T) {
	t.Helper()
	last := &all[all.find(t, "manifest.json")]
	var m archive.Manifest
	if err := json.Unmarshal(last.content, &m); err != nil {
		t.Fatal(err)
	}
	m.Tables, m.Files, m.Bytes = nil, 0, 0
	sum := sha256.New()
	of := make(map[string]string)
	for _, e := range all {
		if folder, table, ok := strings.Cut(e.name, "/"); ok && folder == "tables" {
			table, _, _ = strings.Cut(table, "/")
			_, rows, _ := strings.Cut(string(e.content), "\n")
			of[table] += rows
			if i := slices.IndexFunc(m.Tables, func(known archive.Table) bool { return known.Name == table }); i < 0 {
				m.Tables = append(m.Tables, archive.Table{Name: table})
			}
		}
	}
	for i, table := range m.Tables {
		digest := sha256.Sum256([]byte(of[table.Name]))
		m.Tables[i].Rows, m.Tables[i].SHA256 = strings.Count(of[table.Name], "\n"), hex.EncodeToString(digest[:])
		_, _ = fmt.Fprintf(sum, "%s %d %s\n", table.Name, m.Tables[i].Rows, m.Tables[i].SHA256)
	}
	for _, e := range all {
		if strings.HasPrefix(e.name, "files/") {
			m.Files++
			m.Bytes += int64(len(e.content))
			_, _ = fmt.Fprintf(sum, "%s %d\n", e.name[strings.LastIndexByte(e.name, '/')+1:], len(e.content))
		}
	}
	m.Content = hex.EncodeToString(sum.Sum(nil))
	var err error
	if last.content, err = json.MarshalIndent(m, "", "  "); err != nil {
		t.Fatal(err)
	}
}

// withoutOrigin drops what a stream says of where and when it was made.
func (all entries) withoutOrigin(t *testing.T) entries {
	t.Helper()
	for _, name := range []string{"header.json", "manifest.json"} {
		e := &all[all.find(t, name)]
		var m archive.Manifest
		if err := json.Unmarshal(e.content, &m); err != nil {
			t.Fatal(err)
		}
		m.Dialect, m.MadeAt = "", time.Time{}
		var err error
		if e.content, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
