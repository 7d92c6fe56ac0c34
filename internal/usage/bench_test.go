package usage

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// eachBench runs f over every database at hand, with so many published pieces.
func eachBench(b *testing.B, pieces int, f func(b *testing.B, l *library)) {
	b.Helper()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		b.Run(dialect, func(b *testing.B) {
			f(b, newLibrary(newWorld(b, dialect), pieces))
		})
	}
}

// library is a world with many published pieces, of which few are used much and many hardly ever.
type library struct {
	*world
	random *rand.Rand
	zipf   *rand.Zipf
	assets []uuid.UUID
}

func newLibrary(w *world, pieces int) *library {
	w.t.Helper()
	l := &library{world: w, random: rand.New(rand.NewPCG(1, 1)), assets: make([]uuid.UUID, pieces)}
	l.zipf = rand.NewZipf(l.random, 1.1, 10, uint64(pieces-1))
	db := w.sql()
	for i := range l.assets {
		l.assets[i] = w.store.NewID()
	}
	for from := 0; from < pieces; from += 500 {
		l.publishAll(db, l.assets[from:min(from+500, pieces)])
		if w.store.Dialect() == store.Postgres {
			l.exec(db, "ANALYZE") // else the gate goes by plans for empty tables
		}
	}
	// Ids are in the order of time: the much used pieces must not stand together.
	l.random.Shuffle(pieces, func(i, j int) { l.assets[i], l.assets[j] = l.assets[j], l.assets[i] })
	return l
}

// publishAll takes pieces all the way to publication, one step of all at a time.
func (l *library) publishAll(db *sql.DB, assets []uuid.UUID) {
	l.t.Helper()
	var rows [5][]string
	var versions []string
	for _, a := range assets {
		v, approval, st := l.store.NewID(), l.store.NewID(), stage(1+l.random.IntN(6))
		versions = append(versions, "'"+v.String()+"'")
		rows[0] = append(rows[0], fmt.Sprintf("('%s', 'Piece %s', '%s', 'customer', 'en', '%s', '2026-01-15')", a, a, collateral.Types()[l.random.IntN(16)], l.mia.UserID))
		rows[1] = append(rows[1], fmt.Sprintf("('%s', '%s', 1, 'f', 'text/plain', 1, '%064d', '%s', '2026-01-15 00:00:00.000000+00:00')", v, a, 0, l.mia.UserID))
		rows[2] = append(rows[2], fmt.Sprintf("('%s', '%s', 'Shows the buyer what the product does.', true)", v, st))
		rows[3] = append(rows[3], fmt.Sprintf("('%s', '%s', '%s', '%064d', '%s', 'approver', '2026-01-15 00:00:00.000000+00:00')", approval, v, a, 0, l.ann.UserID))
		rows[4] = append(rows[4], fmt.Sprintf("('%s', '%s', '%s', '%s', '2026-01-15 00:00:00.000000+00:00', '%s')", a, v, approval, st, l.mia.UserID))
	}
	in := " WHERE id IN (" + strings.Join(versions, ", ") + ")"
	l.exec(db,
		"INSERT INTO assets (id, title, type, audience, language, owner_id, first_published_on) VALUES "+strings.Join(rows[0], ", "),
		"INSERT INTO versions (id, asset_id, n, file_name, media_type, size, sha256, uploaded_by, created_at) VALUES "+strings.Join(rows[1], ", "),
		"INSERT INTO version_stages (version_id, stage_id, role_in_stage, is_primary) VALUES "+strings.Join(rows[2], ", "),
		"UPDATE versions SET audience = 'customer', submitted_at = '2026-01-15 00:00:00.000000+00:00', state = 'submitted'"+in,
		"INSERT INTO approvals (id, version_id, asset_id, sha256, signer_id, role_held, signed_at) VALUES "+strings.Join(rows[3], ", "),
		"UPDATE versions SET state = 'approved'"+in,
		"INSERT INTO publications (asset_id, version_id, approval_id, stage_id, published_at, published_by) VALUES "+strings.Join(rows[4], ", "),
	)
}

func (l *library) exec(db *sql.DB, statements ...string) {
	l.t.Helper()
	tx, err := db.BeginTx(l.t.Context(), nil)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(l.t.Context(), s); err != nil {
			l.t.Fatalf("%.200s: %v", s, err)
		}
	}
	if err := tx.Commit(); err != nil {
		l.t.Fatal(err)
	}
}

// events are uses in the order in which they happened, over the last so many days.
func (l *library) events(n, days int) []collateral.Event {
	kinds := []collateral.UseKind{collateral.View, collateral.View, collateral.Download, collateral.Share}
	events := make([]collateral.Event, n)
	start := today.Add(-time.Duration(days) * day)
	for i := range events {
		at := start.Add(time.Duration(i) * (time.Duration(days) * day / time.Duration(n))).Truncate(time.Microsecond)
		events[i] = collateral.Event{
			ID: l.store.NewID(), Kind: kinds[l.random.IntN(4)], AssetID: l.assets[l.zipf.Uint64()], VersionID: l.assets[0],
			UserID: l.rita.UserID, OccurredAt: at, RecordedAt: at, Qualifies: true,
		}
	}
	return events
}

// fill writes a history of uses: rows and totals as Record would leave them, in larger transactions.
func (l *library) fill(n int) {
	l.t.Helper()
	ctx, db := l.t.Context(), l.sql()
	events := l.events(n, 180)
	for from := 0; from < n; from += 50_000 {
		part := events[from:min(from+50_000, n)]
		totals := make(raises)
		for _, e := range part {
			totals.addEvent(e)
		}
		err := l.store.Tx(ctx, func(tx *store.Store) error {
			if l.store.Dialect() == store.SQLite {
				if _, err := tx.AddEvents(ctx, part); err != nil {
					return err
				}
			}
			return tx.RaiseTotals(ctx, totals.all())
		})
		if err == nil && l.store.Dialect() == store.Postgres {
			err = copyEvents(ctx, db, part)
		}
		if err != nil {
			l.t.Fatal(err)
		}
	}
	if l.store.Dialect() == store.Postgres {
		l.exec(db, "ANALYZE")
	}
}

// BenchmarkUnused measures the report over 10,000 pieces, first with a tenth of the uses and then with all of them:
// the second should cost hardly more.
func BenchmarkUnused(b *testing.B) {
	const pieces, uses = 10_000, 1_000_000
	eachBench(b, pieces, func(b *testing.B, l *library) {
		var few time.Duration
		report := func(b *testing.B) time.Duration {
			for b.Loop() {
				r := l.unused(l.lea, UnusedQuery{Paging: collateral.Paging{Limit: 50}})
				if r.Eligible != pieces {
					b.Fatalf("got %d eligible, want %d", r.Eligible, pieces)
				}
			}
			return b.Elapsed() / time.Duration(b.N)
		}
		l.fill(uses / 10)
		b.Run(fmt.Sprintf("uses=%d", uses/10), func(b *testing.B) { few = report(b) })
		l.fill(uses - uses/10)
		b.Run(fmt.Sprintf("uses=%d", uses), func(b *testing.B) {
			b.ReportMetric(report(b).Seconds()/few.Seconds(), "x-tenth-of-uses")
		})
	})
}

// BenchmarkRecord measures single events from 32 clients, with a shared commit and with one commit each.
func BenchmarkRecord(b *testing.B) {
	const clients, rounds = 32, 8
	eachBench(b, 1000, func(b *testing.B, l *library) {
		run := func(write func(Incoming) error) time.Duration {
			var lanes [clients][]Incoming
			for i := range lanes {
				for _, e := range l.events(rounds, 1) {
					lanes[i] = append(lanes[i], reported(e))
				}
			}
			start := time.Now()
			var done sync.WaitGroup
			for _, lane := range lanes {
				done.Go(func() {
					for _, in := range lane {
						if err := write(in); err != nil {
							b.Error(err)
						}
					}
				})
			}
			done.Wait()
			return time.Since(start)
		}
		var shared, alone time.Duration
		for b.Loop() {
			shared += run(func(in Incoming) error {
				_, err := l.Record(b.Context(), l.rita, []Incoming{in})
				return err
			})
			alone += run(func(in Incoming) error {
				event, _ := in.read(l.clock.now())
				event.UserID, event.RecordedAt = l.rita.UserID, l.clock.now()
				return l.write(b.Context(), []*entry{{uses: []use{{Event: event}}}})
			})
		}
		events := float64(clients * rounds * b.N)
		b.ReportMetric(events/shared.Seconds(), "events/s")
		b.ReportMetric(events/alone.Seconds(), "events/s-one-commit-each")
		b.ReportMetric(alone.Seconds()/shared.Seconds(), "x-one-commit-each")
	})
}

// BenchmarkRecordBatch measures calls with as many events as are allowed, against writing the same rows into the same
// table without judging and without totals; on PostgreSQL also against COPY.
func BenchmarkRecordBatch(b *testing.B) {
	eachBench(b, 10_000, func(b *testing.B, l *library) {
		var recorded, plain, copied time.Duration
		db := l.sql()
		for b.Loop() {
			var batch []Incoming
			for _, e := range l.events(MaxEvents, 1) {
				batch = append(batch, reported(e))
			}
			recorded += timed(b, func() error {
				_, err := l.Record(b.Context(), l.rita, batch)
				return err
			})
			rows := l.events(MaxEvents, 1)
			plain += timed(b, func() error {
				return l.store.Tx(b.Context(), func(tx *store.Store) error {
					_, err := tx.AddEvents(b.Context(), rows)
					return err
				})
			})
			if l.store.Dialect() == store.Postgres {
				rows := l.events(MaxEvents, 1)
				copied += timed(b, func() error { return copyEvents(b.Context(), db, rows) })
			}
		}
		events := float64(MaxEvents * b.N)
		b.ReportMetric(events/recorded.Seconds(), "events/s")
		b.ReportMetric(plain.Seconds()/recorded.Seconds(), "of-plain-inserts")
		if copied > 0 {
			b.ReportMetric(copied.Seconds()/recorded.Seconds(), "of-copy")
		}
	})
}

func reported(e collateral.Event) Incoming {
	return Incoming{ID: e.ID.String(), Kind: string(e.Kind), AssetID: e.AssetID.String(), OccurredAt: e.OccurredAt.Format(time.RFC3339Nano)}
}

func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// copyEvents writes events by PostgreSQL's COPY.
func copyEvents(ctx context.Context, db *sql.DB, events []collateral.Event) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	columns := []string{"id", "kind", "asset_id", "version_id", "user_id", "occurred_at", "recorded_at", "opportunity", "reaction", "qualifies"}
	return conn.Raw(func(c any) error {
		rows := pgx.CopyFromSlice(len(events), func(i int) ([]any, error) {
			e := events[i]
			return []any{e.ID, string(e.Kind), e.AssetID, e.VersionID, e.UserID, e.OccurredAt, e.RecordedAt, "", "", true}, nil
		})
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"usage_events"}, columns, rows)
		return err
	})
}
