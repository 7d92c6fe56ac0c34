package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Cards returns the cards of those of the assets that are published, as far as the scope covers them, in the order of the
// ids. Every search waits for it: it is one statement that reads nothing else, and its rows are taken as they come.
func (s *Store) Cards(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) ([]collateral.Card, error) {
	byID, err := s.cards(ctx, scope, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the cards of %d pieces: %w", len(ids), translate(err))
	}
	cards := make([]collateral.Card, 0, len(byID))
	for _, id := range ids {
		if card, ok := byID[id]; ok {
			cards = append(cards, *card)
		}
	}
	return cards, nil
}

func (s *Store) cards(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) (map[uuid.UUID]*collateral.Card, error) {
	seen, args := visible(scope)
	// One row for each tag: what is published has one at least. A stage that was merged is the one that took its place.
	rows, err := s.reader(ctx).Raw(`SELECT a.id, a.title, a.summary, a.type, v.audience, a.review_by, v.n, p.published_at,
			s.id, s.key, t.role_in_stage, t.is_primary
		FROM assets a JOIN publications p ON p.asset_id = a.id AND p.ended_at IS NULL JOIN versions v ON v.id = p.version_id
		JOIN version_stages t ON t.version_id = v.id JOIN stages tagged ON tagged.id = t.stage_id
		JOIN stages s ON s.id = coalesce(tagged.merged_into, tagged.id)
		WHERE `+seen+" AND "+s.among("a.id", "?")+" ORDER BY t.is_primary DESC, s.position, s.key, t.stage_id",
		append(args, s.idSet(ids))...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cards := make(map[uuid.UUID]*collateral.Card, len(ids))
	for rows.Next() {
		var c collateral.Card
		var reviewBy sql.NullString
		var tag collateral.StageTag
		if err := rows.Scan(&c.ID, &c.Title, &c.Summary, &c.Type, &c.Audience, &reviewBy, &c.VersionN, &c.PublishedAt, &tag.StageID, &tag.Stage, &tag.Role, &tag.Primary); err != nil {
			return nil, err
		}
		card := cards[c.ID]
		if card == nil {
			c.ReviewBy, c.PublishedAt = reviewBy.String, c.PublishedAt.UTC()
			card = &c
			cards[c.ID] = card
		}
		if !slices.ContainsFunc(card.Stages, func(t collateral.StageTag) bool { return t.StageID == tag.StageID }) {
			card.Stages = append(card.Stages, tag)
		}
	}
	return cards, rows.Err()
}
