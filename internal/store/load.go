package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"collateral/internal/collateral"
)

// Load fills an empty, migrated database in one transaction. While rows runs, the triggers of the gate are set aside, so
// that rows can be what they became over time; afterwards the triggers are as they were before, and every row is held to
// the rules of the gate. Then rest runs, in the same transaction. Any error, of either function or of the rules, leaves
// the database as it was. Neither function is run twice.
//
// The database's user must own the tables. A database that holds anything but what the migrations put there is refused.
func (s *Store) Load(ctx context.Context, rows, rest func(tx *Store) error) error {
	if s.inTx {
		return errors.New("store: a load was asked for inside a transaction")
	}
	asked := false
	err := s.writer(ctx).Transaction(func(db *gorm.DB) error {
		tx := *s
		tx.read, tx.write, tx.inTx, tx.asked = db, db, true, &asked
		if err := tx.loadRows(ctx, rows); err != nil {
			return err
		}
		return rest(&tx)
	})
	if err == nil && asked {
		s.announceJobs()
	}
	return translate(err)
}

func (s *Store) loadRows(ctx context.Context, rows func(tx *Store) error) error {
	if err := s.haveForLoad(ctx); err != nil {
		return err
	}
	before, err := s.triggers(ctx)
	if err != nil {
		return err
	}
	if err := s.setTriggersAside(ctx, before); err != nil {
		return err
	}
	for _, table := range seededTables {
		if err := s.writer(ctx).Exec("DELETE FROM " + quoteName(table)).Error; err != nil {
			return fmt.Errorf("making room in %s: %w", table, translate(err))
		}
	}
	if err := rows(s); err != nil {
		return err
	}
	if err := s.numberOn(ctx); err != nil {
		return err
	}
	if err := s.restoreTriggers(ctx, before); err != nil {
		return err
	}
	return s.checkRules(ctx)
}

// haveForLoad keeps everybody else from writing until the transaction ends, and refuses a database that is not empty or
// that this user cannot load.
func (s *Store) haveForLoad(ctx context.Context) error {
	if err := s.refuseCompany(ctx); err != nil {
		return err
	}
	if err := s.refuseStranger(ctx); err != nil {
		return err
	}
	if s.Dialect() == Postgres {
		// A server that writes all the time would otherwise be waited for without end. While files are stored, the
		// connection rests for longer than most databases are set to allow.
		for _, set := range []string{"lock_timeout = '30s'", "idle_in_transaction_session_timeout = 0", "statement_timeout = 0"} {
			if err := s.writer(ctx).Exec("SET LOCAL " + set).Error; err != nil {
				return translate(err)
			}
		}
		quoted := make([]string, len(movedTables))
		for i, name := range movedTables {
			quoted[i] = quoteName(name)
		}
		if err := s.writer(ctx).Exec("LOCK TABLE " + strings.Join(quoted, ", ") + " IN SHARE ROW EXCLUSIVE MODE").Error; err != nil {
			return fmt.Errorf("keeping others from writing: %w", translate(err))
		}
	}
	return s.refuseFilled(ctx)
}

// refuseFilled names the first table that has rows of people.
func (s *Store) refuseFilled(ctx context.Context) error {
	for _, name := range movedTables {
		if slices.Contains(seededTables, name) {
			continue
		}
		var n int64
		if err := s.reader(ctx).Raw("SELECT count(*) FROM " + quoteName(name)).Scan(&n).Error; err != nil {
			return translate(err)
		}
		if n > 0 {
			return collateral.Errorf(collateral.Conflict,
				"The database is not empty: its table %s has rows (%d). An import fills a new database only, so name another one, or make this one anew.", name, n)
		}
	}
	return nil
}

// leaveTaking is for how long the server of PostgreSQL may show a connection that was closed.
const leaveTaking = 5 * time.Second

// refuseCompany refuses a database that another process of this program is connected to, as far as PostgreSQL can tell: a
// server would hold back the load, or be surprised by it. SQLite lets one process write at a time.
func (s *Store) refuseCompany(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil
	}
	for deadline := time.Now().Add(leaveTaking); ; {
		others, err := s.others(ctx)
		if err != nil || others == 0 {
			return err
		}
		if time.Now().After(deadline) {
			return collateral.Errorf(collateral.Conflict, "A server or another command of this program is connected to the database: stop it first, and import then.")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// others counts the connections of other processes of this program. A transaction would otherwise go on to see those of its
// first look.
func (s *Store) others(ctx context.Context) (n int, err error) {
	if err := s.reader(ctx).Exec("SELECT pg_stat_clear_snapshot()").Error; err != nil {
		return 0, translate(err)
	}
	err = s.reader(ctx).Raw(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
		AND starts_with(application_name, ?) AND application_name <> current_setting('application_name')`, applicationName).Scan(&n).Error
	return n, translate(err)
}

// refuseStranger refuses a user of PostgreSQL who may not set triggers aside.
func (s *Store) refuseStranger(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil
	}
	var foreign struct{ Table, Owner, Me string }
	err := s.reader(ctx).Raw(`SELECT tablename AS "table", tableowner AS owner, current_user AS me FROM pg_tables
		WHERE schemaname = current_schema() AND tablename IN ? AND NOT pg_has_role(current_user, tableowner, 'USAGE')
		ORDER BY tablename LIMIT 1`, movedTables).Scan(&foreign).Error
	if err != nil {
		return translate(err)
	}
	if foreign.Table != "" {
		return collateral.Errorf(collateral.Forbidden,
			"The database user %s does not own the table %s, and only the owner can import: run the import with the address of %s, the one that migrates.",
			foreign.Me, foreign.Table, foreign.Owner)
	}
	return nil
}

// numberOn has tables that number their rows themselves go on after the last one. SQLite does so by itself.
func (s *Store) numberOn(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil
	}
	var columns []struct{ Table, Name string }
	err := s.reader(ctx).Raw(`SELECT c.relname AS "table", a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND a.attidentity <> '' AND c.relname IN ?`, movedTables).Scan(&columns).Error
	if err != nil {
		return translate(err)
	}
	for _, c := range columns {
		var next int64
		if err := s.reader(ctx).Raw("SELECT coalesce(max(" + quoteName(c.Name) + "), 0) + 1 FROM " + quoteName(c.Table)).Scan(&next).Error; err != nil {
			return translate(err)
		}
		// Unlike setval, this is undone with the transaction.
		restart := fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d", quoteName(c.Table), quoteName(c.Name), next)
		if err := s.writer(ctx).Exec(restart).Error; err != nil {
			return fmt.Errorf("numbering on in %s: %w", c.Table, translate(err))
		}
	}
	return nil
}
