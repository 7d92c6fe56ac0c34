package store

import "testing"

func TestStatementName(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT a.id FROM assets a JOIN versions v ON true WHERE a.id = ?": "SELECT assets",
		"SELECT EXISTS (SELECT 1 FROM jobs)":                               "SELECT jobs",
		"SELECT n FROM (SELECT count(*) AS n FROM uses) t":                 "SELECT uses",
		"\n\tSELECT * FROM unnest($1::text[]) AS v":                        "SELECT unnest",
		`insert INTO "jobs" ("id") VALUES (?) ON CONFLICT DO NOTHING`:      "INSERT jobs",
		"INSERT INTO asset_stages(asset_id) VALUES (?)":                    "INSERT asset_stages",
		`UPDATE "assets" SET title = 'FROM here'`:                          "UPDATE assets",
		"DELETE FROM jobs;": "DELETE jobs",
		"SELECT pg_advisory_xact_lock(hashtextextended(?, 0))": "SELECT",
		"": "",
	} {
		if got := statementName(query); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}
