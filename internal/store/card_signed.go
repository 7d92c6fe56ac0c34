package store

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// signedCards remembers what cards show of versions that were published: their number, audience and tags. The gate of the
// database lets none of it change from the submission on, so nothing has to be looked up twice. Whether a version is
// published, and what its stages are called today, is not remembered.
type signedCards struct {
	mu        sync.Mutex
	byVersion map[uuid.UUID]signedCard
}

type signedCard struct {
	n        int
	audience collateral.Audience
	tags     []collateral.StageTag // without the stages' keys; not to be changed
}

// maxSigned bounds how many versions are remembered: some 10 MB. Beyond it all are forgotten; those that are asked for
// come back with the next searches.
const maxSigned = 20_000

func newSignedCards() *signedCards { return &signedCards{byVersion: make(map[uuid.UUID]signedCard)} }

// of returns what was signed of the versions, all of which are published, and reads from the store what is not known.
func (c *signedCards) of(ctx context.Context, s *Store, versions []uuid.UUID) (map[uuid.UUID]signedCard, error) {
	signed := make(map[uuid.UUID]signedCard, len(versions))
	var unknown []uuid.UUID
	c.mu.Lock()
	for _, id := range versions {
		if card, ok := c.byVersion[id]; ok {
			signed[id] = card
		} else {
			unknown = append(unknown, id)
		}
	}
	c.mu.Unlock()
	if len(unknown) == 0 {
		return signed, nil
	}
	read, err := s.signedCards(ctx, unknown)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, card := range read {
		signed[id] = card
		if s.inTx { // what it did may be rolled back
			continue
		}
		if len(c.byVersion) >= maxSigned {
			clear(c.byVersion)
		}
		c.byVersion[id] = card
	}
	return signed, nil
}

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
