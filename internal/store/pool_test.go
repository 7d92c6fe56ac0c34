package store

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Pool hands the pool for writing to the tests outside of the package.
func Pool(s *Store) *sql.DB {
	pool, err := s.write.DB()
	if err != nil {
		panic(err)
	}
	return pool
}

// Exec runs a statement as a method of the package would.
func Exec(ctx context.Context, s *Store, statement string) error {
	return s.writer(ctx).Exec(statement).Error
}

func openSQLite(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir()+"/collateral.db")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestEveryPooledConnectionIsSafe takes all connections of both pools at once, so that none is looked at twice.
func TestEveryPooledConnectionIsSafe(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	readers, err := s.read.DB()
	if err != nil {
		t.Fatal(err)
	}
	for name, pool := range map[string]*sql.DB{"reading": readers, "writing": Pool(s)} {
		readOnly := map[string]string{"reading": "1", "writing": "0"}[name]
		want := map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000", "query_only": readOnly,
		}
		for range pool.Stats().MaxOpenConnections {
			c, err := pool.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			got := make(map[string]string)
			for pragma := range want {
				got[pragma] = pragmaOf(t, c, pragma)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("a connection for %s (-want +got):\n%s", name, diff)
			}
		}
	}
}

func pragmaOf(t *testing.T, c *sql.Conn, name string) (value string) {
	t.Helper()
	if err := c.QueryRowContext(t.Context(), "pragma "+name).Scan(&value); err != nil {
		t.Fatalf("pragma %s: %v", name, err)
	}
	return value
}

func TestWritersBeginAtOnce(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	other, err := sql.Open(sqliteDriver, sqliteEngine{path: s.engine.(sqliteEngine).path}.dsn("_txlock=immediate&_pragma=busy_timeout(1)"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	err = s.Tx(t.Context(), func(*Store) error {
		tx, err := other.BeginTx(t.Context(), nil)
		if err == nil {
			_ = tx.Rollback()
			t.Error("a second writer began while the first had written nothing yet: it would fail half way instead")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// moment is a row with a time of each kind that the package writes.
type moment struct {
	ID    int
	At    time.Time
	Maybe *time.Time
}

func (moment) TableName() string { return "moments" }

func TestTimesAreTheSameOnBothSides(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	ctx := context.Background()
	if err := s.writer(ctx).Exec("create table moments (id integer primary key, at datetime, maybe datetime)").Error; err != nil {
		t.Fatal(err)
	}
	shanghai := time.FixedZone("", 8*60*60)
	at := time.Date(2026, 11, 22, 20, 0, 0, 0, shanghai)
	if err := s.writer(ctx).Create(&[]moment{{ID: 1, At: at, Maybe: &at}, {ID: 2, At: at.Add(time.Hour)}}).Error; err != nil {
		t.Fatal(err)
	}
	var text string
	if err := s.reader(ctx).Raw("select cast(at as text) from moments where id = 1").Scan(&text).Error; err != nil {
		t.Fatal(err)
	}
	if want := "2026-11-22 12:00:00.000000+00:00"; text != want {
		t.Errorf("got %q in the database, want %q", text, want)
	}
	var got []moment
	if err := s.reader(ctx).Where("at <= ?", at).Or("maybe > ?", sql.NullTime{Time: at, Valid: true}).Find(&got).Error; err != nil {
		t.Fatal(err)
	}
	want := at.UTC()
	if diff := cmp.Diff([]moment{{ID: 1, At: want, Maybe: &want}}, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if len(got) == 1 && got[0].At.Location() != time.UTC {
		t.Errorf("got a time in %v, want UTC", got[0].At.Location())
	}
	if err := s.reader(ctx).Exec("delete from moments").Error; err == nil {
		t.Error("the pool for reading wrote")
	}
}
