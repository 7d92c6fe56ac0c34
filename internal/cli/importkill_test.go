package cli_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/access/accesstest"
	"collateral/internal/blob/diskblob"
	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// How often an import is killed on its way.
const (
	importKills     = 12
	importKillsSoak = 200 // with SOAK set
	filesEachKill   = 4   // between one kill and the next
	filesLeft       = 20  // after the last one, so that it comes before the import ends
)

// TestKilledImport kills an import again and again, each time a little further on, and lets it finish: every row has its
// piece then, and none has two.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	kills := importKills
	if os.Getenv("SOAK") != "" {
		kills = importKillsSoak
	}
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			k := newKilledImport(t, dialect, filesEachKill*kills+filesLeft)
			for i := range kills {
				k.killAt(filesEachKill * (i + 1))
			}
			if out, err := k.command(t.Context()).CombinedOutput(); err != nil {
				t.Fatalf("the import that nobody kills: %v\n%s", err, out)
			}
			k.check()
		})
	}
}

type killedImport struct {
	t            *testing.T
	random       *rand.Rand
	folder, data string
	database     string
	store        *store.Store
	ada          collateral.Actor
	contents     map[string]string // by path
}

func newKilledImport(t *testing.T, dialect string, files int) *killedImport {
	t.Helper()
	k := &killedImport{
		t: t, random: rand.New(rand.NewPCG(rand.Uint64(), 0)), folder: t.TempDir(), data: t.TempDir(),
		database: storetest.URL(t, dialect), contents: make(map[string]string),
	}
	s, err := store.Open(t.Context(), k.database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	k.store = s
	for name, role := range map[string]collateral.Role{"ada": collateral.Admin, "mia": collateral.Marketer} {
		u, _, err := accesstest.New(s).CreateUser(t.Context(), nil, collateral.NewUser{Email: name + "@example.com", Name: name, Roles: []collateral.Role{role}}, "correct horse battery")
		if err != nil {
			t.Fatal(err)
		}
		if name == "ada" {
			k.ada = collateral.Actor{UserID: u.ID, Roles: u.Roles}
		}
	}
	csv := "file,title,type,audience,stages,owner\n"
	for i := range files {
		name, content := fmt.Sprintf("%d/piece-%d.txt", i%7, i), strings.Repeat(fmt.Sprintf("Piece %d. ", i/2), 1+i%80*50) // some files are the same
		k.contents[name] = content
		csv += fmt.Sprintf("%s,Piece %d,deck,customer,validation (primary): Shows that it works at a customer.,mia@example.com\n", name, i)
		k.write(name, content)
	}
	k.write("library.csv", csv)
	return k
}

func (k *killedImport) write(name, content string) {
	k.t.Helper()
	path := filepath.Join(k.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		k.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

func (k *killedImport) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "collateral", "import-library", k.folder, "--csv", filepath.Join(k.folder, "library.csv"), "--as", "ada@example.com",
		"--data", k.data, "--database-url", k.database)
	cmd.Env = unconfigured()
	return cmd
}

// killAt kills an import a moment after so many pieces are there.
func (k *killedImport) killAt(pieces int) {
	k.t.Helper()
	said := newTranscript()
	cmd := k.command(k.t.Context())
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	deadline := time.Now().Add(patience)
	for k.made() < pieces && time.Now().Before(deadline) {
		select {
		case err := <-ended:
			k.t.Fatalf("the import ended by itself, at %d pieces of %d: %v\n%s", k.made(), pieces, err, said)
		case <-time.After(time.Millisecond):
		}
	}
	<-time.After(upTo(k.random, 10*time.Millisecond))
	if err := cmd.Process.Kill(); err != nil {
		k.t.Fatalf("killing the import: %v\n%s", err, said)
	}
	if err := <-ended; err == nil {
		k.t.Fatalf("the import ended well before it was killed\n%s", said)
	}
}

// made is how many rows have their pieces.
func (k *killedImport) made() int {
	k.t.Helper()
	b, err := k.store.BatchNamed(k.t.Context(), k.ada.UserID, k.folder)
	if err != nil {
		k.t.Fatal(err)
	}
	if b == nil {
		return 0
	}
	return b.Rows() - b.Counts[collateral.ItemAwaiting]
}

func (k *killedImport) check() {
	k.t.Helper()
	assets, _, err := k.store.Assets(k.t.Context(), collateral.Scope{All: true}, store.AssetFilter{}, collateral.Paging{Limit: 2 * len(k.contents)})
	if err != nil || len(assets) != len(k.contents) {
		k.t.Fatalf("got %d pieces, error %v, want %d", len(assets), err, len(k.contents))
	}
	b, err := k.store.BatchNamed(k.t.Context(), k.ada.UserID, k.folder)
	if err != nil || b.Counts[collateral.ItemDraft] != len(k.contents) {
		k.t.Fatalf("got %v, error %v, want %d drafts", b.Counts, err, len(k.contents))
	}
	items, _, err := k.store.BatchItems(k.t.Context(), collateral.Scope{All: true}, b.ID, nil, collateral.Paging{Limit: len(k.contents)})
	if err != nil {
		k.t.Fatal(err)
	}
	blobs, err := diskblob.Open(filepath.Join(k.data, "blobs"))
	if err != nil {
		k.t.Fatal(err)
	}
	for i, item := range items {
		sum := sha256.Sum256([]byte(k.contents[item.Source]))
		digest := hex.EncodeToString(sum[:])
		if want := fmt.Sprintf("Piece %d", i); item.Asset.Title != want || item.Asset.Newest.N != 1 || item.Asset.Newest.SHA256 != digest {
			k.t.Errorf("row %d: got %q with version %+v, want %q with the bytes of %s", item.N, item.Asset.Title, item.Asset.Newest, want, item.Source)
		}
		if _, err := blobs.Stat(k.t.Context(), digest); err != nil {
			k.t.Errorf("row %d: its bytes: %v", item.N, err)
		}
	}
	k.checkJobs(items)
}

// checkJobs holds what waits to be read to the pieces: nothing was forgotten.
func (k *killedImport) checkJobs(items []*collateral.BatchItem) {
	k.t.Helper()
	waiting := make(map[uuid.UUID]bool)
	for {
		jobs, err := k.store.ClaimJobs(k.t.Context(), []string{registry.JobExtract}, 100, time.Minute)
		if err != nil {
			k.t.Fatal(err)
		}
		if len(jobs) == 0 {
			break
		}
		for _, j := range jobs {
			waiting[j.Key] = true
		}
	}
	for _, item := range items {
		if !waiting[item.VersionID] {
			k.t.Errorf("row %d: nobody was asked to read its text", item.N)
		}
	}
	if len(waiting) != len(items) {
		k.t.Errorf("got %d files that wait to be read, want %d", len(waiting), len(items))
	}
}
