package report

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// world is a store with people, and a clock that stands still until it is set.
type world struct {
	t     testing.TB
	store *store.Store
	uses  *usage.Usage
	now   time.Time
	*Reports

	mia, max, ann, bea, lea, rita collateral.Actor // marketers, approvers, leader, rep
}

// each runs f on a fresh world over every database at hand. It is 22 November 2026, 9 o'clock.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			f(t, newWorld(t, dialect))
		})
	}
}

func newWorld(t testing.TB, dialect string) *world {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.URL(t, dialect))
	if err != nil {
		t.Fatalf("opening the store: %v", err)
	}
	w := &world{t: t, store: s, uses: usage.New(s), now: on("11-22")}
	s.Now = func() time.Time { return w.now }
	w.Reports = &Reports{Store: s, Usage: w.uses}
	t.Cleanup(func() {
		if err := w.uses.Close(context.Background()); err != nil {
			t.Errorf("closing: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	w.mia, w.max = w.person("mia", "01-01", "", collateral.Marketer), w.person("max", "01-01", "", collateral.Marketer)
	w.ann, w.bea = w.person("ann", "01-01", "", collateral.Approver), w.person("bea", "11-01", "", collateral.Approver)
	w.lea, w.rita = w.person("lea", "01-01", "", collateral.Leader), w.person("rita", "01-01", "", collateral.Rep)
	return w
}

const day = 24 * time.Hour

// on is 9 o'clock of a day of 2026, "MM-DD".
func on(day string) time.Time {
	at, err := time.Parse(time.DateOnly, "2026-"+day)
	if err != nil {
		panic(err)
	}
	return at.Add(9 * time.Hour)
}

// endOf is the last moment of a day of 2026.
func endOf(day string) time.Time { return on(day).Add(15*time.Hour - time.Microsecond) }

// person has been there since the given day.
func (w *world) person(name, since, team string, roles ...collateral.Role) collateral.Actor {
	w.t.Helper()
	u := collateral.User{ID: w.store.NewID(), Email: name + "@example.com", Name: name, Team: team, Roles: roles, Active: true, CreatedAt: on(since)}
	w.tx("creating "+name, func(tx *store.Store) error { return tx.CreateUser(w.t.Context(), u, "x") })
	return collateral.Actor{UserID: u.ID, Roles: roles}
}

// leaves deactivates a person on a day.
func (w *world) leaves(person collateral.Actor, day string) {
	w.t.Helper()
	today := w.now
	w.now = on(day)
	defer func() { w.now = today }()
	ctx := w.t.Context()
	w.tx("deactivating", func(tx *store.Store) error {
		_, err := tx.ChangeUser(ctx, person.UserID, func(u *collateral.User) error {
			u.Active = false
			return nil
		})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, collateral.AuditEntry{Action: "user.deactivated", SubjectKind: "user", SubjectID: person.UserID.String()})
	})
}

func (w *world) tx(what string, f func(*store.Store) error) {
	w.t.Helper()
	if err := w.store.Tx(w.t.Context(), f); err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

// piece is what a test says of a piece; the rest does not matter.
type piece struct {
	title     string
	owner     collateral.Actor // mia when not set
	coauthors []uuid.UUID
	kind      collateral.Type // deck when not set
	stages    []int           // of the six default ones, the primary one first; the first when not set
	reviewBy  string          // a day of 2026
}

func (w *world) piece(p piece) *collateral.Asset {
	w.t.Helper()
	if p.owner.UserID == uuid.Nil {
		p.owner = w.mia
	}
	if p.kind == "" {
		p.kind = "deck"
	}
	if p.stages == nil {
		p.stages = []int{1}
	}
	if p.reviewBy != "" {
		p.reviewBy = "2026-" + p.reviewBy
	}
	a := &collateral.Asset{
		ID: w.store.NewID(), OwnerID: p.owner.UserID, Coauthors: p.coauthors, CreatedAt: on("08-01"), UpdatedAt: on("08-01"),
		Details: collateral.Details{Title: p.title, Type: p.kind, Audience: collateral.ForCustomer, Language: "en", ReviewBy: p.reviewBy},
	}
	for i, n := range p.stages {
		id := uuid.MustParse(fmt.Sprintf("01980000-0000-7000-8000-%012d", n))
		a.Stages = append(a.Stages, collateral.StageTag{StageID: id, Role: "Shows the buyer what the product does.", Primary: i == 0})
	}
	w.tx("creating "+p.title, func(tx *store.Store) error { return tx.CreateAsset(w.t.Context(), a) })
	return a
}

// draft gives the piece its next version on a day.
func (w *world) draft(a *collateral.Asset, day string) *collateral.Version {
	w.t.Helper()
	v := &collateral.Version{
		ID: w.store.NewID(), AssetID: a.ID, FileName: "piece.txt", MediaType: "text/plain", Size: 1,
		SHA256: strings.Repeat("ab", 32), UploadedBy: a.OwnerID, CreatedAt: on(day),
	}
	w.tx("drafting "+a.Title, func(tx *store.Store) error { return tx.AddVersion(w.t.Context(), v) })
	return v
}

// submit gives the piece its next version and hands it in, on a day.
func (w *world) submit(a *collateral.Asset, day string) *collateral.Version {
	w.t.Helper()
	v := w.draft(a, day)
	w.tx("submitting "+a.Title, func(tx *store.Store) error { return tx.SubmitVersion(w.t.Context(), a, v, on(day)) })
	return v
}

// signs signs a version on a day, and publishes it if that is wanted.
func (w *world) signs(approver collateral.Actor, v *collateral.Version, day string, publish bool) {
	w.t.Helper()
	ctx, at := w.t.Context(), on(day)
	approval := &collateral.Approval{
		ID: w.store.NewID(), VersionID: v.ID, AssetID: v.AssetID, SHA256: v.SHA256, SignerID: approver.UserID, RoleHeld: collateral.Approver, SignedAt: at,
	}
	review := &collateral.Review{ID: w.store.NewID(), VersionID: v.ID, AssetID: v.AssetID, ReviewerID: approver.UserID, Decision: collateral.Approve, At: at}
	w.tx("signing", func(tx *store.Store) error {
		if err := tx.Decide(ctx, review, approval); err != nil || !publish {
			return err
		}
		return tx.Publish(ctx, v, approval.ID, v.UploadedBy, at)
	})
}

// sendsBack decides against a version on a day.
func (w *world) sendsBack(approver collateral.Actor, v *collateral.Version, decision collateral.Decision, comment, day string) {
	w.t.Helper()
	review := &collateral.Review{
		ID: w.store.NewID(), VersionID: v.ID, AssetID: v.AssetID, ReviewerID: approver.UserID, Decision: decision, Comment: comment, At: on(day),
	}
	w.tx("sending back", func(tx *store.Store) error { return tx.Decide(w.t.Context(), review, nil) })
}

func (w *world) withdraw(a *collateral.Asset, day string) {
	w.t.Helper()
	w.tx("withdrawing "+a.Title, func(tx *store.Store) error { return tx.Withdraw(w.t.Context(), a.ID, a.OwnerID, on(day)) })
}
