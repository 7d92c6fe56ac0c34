package privacy_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/access/accesstest"
	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/privacy"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
)

// world is people and what is kept of them.
type world struct {
	*privacy.Privacy
	t         *testing.T
	people    *access.Access
	ada, rita collateral.Actor // admin, rep
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		uses := usage.New(s)
		t.Cleanup(func() {
			if err := uses.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		w := &world{Privacy: &privacy.Privacy{Store: s, Usage: uses}, t: t, people: accesstest.New(s)}
		w.ada, w.rita = w.join("ada", collateral.Admin), w.join("rita", collateral.Rep)
		f(t, w)
	})
}

func (w *world) join(name string, role collateral.Role) collateral.Actor {
	w.t.Helper()
	u, _, err := w.people.CreateUser(w.t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Team: "North", Roles: []collateral.Role{role}}, "correct horse battery")
	if err != nil {
		w.t.Fatal(err)
	}
	return collateral.Actor{UserID: u.ID, Roles: u.Roles}
}

// used has rita search for something and use it, and sign in.
func (w *world) used() {
	w.t.Helper()
	ctx, s := w.t.Context(), w.Store
	if _, err := w.people.SignIn(ctx, "rita@example.com", "correct horse battery", "192.0.2.1"); err != nil {
		w.t.Fatal(err)
	}
	w.Usage.Searched(ctx, w.rita, usage.Search{Query: "prices for Jane", Page: 1})
	if err := w.Usage.Flush(ctx); err != nil {
		w.t.Fatal(err)
	}
	err := s.Tx(ctx, func(tx *store.Store) error {
		_, err := tx.AddEvents(ctx, []collateral.Event{{
			ID: s.NewID(), Kind: collateral.Share, AssetID: s.NewID(), UserID: w.rita.UserID, OccurredAt: s.Now(), RecordedAt: s.Now(), Opportunity: "Jane's fleet",
		}})
		if err != nil {
			return err
		}
		_, err = tx.BeginViewing(ctx, &collateral.Viewing{ID: s.NewID(), UserID: w.rita.UserID, AssetID: s.NewID(), VersionID: s.NewID(), StartedAt: s.Now(), LastAt: s.Now()})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// work does what was asked for.
func (w *world) work() {
	w.t.Helper()
	r := jobs.New(w.Store, map[string]jobs.Handler{privacy.JobForget: w.Forget}, slog.New(slog.DiscardHandler))
	if err := r.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// kept is what the file of a person has, by part.
func (w *world) kept(person uuid.UUID) map[string][]map[string]any {
	w.t.Helper()
	var file bytes.Buffer
	if err := w.WriteMine(w.t.Context(), collateral.Actor{UserID: person}, &file); err != nil {
		w.t.Fatal(err)
	}
	var read struct {
		Person string
		Parts  []struct {
			Name, About, Kept string
			Items             []map[string]any
		}
	}
	if err := json.Unmarshal(file.Bytes(), &read); err != nil {
		w.t.Fatalf("%v: %s", err, file.Bytes())
	}
	var names []string
	parts := make(map[string][]map[string]any)
	for _, p := range read.Parts {
		names = append(names, p.Name)
		if p.About == "" || p.Kept == "" || p.Items == nil {
			w.t.Errorf("part %s is not explained, or has no list", p.Name)
		}
		if len(p.Items) > 0 {
			parts[p.Name] = p.Items
		}
	}
	if diff := cmp.Diff(store.PersonalParts(), names); diff != "" || read.Person != person.String() {
		w.t.Errorf("the file of %s has the parts (-kept +told):\n%s", read.Person, diff)
	}
	return parts
}

func (w *world) audited(action string) []collateral.AuditEntry {
	w.t.Helper()
	entries, _, err := w.Store.AuditLog(w.t.Context(), collateral.AuditFilter{Action: action}, collateral.Paging{Limit: 9})
	if err != nil {
		w.t.Fatal(err)
	}
	return entries
}

func TestMyDataHoldsEverything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.used()
		token := collateral.NewToken{Name: "CRM", Scope: collateral.ReportUses, ExpiresAt: w.Store.Now().Add(time.Hour)}
		if _, _, err := w.people.CreateToken(t.Context(), w.rita, token); err != nil {
			t.Fatal(err)
		}
		got := w.kept(w.rita.UserID)
		for part, want := range map[string]string{
			"account": "rita@example.com", "roles": "rep", "uses": "Jane's fleet", "viewings": "pages_ms", "searches": "prices for Jane", "audit_by": "session.started", "audit_about": "user.created", "sessions": "expires_at", "tokens": "report-uses",
		} {
			if text, _ := json.Marshal(got[part]); !strings.Contains(string(text), want) {
				t.Errorf("%s: got %s, want %q in it", part, text, want)
			}
		}
		if all, _ := json.Marshal(got); strings.Contains(string(all), "ada@example.com") || strings.Contains(string(all), "argon2") {
			t.Errorf("got %s, with somebody else's address or a secret", all)
		}
		var file bytes.Buffer
		if err := w.WriteData(t.Context(), w.rita.UserID, &file); err != nil || !strings.Contains(file.String(), "prices for Jane") {
			t.Errorf("for somebody who has to answer: got %v, %s", err, file.String())
		}
		if entries := w.audited("user.data_told"); len(entries) != 1 || entries[0].SubjectID != w.rita.UserID.String() {
			t.Errorf("got %v, want that it was audited", entries)
		}
	})
}

func TestPersonIsForgottenOnRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.used()
		bob := w.join("bob", collateral.Leader)
		if err := w.ForgetUses(ctx, &bob, w.rita.UserID); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("a leader for a rep: got %v, want Forbidden", err)
		}
		if err := w.ForgetUses(ctx, &w.rita, w.rita.UserID); err != nil {
			t.Fatal(err)
		}
		w.work()
		got := w.kept(w.rita.UserID)
		if got["uses"] != nil || got["searches"] != nil || got["viewings"] != nil || got["account"] == nil || got["sessions"] == nil {
			t.Errorf("got %v, want the account without uses, searches and viewings", got)
		}
		if entries := w.audited("user.uses_anonymised"); len(entries) != 1 || entries[0].ActorID != w.rita.UserID || entries[0].Detail != "" {
			t.Errorf("got %v, want one entry with ids only", entries)
		}
	})
}

func TestAccountIsAnonymised(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, rita := t.Context(), w.rita.UserID
		w.used()
		if err := w.ForgetAccount(ctx, &w.rita, rita); collateral.KindOf(err) != collateral.Forbidden {
			t.Errorf("by the person: got %v, want Forbidden", err)
		}
		if err := w.ForgetAccount(ctx, &w.ada, rita); collateral.KindOf(err) != collateral.Conflict {
			t.Errorf("of an active account: got %v, want Conflict", err)
		}
		if _, err := w.people.ChangeUser(ctx, w.ada, rita, access.UserChange{Active: new(false)}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // again does no harm
			if err := w.ForgetAccount(ctx, &w.ada, rita); err != nil {
				t.Fatal(err)
			}
			w.work()
		}
		got := w.kept(rita)
		text, _ := json.Marshal(got)
		for _, gone := range []string{`rita"`, "rita@", "North", "Jane"} {
			if strings.Contains(string(text), gone) {
				t.Errorf("%q is still there: %s", gone, text)
			}
		}
		u, err := w.people.User(ctx, rita)
		if err != nil || u.Name != privacy.FormerUser || u.Active || !slices.Equal(u.Roles, []collateral.Role{collateral.Rep}) {
			t.Errorf("got %+v, %v, want a former user", u, err)
		}
		if _, err := w.people.SignIn(ctx, u.Email, "correct horse battery", "192.0.2.1"); collateral.KindOf(err) != collateral.Unauthenticated {
			t.Errorf("signing in: got %v, want Unauthenticated", err)
		}
		if got["audit_by"] == nil || got["audit_about"] == nil {
			t.Error("the audit log lost what it is the evidence of")
		}
		if again := w.join("rita", collateral.Rep); again.UserID == rita {
			t.Error("a new account is the old one")
		}
	})
}

// A reader who takes long, or goes away, keeps nothing waiting: what cannot be written ends it.
func TestMyDataEndsWithItsReader(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		w.used()
		if err := w.WriteMine(ctx, w.rita, full{}); err == nil {
			t.Error("got no error of a disk that is full")
		}
	})
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, context.Canceled }
