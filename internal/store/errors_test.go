package store_test

import (
	"errors"
	"testing"

	"gorm.io/gorm"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

func TestWhatTheDatabaseRefusesIsUnderstood(t *testing.T) {
	t.Parallel()
	type refusal struct {
		statement string
		kind      collateral.Kind
		message   string
		is        error
	}
	refusals := []refusal{
		{approve("a3", "v3", "deck", "rep", 9), collateral.Forbidden, "Only Sales approvers sign, and only while they hold the role.", nil},
		{approve("a3", "v3", "deck", "carl", 9), collateral.Forbidden, "Only Sales approvers sign, and only while they hold the role.", nil},
		{approve("a3", "v3", "deck", "nobody", 9), collateral.Forbidden, "Only Sales approvers sign, and only while they hold the role.", nil},
		{decide("v1", "draft"), collateral.Conflict, "A version goes from draft to submitted, and from there back to draft or to a decision.", nil},
		{`update publications set ended_at = {@04} where asset_id = {deck}`, collateral.Conflict, "A publication cannot end before it began.", nil},
		{`insert into role_grants (user_id, role, granted_at) values ({nobody}, 'rep', {@05})`, collateral.Conflict, "A role is granted to a known user.", nil},
		{`update users set email = 'sue@demo.example' where id = {rep}`, collateral.Conflict, "A user with this email exists already.", gorm.ErrDuplicatedKey},
		{publish("memo", "m1", "am", "late", 9), collateral.Gate, "A version is published for a buying stage it was signed for.", nil},
		{submit("w2", 9), collateral.Gate, "A version is submitted with its buying stages, exactly one of them primary.", nil},
		{`update audit_log set action = 'x'`, collateral.Conflict, "The audit log is never changed.", nil},
		{`insert into users (id, email) values ({x}, 'sue@demo.example')`, collateral.Conflict, "A user with this id or email exists already.", gorm.ErrDuplicatedKey},
		{`insert into taxonomies (facet, closed) values ('product', false)`, collateral.Conflict, "This exists already.", gorm.ErrDuplicatedKey},
		{`insert into coauthors (asset_id, user_id) values ({idea}, {nobody})`, collateral.Conflict, "This refers to something that is not there, or something else still refers to it.", gorm.ErrForeignKeyViolated},
		{`insert into users (id, email) values ({x}, 'UPPER@demo.example')`, collateral.Internal, "", nil},
		{`select nothing`, collateral.Internal, "", nil},
	}
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			s := openURL(t, worldURL(t, dialect))
			for _, r := range refusals {
				err := store.Exec(t.Context(), s, fill(r.statement))
				if got := collateral.KindOf(err); err == nil || got != r.kind {
					t.Errorf("%s: got error %v of kind %d, want kind %d", r.statement, err, got, r.kind)
				}
				if e, ok := errors.AsType[*collateral.Error](err); ok && e.Message != r.message {
					t.Errorf("%s: got %q, want %q", r.statement, e.Message, r.message)
				}
				if r.is != nil && !errors.Is(err, r.is) {
					t.Errorf("%s: got error %v, want one that is %v", r.statement, err, r.is)
				}
			}
		})
	}
}

// A full disk is told as such, leaves nothing behind, and is no reason to open the database anew.
func TestFullDatabase(t *testing.T) {
	t.Parallel()
	t.Run(store.SQLite, func(t *testing.T) {
		t.Parallel()
		s := openURL(t, worldURL(t, store.SQLite))
		exec := func(statement string) error { return store.Exec(t.Context(), s, fill(statement)) }
		if err := errors.Join(exec(`create table ballast (content)`), exec(`pragma max_page_count = 1`)); err != nil { // none but those there are
			t.Fatal(err)
		}
		insert := func(tx *store.Store) error {
			return store.Exec(t.Context(), tx, `insert into ballast values (zeroblob(1000000))`)
		}
		for range 3 {
			if err := s.Tx(t.Context(), insert); collateral.KindOf(err) != collateral.Full {
				t.Fatalf("got %v, want a refusal for lack of room", err)
			}
		}
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("reading while there is no room: %v", err)
		}
		if err := exec(`pragma max_page_count = 1000000`); err != nil {
			t.Fatal(err)
		}
		if err := s.Tx(t.Context(), insert); err != nil {
			t.Errorf("writing when there is room again: %v", err)
		}
	})
	t.Run(store.Postgres, func(t *testing.T) {
		t.Parallel()
		s := openURL(t, worldURL(t, store.Postgres))
		err := store.Exec(t.Context(), s, `do 'begin raise exception using errcode = ''disk_full''; end'`)
		if collateral.KindOf(err) != collateral.Full {
			t.Errorf("got %v, want a refusal for lack of room", err)
		}
	})
}
