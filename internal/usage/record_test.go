package usage

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

func TestRecordJudgesEachEventAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		draft := &collateral.Asset{ID: w.store.NewID(), OwnerID: w.mia.UserID, Details: collateral.Details{Title: "Draft", Type: "deck", Audience: "internal", Language: "en"}}
		if err := w.store.CreateAsset(t.Context(), draft); err != nil {
			t.Fatal(err)
		}
		with := func(change func(*Incoming)) Incoming {
			in := w.event(collateral.Share, a.ID, time.Hour)
			change(&in)
			return in
		}
		first := w.event(collateral.View, a.ID, time.Hour)
		events := []Incoming{
			first,
			with(func(in *Incoming) { in.ID = "x" }),
			with(func(in *Incoming) { in.ID = "{" + uuid.NewString() + "}" }),
			with(func(in *Incoming) { in.Kind = "print" }),
			with(func(in *Incoming) { in.AssetID = uuid.NewString() }),
			with(func(in *Incoming) { in.AssetID = draft.ID.String() }),
			with(func(in *Incoming) { in.AssetID = "" }),
			with(func(in *Incoming) { in.OccurredAt = w.clock.now().Add(3 * time.Minute).Format(time.RFC3339) }),
			with(func(in *Incoming) { in.OccurredAt = w.clock.now().Add(-51 * day).Format(time.RFC3339) }),
			with(func(in *Incoming) { in.OccurredAt = w.clock.now().Add(-401 * day).Format(time.RFC3339) }),
			with(func(in *Incoming) { in.OccurredAt = "yesterday" }),
			with(func(in *Incoming) { in.SearchID = "7" }),
			with(func(in *Incoming) { in.Opportunity = strings.Repeat("ü", 101) }),
			with(func(in *Incoming) { in.Opportunity = "a\x00b" }),
			with(func(in *Incoming) { in.DwellMS = new(int64(-1)) }),
			with(func(in *Incoming) { in.DwellMS = new((24 * time.Hour).Milliseconds() + 1) }),
			with(func(in *Incoming) { in.Reaction = "delighted" }),
			first,
			with(func(in *Incoming) {
				in.OccurredAt = w.clock.now().Add(time.Minute).Format(time.RFC3339)
				in.SearchID, in.Opportunity, in.Reaction = uuid.NewString(), strings.Repeat("ü", 100), "negative"
				in.DwellMS = new(int64(90_000))
			}),
		}
		got, err := w.Record(t.Context(), w.rita, events)
		if err != nil {
			t.Fatal(err)
		}
		want := Outcome{Accepted: 2, Duplicates: 1, Rejected: []Rejection{
			{1, "id is not an id. Write it like 01980000-0000-7000-8000-000000000001."},
			{2, "id is not an id. Write it like 01980000-0000-7000-8000-000000000001."},
			{3, `There is no kind of use "print". The kinds are view, download, share and present.`},
			{4, "There is no published piece with this asset_id."},
			{5, "There is no published piece with this asset_id."},
			{6, "asset_id is not an id. Write it like 01980000-0000-7000-8000-000000000001."},
			{7, "occurred_at is in the future."},
			{8, "The piece was not published at that time."},
			{9, "occurred_at is more than 400 days ago. Uses that old are not kept."},
			{10, "occurred_at is not a time. Write it like 2026-11-22T10:00:00Z."},
			{11, "search_id is not an id. Write it like 01980000-0000-7000-8000-000000000001."},
			{12, "opportunity is too long: use at most 100 characters."},
			{13, "opportunity must be one line of text without control characters."},
			{14, "dwell_ms is a time in milliseconds, between 0 and 24 hours."},
			{15, "dwell_ms is a time in milliseconds, between 0 and 24 hours."},
			{16, "The reaction is positive, neutral or negative."},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
		again, err := w.Record(t.Context(), w.rita, []Incoming{first})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Outcome{Duplicates: 1}, again); diff != "" {
			t.Errorf("sent again (-want +got):\n%s", diff)
		}
	})
}

func TestRecordRefusesTooMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite")
	_, err := w.Record(t.Context(), w.rita, make([]Incoming, MaxEvents+1))
	if got := collateral.KindOf(err); got != collateral.TooLarge {
		t.Errorf("got error %v, want TooLarge", err)
	}
}

// The version is the one that was published when the use occurred, and a use just before a publication is one of it:
// clients round times down.
func TestRecordFindsTheVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		start := w.clock.now().Add(-50 * day)
		second := w.publishVersion(a, start.Add(10*day))
		w.withdraw(a, start.Add(20*day))
		third := w.publishVersion(a, start.Add(30*day))
		var first uuid.UUID
		if err := w.sql().QueryRowContext(t.Context(), "SELECT id FROM versions WHERE n = 1").Scan(&first); err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			after time.Duration
			want  uuid.UUID
		}{
			{-skew - time.Microsecond, uuid.Nil},
			{-skew, first},
			{0, first},
			{10*day - time.Microsecond, first},
			{10 * day, second.ID},
			{20*day - time.Microsecond, second.ID},
			{20 * day, uuid.Nil},
			{30*day - time.Second, third.ID},
			{40 * day, third.ID},
		}
		facts, err := w.store.UsageFacts(t.Context(), []uuid.UUID{a.ID}, []uuid.UUID{a.ID}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range tests {
			got, fault := versionAt(facts, a.ID, start.Add(test.after))
			if got != test.want || (fault == "") != (got != uuid.Nil) {
				t.Errorf("%v after the publication: got version %s, fault %q, want %s", test.after, got, fault, test.want)
			}
		}
	})
}

func TestQualifyingPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		coauthor := w.person("cora", collateral.Rep)
		later := w.person("leo", collateral.Leader)
		owner := w.person("olaf", collateral.Rep)
		signer := w.person("sue", collateral.Rep, collateral.Approver)
		ann := w.ann
		w.ann = signer
		a := w.publish(piece{title: "Deck", age: 100, owner: owner, coauthors: []uuid.UUID{coauthor.UserID}})
		w.ann = ann
		// A rep since ten days ago, by the store's clock.
		now := w.clock.now()
		w.clock.move(-10 * day)
		err := w.store.Tx(t.Context(), func(tx *store.Store) error {
			_, err := tx.ChangeUser(t.Context(), later.UserID, func(u *collateral.User) error {
				u.Roles = []collateral.Role{collateral.Rep}
				return nil
			})
			return err
		})
		w.clock.move(now.Sub(w.clock.now()))
		if err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name  string
			actor collateral.Actor
			ago   time.Duration
			want  bool
		}{
			{"a rep", w.rita, time.Hour, true},
			{"a rep, with a token for nothing", collateral.Actor{UserID: w.rita.UserID}, time.Hour, true},
			{"a leader", w.lea, time.Hour, false},
			{"a leader whose token says rep", collateral.Actor{UserID: w.lea.UserID, Roles: []collateral.Role{collateral.Rep}}, time.Hour, false},
			{"the owner, who is a rep", owner, time.Hour, false},
			{"a co-author, who is a rep", coauthor, time.Hour, false},
			{"the signer, who is a rep", signer, time.Hour, false},
			{"before becoming a rep", later, 11 * day, false},
			{"after becoming a rep", later, 9 * day, true},
		}
		for _, test := range tests {
			e := w.event(collateral.Share, a.ID, test.ago)
			w.record(test.actor, e)
			var got bool
			if err := w.sql().QueryRowContext(t.Context(), "SELECT qualifies FROM usage_events WHERE id = '"+e.ID+"'").Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("%s: got qualifies %t, want %t", test.name, got, test.want)
			}
		}
	})
}

func TestOpenedCountsOnceInHalfAnHour(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		a := w.publish(piece{title: "Deck", age: 50})
		v := w.publishVersion(a, w.clock.now().Add(-40*day))
		rob := w.person("rob", collateral.Rep)
		open := func(actor collateral.Actor, kind collateral.UseKind) { w.Opened(t.Context(), actor, a.ID, v.ID, kind) }
		open(w.rita, collateral.View)
		open(w.rita, collateral.View)
		open(w.rita, collateral.Download)
		open(rob, collateral.View)
		if err := w.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.clock.move(29 * time.Minute)
		open(w.rita, collateral.View)
		w.clock.move(time.Minute)
		open(w.rita, collateral.View)
		if err := w.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := w.unused(w.lea, UnusedQuery{}).Items[0]
		if got.Step != collateral.Taken {
			t.Errorf("got step %d, want %d", got.Step, collateral.Taken)
		}
		var views, downloads int
		row := w.sql().QueryRowContext(t.Context(), "SELECT sum(opened), sum(taken) FROM usage_totals WHERE day = '"+dayOf(w.clock.now())+"'")
		if err := row.Scan(&views, &downloads); err != nil {
			t.Fatal(err)
		}
		if views != 3 || downloads != 1 {
			t.Errorf("got %d views and %d downloads, want 3 and 1", views, downloads)
		}
	})
}
