package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Every table that leads to people is told, or does so for a reason.
func TestEveryTableAboutPeopleIsTold(t *testing.T) {
	t.Parallel()
	people := []string{
		"user_id", "owner_id", "uploaded_by", "reviewer_id", "signer_id", "by_user", "by", "actor_id", "made_by", "raised_by", "settled_by", "created_by", "revoked_by",
		"published_by", "ended_by",
	}
	told := map[string]string{
		"users": "account", "role_grants": "roles", "api_tokens": "tokens", "mail_choices": "mail", "usage_events": "uses", "searches": "searches", "viewings": "viewings",
		"favourites": "favourites", "collections": "collections", "notices": "notices", "flags": "flags", "assets": "pieces", "coauthors": "coauthored",
		"versions": "versions", "contributors": "contributions", "reviews": "reviews", "approvals": "approvals", "review_openings": "review_openings",
		"publications": "publications", "publication_log": "publications", "reasons": "reasons", "purges": "purges", "batches": "batches",
		"links": "links", "webhooks": "webhooks", "audit_log": "audit_by",
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tables, err := s.MovedTables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			for _, c := range table.Columns {
				if slices.Contains(people, c.Name) && told[table.Name] == "" {
					t.Errorf("the column %s.%s leads to a person, and no part of what is kept of people tells it", table.Name, c.Name)
				}
			}
		}
	})
}

func TestPersonalIsToldInPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		u := collateral.User{ID: s.NewID(), Email: "rita@example.com", Name: "Rita", Roles: []collateral.Role{collateral.Rep}, Active: true, CreatedAt: s.Now()}
		if err := s.Tx(ctx, func(tx *store.Store) error { return tx.CreateUser(ctx, u, "hash") }); err != nil {
			t.Fatal(err)
		}
		const many = 4500 // more than two pages
		events := make([]collateral.Event, many)
		for i := range events {
			events[i] = collateral.Event{ID: uuid.New(), Kind: collateral.View, AssetID: uuid.New(), UserID: u.ID, OccurredAt: s.Now(), RecordedAt: s.Now(), Qualifies: true}
		}
		err := s.Tx(ctx, func(tx *store.Store) error {
			_, err := tx.AddEvents(ctx, events)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		parts := make(map[string]int)
		ids := make(map[any]bool)
		for _, part := range store.PersonalParts() {
			err := s.Personal(ctx, u.ID, part, func(row map[string]any) error {
				parts[part]++
				for name, value := range row {
					if text, ok := value.(string); ok && (text == "hash" || strings.Contains(name, "hash")) {
						t.Errorf("%s tells a secret: %s", part, name)
					}
				}
				if part == "uses" {
					ids[row["id"]] = true
					if row["qualifies"] != true || row["dwell_ms"] != nil {
						t.Fatalf("got the use %v, want it to qualify, and no time", row)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if parts["account"] != 1 || parts["roles"] != 1 || parts["uses"] != many || len(ids) != many || len(parts) != 3 {
			t.Errorf("got %v with %d different uses, want the account, its role and %d uses", parts, len(ids), many)
		}
	})
}
