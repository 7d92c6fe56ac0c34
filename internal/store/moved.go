package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"collateral/internal/collateral"
)

// movedTables are what an installation consists of, each after those that its rows refer to.
var movedTables = []string{
	"users", "role_grants", "api_tokens",
	"stages", "stage_questions", "stage_milestones", "taxonomies", "taxonomy_values",
	"assets", "asset_facets", "coauthors", "asset_stages",
	"versions", "version_stages", "contributors", "extractions", "version_pages",
	"reviews", "approvals", "publications", "publication_log", "reasons", "purges", "audit_log",
	"usage_events", "searches", "viewings", "usage_totals", "usage_latest", "usage_days", "late_uses",
	"batches", "batch_items",
	"synonym_groups", "synonym_terms", "popular_queries",
	"favourites", "collections", "collection_items", "flags",
	"review_openings", "notices", "mail_choices",
	"webhooks",
	"links", "link_assets", "link_allowed", "visitors", "visits", "attention", "engagements", "visit_notes",
}

// stayingTables are of this database and its server, and nothing to move, each for its reason.
var stayingTables = map[string]string{
	"goose_db_version": "it tells which migrations this very database has seen",
	"sessions":         "who is signed in here is not signed in there",
	"sign_in_failures": "it bounds guessing over minutes, and holds addresses",
	"link_attempts":    "it bounds guessing over minutes, and holds addresses",
	"jobs":             "work is asked for anew where it is to be done",
	"previews":         "pictures are made anew when somebody looks",
	"preview_pages":    "pictures are made anew when somebody looks",

	"webhook_deliveries": "what was told is told by the server that told it, and its log lives for weeks only",
}

// seededTables are filled by the migrations themselves.
var seededTables = []string{"stage_milestones", "stage_questions", "stages", "taxonomies"}

// MovedTable is a table of the schema as both databases have it.
type MovedTable struct {
	Name    string
	Columns []MovedColumn // those that hold what was said; the database makes the others out of them

	key []string // of the rows, in order
}

// MovedColumn is a column, and what stands in it.
type MovedColumn struct {
	Name string
	Kind ColumnKind

	sqlType string
}

// ColumnKind is what a column holds, and with that the Go type of its values in MovedRows and LoadRows; null is nil.
type ColumnKind int

// The kinds of columns.
const (
	ColumnText  ColumnKind = iota // string, also of an id; of several, a JSON array of them
	ColumnInt                     // int64
	ColumnBool                    // bool
	ColumnTime                    // string in the form of MovedTime
	ColumnBytes                   // []byte
)

// MovedTime is the form of a time: of one width, in UTC, in microseconds.
const MovedTime = "2006-01-02T15:04:05.000000Z"

// idArray is the type of a list of ids on PostgreSQL. On SQLite it is text.
const idArray = "uuid[]"

// columnKinds says what the types of columns in both databases hold.
var columnKinds = map[string]ColumnKind{
	"text": ColumnText, "uuid": ColumnText, idArray: ColumnText,
	"integer": ColumnInt, "bigint": ColumnInt,
	"boolean":  ColumnBool,
	"datetime": ColumnTime, "timestamp with time zone": ColumnTime,
	"blob": ColumnBytes, "bytea": ColumnBytes,
}

// MovedTables returns the tables that an installation is moved by, each after those that its rows refer to. Their columns
// are read from the database. A table that is neither moved nor known to stay is an error: nothing is left behind by
// oversight.
func (s *Store) MovedTables(ctx context.Context) ([]MovedTable, error) {
	names := "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
	if s.Dialect() == Postgres {
		names = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
	}
	var have []string
	if err := s.reader(ctx).Raw(names).Scan(&have).Error; err != nil {
		return nil, translate(err)
	}
	for _, name := range have {
		if _, stays := stayingTables[name]; !stays && !slices.Contains(movedTables, name) {
			return nil, collateral.Errorf(collateral.Conflict,
				"The database has a table %s, and this program does not know what is in it. If you made it, move it out of here, on PostgreSQL into a schema of its own.", name)
		}
	}
	tables := make([]MovedTable, len(movedTables))
	for i, name := range movedTables {
		var err error
		if tables[i], err = s.movedTable(ctx, name); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

func (s *Store) movedTable(ctx context.Context, name string) (MovedTable, error) {
	query := "SELECT name, lower(type) AS kind, pk AS place, hidden > 1 AS made FROM pragma_table_xinfo(?) ORDER BY cid"
	if s.Dialect() == Postgres {
		query = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS kind, a.attgenerated <> '' AS made,
				coalesce(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0) AS place
			FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
			WHERE a.attrelid = CAST(? AS regclass) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
	}
	var columns []struct {
		Name, Kind string
		Place      int // in the key, from 1
		Made       bool
	}
	if err := s.reader(ctx).Raw(query, name).Scan(&columns).Error; err != nil {
		return MovedTable{}, fmt.Errorf("reading the columns of %s: %w", name, translate(err))
	}
	t := MovedTable{Name: name, key: make([]string, len(columns))}
	for _, c := range columns {
		if c.Made {
			continue
		}
		kind, known := columnKinds[c.Kind]
		if !known {
			return MovedTable{}, fmt.Errorf("the column %s.%s is of type %s, and nothing says what that holds", name, c.Name, c.Kind)
		}
		t.Columns = append(t.Columns, MovedColumn{Name: c.Name, Kind: kind, sqlType: c.Kind})
		if c.Place > 0 {
			t.key[c.Place-1] = c.Name
		}
	}
	if t.key = slices.DeleteFunc(t.key, func(c string) bool { return c == "" }); len(t.key) == 0 {
		return MovedTable{}, fmt.Errorf("the table %s has no key to order its rows by", name)
	}
	return t, nil
}

// Named says which row of the table it is, by its key.
func (t MovedTable) Named(row []any) string {
	var parts []string
	for i, c := range t.Columns {
		if slices.Contains(t.key, c.Name) {
			parts = append(parts, fmt.Sprintf("%s %v", c.Name, row[i]))
		}
	}
	return strings.Join(parts, ", ")
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
