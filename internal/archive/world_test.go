package archive_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/archive"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/extract"
	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/search/bleveindex"
	"collateral/internal/sharing"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
	"collateral/internal/usage"
	"collateral/internal/webhook"
)

// newArchive is an installation on a database and a folder for files, both empty.
func newArchive(t *testing.T, dialect string) *archive.Archive {
	t.Helper()
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &archive.Archive{Store: storetest.Open(t, dialect), Blobs: blobs, Program: "test", Log: slog.New(slog.DiscardHandler)}
}

// newWorld is an installation with something in every table that is moved: the demo company, and what it lacks.
func newWorld(t *testing.T, dialect string) *archive.Archive {
	t.Helper()
	a := newArchive(t, dialect)
	index, _, err := bleveindex.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	uses := usage.New(a.Store)
	pieces := &registry.Registry{Store: a.Store, Blobs: a.Blobs, Index: index, Usage: uses,
		Text: extract.Runner{Limits: extract.DefaultLimits()}, MaxUpload: 1 << 30, Log: a.Log}
	if err := demo.Seed(t.Context(), pieces, a.Store.Now()); err != nil {
		t.Fatal(err)
	}
	reading := map[string]jobs.Handler{registry.JobExtract: pieces.ExtractText}
	if err := jobs.New(a.Store, reading, a.Log).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	addToCompany(t, pieces)
	if err := errors.Join(uses.Close(context.WithoutCancel(t.Context())), index.Close()); err != nil {
		t.Fatal(err)
	}
	return a
}

// addToCompany does what the demo company does not.
func addToCompany(t *testing.T, pieces *registry.Registry) {
	t.Helper()
	ctx := t.Context()
	admin, marketer := personWith(t, pieces.Store, collateral.Admin), personWith(t, pieces.Store, collateral.Marketer)
	leader := personWith(t, pieces.Store, collateral.Leader)
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	people := accesstest.New(pieces.Store)
	_, _, err := people.CreateToken(ctx, admin, collateral.NewToken{Name: "for the warehouse", Roles: admin.Roles, ExpiresAt: time.Now().Add(time.Hour)})
	must("making a token", err)
	_, err = people.SignIn(ctx, "nobody@example.com", "a wrong password", "192.0.2.1")
	if err == nil {
		t.Fatal("signed in with a wrong password")
	}
	_, err = pieces.AddSynonyms(ctx, admin, []string{"truck <& lorry>", "Lkw"})
	must("adding synonyms", err)
	_, err = pieces.RetireStage(ctx, leader, "supplier-selection", "requirements-building")
	must("retiring a stage", err)
	hosts, err := webhook.ParseHosts("hooks.example.com")
	must("allowing a host", err)
	pieces.Hooks = webhook.New(hosts)
	hook, _, err := pieces.AddWebhook(ctx, admin, collateral.NewWebhook{URL: "https://hooks.example.com/in", Events: collateral.WebhookEvents(), Note: "the CRM"})
	must("adding a webhook", err)
	_, _, err = pieces.RotateWebhookSecret(ctx, admin, hook.ID)
	must("rotating its secret", err)
	must("wanting no mail", people.SetMail(ctx, leader, false))
	approver := personWith(t, pieces.Store, collateral.Approver)
	waiting, _, err := pieces.Reviews(ctx, approver, true, collateral.Paging{Limit: 1})
	must("listing what waits", err)
	must("looking at what waits", pieces.LookedAt(ctx, approver, waiting[0].Version))

	all, _, err := pieces.Assets(ctx, admin, registry.AssetFilter{}, collateral.Paging{Limit: 200})
	must("listing pieces", err)
	published := slices.IndexFunc(all, func(a *collateral.Asset) bool { return a.Publication != nil })
	piece := all[published]
	_, err = pieces.Withdraw(ctx, admin, piece.ID, "It shows a price that is not ours.")
	must("withdrawing", err)
	_, err = pieces.Purge(ctx, admin, piece.ID, piece.Publication.VersionN, "It shows a price that is not ours.")
	must("purging", err)

	library := registry.Library{Name: "library", CSV: []byte("file,title,type,audience,stages,owner\n" +
		"a.txt,Letter,script,customer,validation (primary): Shows that it works at a customer.," + demoEmail(t, collateral.Marketer) + "\n"),
		Files: fstest.MapFS{"a.txt": {Data: bytes.Repeat([]byte("A letter. "), 200)}}}
	batch, plan, _, err := pieces.StartImport(ctx, marketer, library)
	if err != nil {
		t.Fatalf("bringing in a library: %v, %+v", err, plan)
	}
	_, err = pieces.ImportFiles(ctx, marketer, batch, library.Files, func(registry.Imported) {})
	must("bringing in files", err)
	must("counting queries", pieces.CountPopularQueries(ctx))
	shareWithBuyer(t, &sharing.Sharing{Store: pieces.Store, Access: people, Registry: pieces, Usage: pieces.Usage, Log: pieces.Log}, all)
}

// shareWithBuyer makes a link to a piece for customers, and has a buyer come by it.
func shareWithBuyer(t *testing.T, links *sharing.Sharing, pieces []*collateral.Asset) {
	t.Helper()
	ctx := t.Context()
	for _, a := range slices.Backward(pieces) { // the first one was withdrawn
		if a.Publication == nil || !a.Publication.Audience.ForBuyers() {
			continue
		}
		l, err := links.Make(ctx, personWith(t, links.Store, collateral.Rep), collateral.NewLink{
			Assets: []uuid.UUID{a.ID}, Recipient: "Jo <Doe>", Passcode: "open sesame",
			LinkTerms: collateral.LinkTerms{EmailGate: collateral.GateAsk, Allowed: []string{"@example.com"}, MaxOpens: 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		request := sharing.Request{Token: l.Token}
		door, err := links.GivePasscode(ctx, request, "open sesame")
		if err != nil {
			t.Fatal(err)
		}
		request.Key = door.Key
		if _, err := links.GiveEmail(ctx, request, "jo@example.com"); err != nil {
			t.Fatal(err)
		}
		if err := links.Store.PutVisitNote(ctx, collateral.VisitNote{ID: links.Store.NewID(), At: links.Store.Now(), Rules: "2-0123abcd", Visits: 3, CameIn: 1, FellOut: 2}); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("the world has no piece for customers")
}

func demoEmail(t *testing.T, role collateral.Role) string {
	t.Helper()
	for _, account := range demo.SignIns() {
		if slices.Contains(account.Roles, role) {
			return account.Email
		}
	}
	t.Fatalf("the demo has no account for the role %s", role)
	return ""
}

func personWith(t *testing.T, s *store.Store, role collateral.Role) collateral.Actor {
	t.Helper()
	email := demoEmail(t, role)
	people, err := s.UsersByEmail(t.Context(), []string{email})
	if err != nil {
		t.Fatal(err)
	}
	return collateral.Actor{UserID: people[email].ID, Roles: people[email].Roles}
}

func export(t *testing.T, a *archive.Archive) ([]byte, archive.Manifest) {
	t.Helper()
	var stream bytes.Buffer
	manifest, err := a.Export(t.Context(), &stream)
	if err != nil {
		t.Fatalf("exporting: %v", err)
	}
	return stream.Bytes(), manifest
}
