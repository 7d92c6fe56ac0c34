package demo_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	_ "modernc.org/sqlite"             // the driver

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/extract"
	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/search/bleveindex"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// town is a registry in which the demo was made.
type town struct {
	*registry.Registry

	people *access.Access
	url    string // of the database
}

// newTown makes the demo in a fresh registry, and does not do its jobs.
func newTown(t *testing.T, dialect string, now time.Time) town {
	t.Helper()
	url := storetest.URL(t, dialect)
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	index, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	uses := usage.New(s)
	t.Cleanup(func() {
		if err := uses.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := errors.Join(index.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	w := town{url: url, people: accesstest.New(s), Registry: &registry.Registry{
		Store: s, Blobs: blobs, Index: index, Usage: uses,
		Text: extract.Runner{Limits: extract.DefaultLimits()}, MaxUpload: 1 << 30, Log: slog.New(slog.DiscardHandler),
	}}
	if err := demo.Seed(t.Context(), w.Registry, now); err != nil {
		t.Fatal(err)
	}
	return w
}

// work does the jobs that wait.
func (w town) work(t *testing.T) {
	t.Helper()
	handlers := map[string]jobs.Handler{registry.JobExtract: w.ExtractText, registry.JobIndex: w.IndexAsset}
	if err := jobs.New(w.Store, handlers, slog.New(slog.DiscardHandler)).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// actor signs in with the account that is printed for the role.
func (w town) actor(t *testing.T, role collateral.Role) collateral.Actor {
	t.Helper()
	accounts := demo.SignIns()
	i := slices.IndexFunc(accounts, func(n collateral.NewUser) bool { return slices.Contains(n.Roles, role) })
	if i < 0 {
		t.Fatalf("no account is printed for the role %s", role)
	}
	session, err := w.people.SignIn(t.Context(), accounts[i].Email, demo.Password, "127.0.0.1")
	if err != nil {
		t.Fatalf("signing in as %s: %v", accounts[i].Email, err)
	}
	actor, err := w.people.Authenticate(t.Context(), session.Token)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

func (w town) unused(t *testing.T, asOf time.Time) usage.UnusedReport {
	t.Helper()
	r, err := w.Usage.Unused(t.Context(), w.actor(t, collateral.Leader), usage.UnusedQuery{AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w town) pieces(t *testing.T) []*collateral.Asset {
	t.Helper()
	all, next, err := w.Assets(t.Context(), w.actor(t, collateral.Admin), registry.AssetFilter{}, collateral.Paging{Limit: 200})
	if err != nil || next != "" {
		t.Fatalf("listing the pieces: got %d, next page %q, error %v", len(all), next, err)
	}
	return all
}

// usersOf counts who shared or presented a piece. No report tells that, so it is read from the table.
func (w town) usersOf(t *testing.T, asset uuid.UUID) (n int) {
	t.Helper()
	driver := "sqlite"
	if w.Store.Dialect() == store.Postgres {
		driver = "pgx"
	}
	db, err := sql.Open(driver, w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	query := "SELECT count(DISTINCT user_id) FROM usage_events WHERE kind IN ('share', 'present') AND asset_id = '" + asset.String() + "'"
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
