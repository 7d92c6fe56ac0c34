package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// trigger is one of the gate's. Held is what brings it back as it was: its statement on SQLite, on PostgreSQL how it is
// enabled.
type trigger struct{ Table, Name, Held string }

// triggers lists the triggers in the order in which they were made, which on SQLite decides in which order they fire.
func (s *Store) triggers(ctx context.Context) ([]trigger, error) {
	query := `SELECT tbl_name AS "table", name, sql AS held FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid`
	if s.Dialect() == Postgres {
		query = `SELECT c.relname AS "table", t.tgname AS name, CAST(t.tgenabled AS text) AS held FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			WHERE NOT t.tgisinternal AND c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY t.oid`
	}
	var all []trigger
	if err := s.reader(ctx).Raw(query).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("listing the triggers: %w", translate(err))
	}
	if len(all) == 0 {
		return nil, errors.New("the database has no triggers: it is not one that this program made")
	}
	return all, nil
}

// setTriggersAside keeps the triggers from firing. Foreign keys and checks go on to hold.
func (s *Store) setTriggersAside(ctx context.Context, all []trigger) error {
	for _, t := range all {
		statement := "DROP TRIGGER " + quoteName(t.Name)
		if s.Dialect() == Postgres {
			statement = "ALTER TABLE " + quoteName(t.Table) + " DISABLE TRIGGER " + quoteName(t.Name)
		}
		if err := s.writer(ctx).Exec(statement).Error; err != nil {
			return fmt.Errorf("setting the trigger %s aside: %w", t.Name, translate(err))
		}
	}
	return nil
}

// enabling is what each state of a trigger of PostgreSQL is called in the statement that brings it about.
var enabling = map[string]string{"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}

// restoreTriggers brings the triggers back, and makes sure that they are as they were.
func (s *Store) restoreTriggers(ctx context.Context, before []trigger) error {
	for _, t := range before {
		statement := t.Held
		if s.Dialect() == Postgres {
			statement = "ALTER TABLE " + quoteName(t.Table) + " " + enabling[t.Held] + " TRIGGER " + quoteName(t.Name)
		}
		if err := s.writer(ctx).Exec(statement).Error; err != nil {
			return fmt.Errorf("restoring the trigger %s: %w", t.Name, translate(err))
		}
	}
	after, err := s.triggers(ctx)
	if err != nil {
		return err
	}
	if !slices.Equal(after, before) {
		return errors.New("the triggers of the gate are not as they were before the load")
	}
	return nil
}
