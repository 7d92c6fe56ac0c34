package store

import (
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
	_ "modernc.org/sqlite" // the driver
)

const sqliteDriver = "sqlite"

// sqliteTime is how times stand in the database: of one width and in UTC, so that their order as text is their order.
const sqliteTime = "2006-01-02 15:04:05.000000+00:00"

// sqliteDialector teaches GORM the SQL of SQLite, as far as this package uses it: the schema is made by migrations, and
// nothing is saved by halves inside a transaction.
type sqliteDialector struct{ pool *sql.DB }

var (
	_ gorm.Dialector       = sqliteDialector{}
	_ gorm.ErrorTranslator = sqliteDialector{}
)

func (sqliteDialector) Name() string { return SQLite }

func (d sqliteDialector) Initialize(db *gorm.DB) error {
	db.ConnPool = d.pool
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	// A transaction that writes holds the whole database: there are no rows to lock.
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {}
	return nil
}

func (d sqliteDialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

func (sqliteDialector) DataTypeOf(field *schema.Field) string { return string(field.DataType) }

func (sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"} // an integer primary key that is null numbers itself
}

// BindVarTo writes the mark of the newest parameter, and gives a time its form in the database.
func (sqliteDialector) BindVarTo(w clause.Writer, stmt *gorm.Statement, value any) {
	_ = w.WriteByte('?')
	if t, ok := timeIn(value); ok {
		stmt.Vars[len(stmt.Vars)-1] = t.UTC().Format(sqliteTime)
	}
}

// timeIn finds the time in the types that carry one; a null is none.
func timeIn(value any) (time.Time, bool) {
	switch v := value.(type) {
	case time.Time:
		return v, true
	case *time.Time:
		if v != nil {
			return *v, true
		}
	case sql.NullTime:
		return v.Time, v.Valid
	case sql.Null[time.Time]:
		return v.V, v.Valid
	}
	return time.Time{}, false
}

func (sqliteDialector) QuoteTo(w clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = w.WriteByte('.')
		}
		if part == "*" {
			_, _ = w.WriteString(part)
			continue
		}
		_, _ = w.WriteString(`"` + strings.ReplaceAll(strings.Trim(part, `"`), `"`, `""`) + `"`)
	}
}

// Explain would put the values into a statement for a log; see plainSQL.
func (sqliteDialector) Explain(query string, _ ...any) string { return plainSQL(query) }

// plainSQL is a statement for the log of GORM: without its values, which nobody reads there. GORM asks for it after every
// Scan, log or not, and putting in the values takes longer than many a statement.
func plainSQL(query string) string { return query }

func (sqliteDialector) Translate(err error) error { return translate(err) }
