package archive_test

import (
	"bytes"
	"strings"
	"testing"

	"collateral/internal/archive"
	"collateral/internal/store"
)

// refused imports what must not be imported, and makes sure that nothing is left of it.
func refused(t *testing.T, a *archive.Archive, stream []byte, want ...string) {
	t.Helper()
	_, err := a.Import(t.Context(), bytes.NewReader(stream), archive.ImportOptions{})
	if err == nil {
		t.Fatalf("the stream was taken in, want a refusal with %q", want)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("got error %v, want one with %q", err, w)
		}
	}
	_, left := export(t, a)
	for _, table := range left.Tables {
		if table.Name == "users" && table.Rows > 0 || table.Name == "stages" && table.Rows != 6 {
			t.Errorf("got %d rows in %s, want the database as it was", table.Rows, table.Name)
		}
	}
}

// line puts rows of a table in place of those that are there.
func line(table string, change func(lines [][]byte) [][]byte) func(*testing.T, entries) entries {
	return func(t *testing.T, all entries) entries {
		i := all.find(t, "tables/"+table+"/")
		all[i].content = append(bytes.Join(change(all.lines(t, table)), nil), '\n')
		all[i].content = bytes.ReplaceAll(all[i].content, []byte("\n\n"), []byte("\n"))
		return all
	}
}

func replace(entry, old, with string) func(*testing.T, entries) entries {
	return func(t *testing.T, all entries) entries {
		all.replace(t, entry, old, with)
		return all
	}
}

// forgeries are streams that export did not write. What the rows say is forged in the tests of the store.
var forgeries = []struct {
	name   string
	change func(*testing.T, entries) entries
	sealed bool // with a manifest that fits
	want   []string
}{
	{"a newer format", replace("header.json", `"format": 1`, `"format": 2`), false, []string{"has the format 2", "import it with the version that wrote it"}},
	{"no format", replace("header.json", `"format": 1`, `"format": 0`), false, []string{"has the format 0"}},
	{"another schema", replace("header.json", `"schema": `, `"schema": 9`), false, []string{"was written with schema 9"}},
	{"no header", func(_ *testing.T, all entries) entries { return all[1:] }, false, []string{"does not begin with a header"}},
	{"a header that is none", replace("header.json", `{`, `[`), false, []string{"header.json", "cannot be read"}},
	{"no manifest", func(_ *testing.T, all entries) entries { return all[:len(all)-1] }, false, []string{"ends before its manifest"}},
	{"a manifest of another stream", replace("manifest.json", `"made_at": "2`, `"made_at": "1`), false, []string{"belongs to another header"}},
	{"a manifest with more in it", replace("manifest.json", `"tables"`, `"more": 1, "tables"`), false, []string{"manifest.json", "cannot be read"}},
	{"an entry after the manifest", func(_ *testing.T, all entries) entries { return append(all, entry{"more", nil}) }, false, []string{"after its manifest"}},
	{"an unknown entry", func(_ *testing.T, all entries) entries {
		return append(all[:len(all)-1], entry{"more", nil}, all[len(all)-1])
	}, false, []string{`an entry "more"`, "does not know"}},
	{"an unknown table", func(_ *testing.T, all entries) entries {
		return append(append(entries{all[0]}, entry{"tables/secrets/1.ndjson", []byte("[\"id\"]\n")}), all[1:]...)
	}, true, []string{`a table "secrets"`, "does not know"}},
	{"a table that is missing", func(t *testing.T, all entries) entries {
		i := all.find(t, "tables/coauthors/")
		return append(all[:i:i], all[i+1:]...)
	}, true, []string{"asset_stages", "in a place where it does not belong"}},
	{"tables in another order", func(t *testing.T, all entries) entries {
		i := all.find(t, "tables/users/")
		all[i], all[i+1] = all[i+1], all[i]
		return all
	}, true, []string{"role_grants", "in a place where it does not belong"}},
	{"a part that is missing", func(t *testing.T, all entries) entries {
		all[all.find(t, "tables/users/")].name = "tables/users/2.ndjson"
		return all
	}, true, []string{"table users", "in a place where it does not belong"}},
	{"an unknown column", replace("tables/users/", `"email"`, `"nickname"`), true, []string{`a column "nickname" in the table users`}},
	{"columns in another order", replace("tables/users/", `"id","email"`, `"email","id"`), true, []string{"The columns of the table users are not"}},
	{"a row that is no array", line("users", func(l [][]byte) [][]byte { l[3] = []byte("{}\n"); return l }), true, []string{"Row 3 of the table users is not a JSON array"}},
	{"a row that is too short", line("users", func(l [][]byte) [][]byte { l[2] = []byte("[\"x\"]\n"); return l }), true, []string{"Row 2 of the table users has 1 values"}},
	{"a number where a text stands", replace("tables/taxonomies/", `["industry"`, `[7`), true, []string{"Row 1 of the table taxonomies has a value in facet"}},
	{"a time that is none", replace("tables/users/", `:`, `;`), true, []string{"Row 1 of the table users has a value in created_at"}},
	{"a row twice", line("users", func(l [][]byte) [][]byte { return append(l[:3:3], l[2:]...) }), true, []string{"Row 3 of the table users"}},
	{"a row that is missing", line("usage_events", func(l [][]byte) [][]byte { return append(l[:5:5], l[6:]...) }), false, []string{"table usage_events is not what the manifest says"}},
	{"a row that was changed", replace("tables/audit_log/", `"asset"`, `"atlas"`), false, []string{"table audit_log is not what the manifest says"}},
	{"rows in another order", line("audit_log", func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l }), true, []string{"table audit_log does not read back"}},
	{"a row written otherwise", replace("tables/audit_log/", `[1,`, `[ 1,`), true, []string{"table audit_log does not read back"}},
	{"a publication without sign-off", line("approvals", func(l [][]byte) [][]byte { return l[:2] }), true, []string{"table publications"}},
	{"a file with other bytes", func(t *testing.T, all entries) entries {
		all[all.find(t, "files/")].content[7] ^= 1
		return all
	}, true, []string{"The file ", "has other bytes in it"}},
	{"a file that is missing", func(t *testing.T, all entries) entries {
		i := all.find(t, "files/")
		return append(all[:i:i], all[i+1:]...)
	}, true, []string{"The file ", "is missing from the stream"}},
	{"a file twice", func(t *testing.T, all entries) entries {
		i := all.find(t, "files/")
		return append(all[:i+1:i+1], all[i:]...)
	}, true, []string{"twice"}},
	{"a file that nothing has", func(t *testing.T, all entries) entries {
		i := all.find(t, "files/")
		more := entry{"files/sha256/00/00/" + strings.Repeat("0", 64), []byte("x")}
		return append(append(all[:i:i], more), all[i:]...)
	}, true, []string{"no version has it"}},
	{"a file outside", func(t *testing.T, all entries) entries {
		all[all.find(t, "files/")].name = "files/../../etc/passwd"
		return all
	}, true, []string{"no version has it"}},
}

// brief is a stream that is as good, with a part of what there is most of: it is taken in again and again.
func brief(t *testing.T, stream []byte) []byte {
	t.Helper()
	const rows = 100
	all := unpack(t, stream)
	for _, table := range []string{"usage_events", "searches", "usage_totals"} {
		all = line(table, func(lines [][]byte) [][]byte { return lines[:1+rows] })(t, all)
	}
	all.seal(t)
	return all.pack(t)
}

// testForged refuses each with a sentence, and leaves nothing behind in the database.
func testForged(t *testing.T, _ archive.Archive, stream []byte) {
	stream = brief(t, stream)
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			a := newArchive(t, dialect)
			for _, f := range forgeries {
				t.Run(f.name, func(t *testing.T) {
					all := f.change(t, unpack(t, stream))
					if f.sealed {
						all.seal(t)
					}
					refused(t, a, all.pack(t), f.want...)
				})
			}
			sealed := unpack(t, stream)
			sealed.seal(t)
			if _, err := a.Import(t.Context(), bytes.NewReader(sealed.pack(t)), archive.ImportOptions{}); err != nil {
				t.Errorf("the stream as it is: %v", err)
			}
		})
	}
}

// testCutOff refuses a stream that ends anywhere, or that has a bit turned anywhere.
func testCutOff(t *testing.T, _ archive.Archive, stream []byte) {
	stream = brief(t, stream)
	a := newArchive(t, store.SQLite)
	for i := range 10 {
		at := len(stream) * i / 10
		refused(t, a, stream[:at])
		turned := bytes.Clone(stream)
		turned[at+10] ^= 0x10
		refused(t, a, turned)
	}
	refused(t, a, stream[:len(stream)-1], "cut off")
	refused(t, a, []byte("PK\x03\x04"), "This is not a stream that collateral export wrote.")
	refused(t, a, nil, "This is not a stream that collateral export wrote.")
}
