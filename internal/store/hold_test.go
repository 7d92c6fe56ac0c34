package store_test

import (
	"errors"
	"testing"
	"time"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// A name is one process's; it outlives the connection that it hangs on, unless somebody else is quicker.
func TestHold(t *testing.T) {
	t.Parallel()
	url := storetest.URL(t, store.Postgres)
	one, other := openURL(t, url), openURL(t, url)
	admin := connect(t, session{dialect: store.Postgres}, url)
	held, err := one.Hold(t.Context(), "index")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Hold(t.Context(), "index"); !errors.Is(err, store.ErrHeld) {
		t.Fatalf("the second to ask: got %v, want a refusal", err)
	}
	if unrelated, err := other.Hold(t.Context(), "something else"); err != nil {
		t.Errorf("another name: got %v, want it", err)
	} else {
		unrelated.Release()
	}

	holders := func() int {
		return count(t, admin, "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())")
	}
	// A session that is being ended has its lock for a moment longer.
	cut := func() {
		t.Helper()
		eventually(t, "a process has the name, and its connection is cut", func() bool {
			return count(t, admin, "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())") == 1
		})
	}
	cut()
	eventually(t, "the name is taken again", func() bool { return holders() == 1 })
	if held.Taken() {
		t.Error("the first one says that somebody else has the name")
	}

	cut()
	thief, err := other.Hold(t.Context(), "index")
	for errors.Is(err, store.ErrHeld) { // the first one was quicker
		cut()
		thief, err = other.Hold(t.Context(), "index")
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first one hears that the name is somebody else's", held.Taken)
	thief.Release()
	eventually(t, "the first one has it again", func() bool { return !held.Taken() })
	held.Release()
	eventually(t, "nobody has it", func() bool { return holders() == 0 })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
