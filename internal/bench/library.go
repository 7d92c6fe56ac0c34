package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// library is a registry full of published pieces.
type library struct {
	*database
	folder string // of --data
	people map[collateral.Role]person
	reps   []person // as many as clients ask at the same time
	assets []uuid.UUID
	pieces []piece // of the same places
	stages []stage
	begun  time.Time       // before the first publication
	known  map[string]bool // tags that are in the lists
}

// person has an account and a session.
type person struct {
	id    uuid.UUID
	email string
	token string
}

type stage struct{ id, key string }

const (
	manyClients = 32
	oneBatch    = 5000 // pieces that are filled in together
)

// newLibrary makes a registry with n pieces that are published, have their text in the database and stand in the index.
func (b *bench) newLibrary(ctx context.Context, dialect string, n int) (*library, error) {
	b.say("filling a library of %d pieces on %s", n, dialect)
	folder, err := b.place("library")
	if err != nil {
		return nil, err
	}
	d, err := b.newDatabase(ctx, dialect, folder)
	if err != nil {
		return nil, err
	}
	l := &library{database: d, folder: folder, known: make(map[string]bool), begun: time.Now().UTC().AddDate(0, 0, -300).Truncate(24 * time.Hour)}
	if err := l.addPeople(ctx); err != nil {
		return nil, err
	}
	if err := l.readStages(ctx); err != nil {
		return nil, err
	}
	words := newCorpus(1)
	for len(l.assets) < n {
		from := len(l.assets)
		for range min(oneBatch, n-from) {
			l.assets = append(l.assets, uuid.Must(uuid.NewV7()))
			l.pieces = append(l.pieces, words.piece(l.begun))
		}
		if err := l.publish(ctx, from, len(l.assets)); err != nil {
			return nil, err
		}
		if err := l.settle(ctx); err != nil {
			return nil, err
		}
	}
	return l, l.index(ctx)
}

func (l *library) addPeople(ctx context.Context) error {
	l.people = make(map[collateral.Role]person)
	roles := []collateral.Role{collateral.Marketer, collateral.Approver, collateral.Leader, collateral.Admin}
	for range manyClients {
		roles = append(roles, collateral.Rep)
	}
	var users, grants, sessions [][]any
	for i, role := range roles {
		p := person{id: uuid.Must(uuid.NewV7()), email: fmt.Sprintf("%s-%d@bench.example", role, i), token: fmt.Sprintf("cs_bench-%d", i)}
		if role == collateral.Rep {
			l.reps = append(l.reps, p)
		}
		l.people[role] = p
		sum := sha256.Sum256([]byte(p.token))
		users = append(users, []any{p.id, p.email, fmt.Sprintf("%s %d", role, i)})
		grants = append(grants, []any{p.id, string(role), l.begun})
		sessions = append(sessions, []any{hex.EncodeToString(sum[:]), p.id, time.Now(), time.Now().AddDate(0, 0, 1)})
	}
	if err := l.insert(ctx, "users", "id email name", users); err != nil {
		return err
	}
	if err := l.insert(ctx, "role_grants", "user_id role granted_at", grants); err != nil {
		return err
	}
	return l.insert(ctx, "sessions", "token_hash user_id created_at expires_at", sessions)
}

func (l *library) readStages(ctx context.Context) error {
	rows, err := l.QueryContext(ctx, "SELECT id, key FROM stages ORDER BY position")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var s stage
		if err := rows.Scan(&s.id, &s.key); err != nil {
			return err
		}
		l.stages = append(l.stages, s)
	}
	return rows.Err()
}

// publish takes pieces all the way to publication as people would, one step of all of them at a time: the gate of the
// database looks at every one.
func (l *library) publish(ctx context.Context, from, to int) error {
	var rows libraryRows
	for i := from; i < to; i++ {
		rows.add(l, i)
	}
	for _, step := range []func() error{
		func() error {
			return l.insert(ctx, "assets", "id title summary type audience language owner_id created_at updated_at", rows.assets)
		},
		func() error { return l.insert(ctx, "taxonomy_values", "facet value", l.newTags(rows.facets)) },
		func() error { return l.insert(ctx, "asset_facets", "asset_id facet value", rows.facets) },
		func() error {
			return l.insert(ctx, "asset_stages", "asset_id stage_id role_in_stage is_primary", rows.assetStages)
		},
		func() error {
			return l.insert(ctx, "versions", "id asset_id n file_name media_type size sha256 uploaded_by created_at", rows.versions)
		},
		func() error {
			return l.insert(ctx, "version_stages", "version_id stage_id role_in_stage is_primary", rows.versionStages)
		},
		func() error {
			return l.change(ctx, "UPDATE versions SET audience = 'customer', submitted_at = created_at, state = 'submitted' WHERE state = 'draft'")
		},
		func() error {
			return l.insert(ctx, "approvals", "id version_id asset_id sha256 signer_id role_held signed_at", rows.approvals)
		},
		func() error { return l.change(ctx, "UPDATE versions SET state = 'approved' WHERE state = 'submitted'") },
		func() error {
			return l.insert(ctx, "publications", "asset_id version_id approval_id stage_id published_at published_by", rows.publications)
		},
		func() error { return l.insert(ctx, "extractions", "version_id state engine pages", rows.extractions) },
		func() error { return l.insert(ctx, "version_pages", "version_id page text", rows.pages) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (l *library) change(ctx context.Context, statement string) error {
	if _, err := l.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// newTags returns the values that these facets are the first to use.
func (l *library) newTags(facets [][]any) (values [][]any) {
	for _, row := range facets {
		if key := fmt.Sprint(row[1:]); !l.known[key] {
			l.known[key] = true
			values = append(values, row[1:])
		}
	}
	return values
}

// libraryRows are the rows of some pieces, by table.
type libraryRows struct {
	assets, facets, assetStages, versions, versionStages, approvals, publications, extractions, pages [][]any
}

func (r *libraryRows) add(l *library, i int) {
	p, asset, version, approval := l.pieces[i], l.assets[i], uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	owner, signer := l.people[collateral.Marketer].id, l.people[collateral.Approver].id
	sum := sha256.Sum256(asset[:])
	digest, stage := hex.EncodeToString(sum[:]), l.stages[p.stage].id
	r.assets = append(r.assets, []any{asset, p.title, p.summary, p.kind, "customer", "en", owner, p.published, p.published})
	for facet, value := range p.tags() {
		r.facets = append(r.facets, []any{asset, facet, value})
	}
	r.versions = append(r.versions, []any{version, asset, 1, "piece.txt", "text/plain", int64(len(p.pages[0])), digest, owner, p.published})
	for _, s := range p.stages() {
		r.assetStages = append(r.assetStages, []any{asset, l.stages[s].id, p.role, s == p.stage})
		r.versionStages = append(r.versionStages, []any{version, l.stages[s].id, p.role, s == p.stage})
	}
	r.approvals = append(r.approvals, []any{approval, version, asset, digest, signer, "approver", p.published})
	r.publications = append(r.publications, []any{asset, version, approval, stage, p.published, owner})
	r.extractions = append(r.extractions, []any{version, "done", "text", len(p.pages)})
	for n, text := range p.pages {
		r.pages = append(r.pages, []any{version, n + 1, text})
	}
}

func (p piece) tags() map[string]string {
	return map[string]string{"persona": p.persona, "industry": p.industry, "product": p.product}
}

// stages returns the places of the piece's stages, the primary one first.
func (p piece) stages() []int {
	if p.other == p.stage {
		return []int{p.stage}
	}
	return []int{p.stage, p.other}
}

// has reports whether there is such a database here: PostgreSQL needs a server.
func (b *bench) has(dialect string) bool { return dialect == store.SQLite || b.postgres != "" }
