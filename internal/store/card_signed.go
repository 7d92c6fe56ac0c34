package store

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// signedCard is what a card shows of a version that was published: its number, audience and tags. Whether a version is published,
// and what its stages are called today, is not remembered.
type signedCard struct {
	n        int
	audience collateral.Audience
	tags     []collateral.StageTag // without the stages' keys; not to be changed
}

// maxSignedCards is some 10 MB.
const maxSignedCards = 20_000

func newSignedCards() *known[signedCard] { return newKnown(maxSignedCards, (*Store).signedCards) }

func (s *Store) signedCards(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID]signedCard, error) {
	// One row for each tag: what was signed has one at least.
	rows, err := s.reader(ctx).Raw(`SELECT v.id, v.n, v.audience, t.stage_id, t.role_in_stage, t.is_primary
		FROM versions v JOIN version_stages t ON t.version_id = v.id WHERE `+s.among("v.id", "?"), s.idSet(versions)).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cards := make(map[uuid.UUID]signedCard, len(versions))
	for rows.Next() {
		var id uuid.UUID
		var c signedCard
		var tag collateral.StageTag
		if err := rows.Scan(&id, &c.n, &c.audience, &tag.StageID, &tag.Role, &tag.Primary); err != nil {
			return nil, err
		}
		c.tags = cards[id].tags
		c.tags = append(c.tags, tag)
		cards[id] = c
	}
	return cards, rows.Err()
}
