package store_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/store/storetest"
)

// withRole is the address of a database for somebody who plays another role there.
func withRole(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("role", "collateral_server")
	u.RawQuery = query.Encode()
	return u.String()
}

// find returns the row of a table whose column has the filled-in value.
func (all movedRows) find(t *testing.T, table, column, value string) int {
	t.Helper()
	i := slices.IndexFunc(all[table], func(row map[string]any) bool { return row[column] == unquoted(value) })
	if i < 0 {
		t.Fatalf("no row of %s has %s in %s", table, value, column)
	}
	return i
}

// unquoted fills a placeholder in, as a value of a moved row.
func unquoted(placeholder string) string {
	value := strings.Trim(fill(placeholder), "'")
	if strings.HasPrefix(placeholder, "{@") {
		value = strings.Replace(strings.Replace(value, " ", "T", 1), "+00:00", "Z", 1)
	}
	return value
}

func set(table, column, value, set string, to any) func(*testing.T, movedRows) {
	return func(t *testing.T, all movedRows) {
		if text, ok := to.(string); ok {
			to = unquoted(text)
		}
		all[table][all.find(t, table, column, value)][set] = to
	}
}

func drop(table, column, value string) func(*testing.T, movedRows) {
	return func(t *testing.T, all movedRows) {
		i := all.find(t, table, column, value)
		all[table] = slices.Delete(all[table], i, i+1)
	}
}

// again puts a row once more, with some columns changed.
func again(table, column, value string, changed map[string]any) func(*testing.T, movedRows) {
	return func(t *testing.T, all movedRows) {
		row := maps.Clone(all[table][all.find(t, table, column, value)])
		for k, v := range changed {
			if text, ok := v.(string); ok {
				v = unquoted(text)
			}
			row[k] = v
		}
		all[table] = append(all[table], row)
	}
}

func both(changes ...func(*testing.T, movedRows)) func(*testing.T, movedRows) {
	return func(t *testing.T, all movedRows) {
		for _, change := range changes {
			change(t, all)
		}
	}
}

// forgeries are changes to the rows of the world that nobody could have made with the gate in place.
var forgeries = []struct {
	name   string
	change func(*testing.T, movedRows)
	want   []string // in the refusal
}{
	{"a publication without a signature", drop("approvals", "id", "{a1}"), []string{"Row 1 of the table publications"}},
	{"approved without a signature", drop("approvals", "id", "{a2}"), []string{"table versions", "approved by a signature"}},
	{"signed by a marketer", set("approvals", "id", "{a2}", "signer_id", "{ann}"), []string{"table approvals", "only Sales approvers sign"}},
	{"signed by somebody who did not sign any more", set("approvals", "id", "{a2}", "signer_id", "{olga}"), []string{"only Sales approvers sign"}},
	{"signed by another approver", set("approvals", "id", "{a1}", "signer_id", "{sam}"), []string{"table reviews", "who approved a version is who signed it"}},
	{"signed before the grant", set("role_grants", "user_id", "{sue}", "granted_at", "{@05}"), []string{"only Sales approvers sign"}},
	{"signed by a contributor", again("contributors", "version_id", "{v1}", map[string]any{"user_id": "{sue}"}), []string{"table approvals", "nobody signs what they contributed to"}},
	{"signed before it was submitted", set("approvals", "id", "{a2}", "signed_at", "{@05}"), []string{"cannot be signed before it was submitted"}},
	{"other bytes than were signed", set("versions", "id", "{v1}", "sha256", "{sha x}"), []string{"of the table approvals"}},
	{"other bytes in the signature", set("approvals", "id", "{a1}", "sha256", "{sha x}"), []string{"of the table approvals"}},
	{"a signature on a rejected version", both(set("versions", "id", "{v2}", "state", "rejected"), drop("reviews", "id", "{r1}")), []string{"table approvals", "only a submitted version"}},
	{"a signature on a draft", both(set("versions", "id", "{v2}", "state", "draft"), set("versions", "id", "{v2}", "submitted_at", nil)), []string{"table approvals", "only a submitted version"}},
	{"a review that refuses what was signed", set("reviews", "id", "{r1}", "decision", "reject"), []string{"table reviews"}},
	{"a review of another asset", set("reviews", "id", "{r1}", "asset_id", "{memo}"), []string{"a review is of a version of this asset"}},
	{"a draft with a time of submission", set("versions", "id", "{v4}", "submitted_at", "{@09}"), []string{"a draft has no time of submission"}},
	{"submitted without a stage", drop("version_stages", "version_id", "{v3}"), []string{"exactly one of them primary"}},
	{"submitted without its uploader", drop("contributors", "version_id", "{m1}"), []string{"is one of its contributors"}},
	{"submitted without a first time", set("assets", "id", "{deck}", "submitted_at", nil), []string{"table assets", "first submission"}},
	{"published for another stage", set("publications", "asset_id", "{deck}", "stage_id", "{late}"), []string{"Row 1 of the table publications"}},
	{"published in place of another version", set("publications", "asset_id", "{deck}", "version_id", "{v4}"), []string{"Row 1 of the table publications"}},
	{"published what Sales signed, unnoticed by the log",
		both(set("publications", "asset_id", "{deck}", "version_id", "{v2}"), set("publications", "asset_id", "{deck}", "approval_id", "{a2}"), set("publications", "asset_id", "{deck}", "stage_id", "{late}")),
		[]string{"table publications", "written to the publication log"}},
	{"published at another time", set("publications", "asset_id", "{deck}", "published_at", "{@06}"), []string{"written to the publication log"}},
	{"published and purged", again("purges", "version_id", "{w1}", map[string]any{"version_id": "{v1}"}), []string{"whose bytes were purged"}},
	{"withdrawn unnoticed by the log", drop("publications", "asset_id", "{deck}"), []string{"table publication_log", "was ended"}},
	{"a log that was emptied", drop("publication_log", "asset_id", "{deck}"), []string{"written to the publication log"}},
	{"published twice in the log", again("publication_log", "asset_id", "{deck}", map[string]any{"seq": int64(7)}), []string{"row 7 of the table publication_log", "in this order"}},
	{"ended without a beginning in the log", again("publication_log", "asset_id", "{deck}", map[string]any{"seq": int64(7), "asset_id": "{memo}", "event": "ended"}), []string{"row 7 of the table publication_log"}},
	{"published before it was signed",
		both(set("publications", "asset_id", "{deck}", "published_at", "{@03}"), set("publication_log", "asset_id", "{deck}", "at", "{@03}")),
		[]string{"was signed before"}},
	{"a log with a number below 1", set("publication_log", "asset_id", "{deck}", "seq", int64(-4)), []string{"publication_log"}},
	{"marketer and approver", again("role_grants", "user_id", "{sue}", map[string]any{"role": "marketer"}), []string{"table role_grants", "at the same time"}},
	{"a role that nobody sees", set("asset_stages", "asset_id", "{deck}", "role_in_stage", unseen), []string{"asset_stages", "at least 20 characters"}},
	{"a person twice", again("users", "id", "{ann}", nil), []string{"Row 9 of the table users"}},
	{"an e-mail address twice", again("users", "id", "{ann}", map[string]any{"id": "{x}"}), []string{"Row 9 of the table users"}},
	{"an owner who is not there", set("assets", "id", "{idea}", "owner_id", "{nobody}"), []string{"of the table assets"}},
	{"a state that is none", set("versions", "id", "{v4}", "state", "published"), []string{"of the table versions"}},
	{"a text where an id stands", set("coauthors", "asset_id", "{deck}", "user_id", "ben"), []string{"of the table coauthors"}},
	{"nothing where something stands", set("users", "id", "{ann}", "name", nil), []string{"of the table users"}},
}

// TestLoadRefusesForgeries loads the world with one thing changed. The database is as it was, and takes the true rows.
func TestLoadRefusesForgeries(t *testing.T) {
	t.Parallel()
	for _, way := range movedFrom[:2] {
		t.Run(way.to, func(t *testing.T) {
			t.Parallel()
			source := openURL(t, worldURL(t, way.from))
			address := storetest.URL(t, way.to)
			s, c := openURL(t, address), connect(t, session{dialect: way.to}, address)
			empty, gate := readRows(t, s), lines(t, c, triggerList(way.to))
			for _, f := range forgeries {
				rows := readRows(t, source)
				f.change(t, rows)
				err := loadRows(t.Context(), s, rows)
				for _, want := range f.want {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("%s: got error %v, want one with %q", f.name, err, want)
					}
				}
				if err == nil {
					t.Fatalf("%s: was taken in", f.name)
				}
			}
			if diff := cmp.Diff(empty, readRows(t, s)); diff != "" {
				t.Errorf("rows that were left behind:\n%s", diff)
			}
			if diff := cmp.Diff(gate, lines(t, c, triggerList(way.to))); diff != "" {
				t.Errorf("triggers (-before +after):\n%s", diff)
			}
			if err := loadRows(t.Context(), s, readRows(t, source)); err != nil {
				t.Errorf("the rows as they are: %v", err)
			}
		})
	}
}
