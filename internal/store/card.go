package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Cards returns the cards of those of the assets that are published, as far as the scope covers them, in the order of the
// ids. Every search waits for it: what can change is read by one narrow statement whose rows are taken as they come, and what
// Sales signed is remembered (see known).
func (s *Store) Cards(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) ([]collateral.Card, error) {
	cards, err := s.cards(ctx, scope, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the cards of %d pieces: %w", len(ids), translate(err))
	}
	return cards, nil
}

func (s *Store) cards(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) ([]collateral.Card, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	published, stages, err := s.publishedCards(ctx, scope, ids)
	if err != nil || len(published) == 0 {
		return nil, err
	}
	versions := make([]uuid.UUID, 0, len(published))
	for _, c := range published {
		versions = append(versions, c.version)
	}
	signed, err := s.knownCards.of(ctx, s, versions)
	if err != nil {
		return nil, err
	}
	cards := make([]collateral.Card, 0, len(published))
	for _, id := range ids {
		if c, ok := published[id]; ok {
			v := signed[c.version]
			c.Audience, c.VersionN, c.Stages = v.audience, v.n, stages.tags(v.tags)
			cards = append(cards, c.Card)
		}
	}
	return cards, nil
}

// publishedCard is a card without what was signed.
type publishedCard struct {
	collateral.Card

	version uuid.UUID
}

// stagesOfToday tells, for each stage that a tag may name, under which one its pieces are found now: the one that took its
// place, or itself.
type stagesOfToday map[uuid.UUID]stageOfToday

type stageOfToday struct {
	id       uuid.UUID
	key      string
	position int
}

// publishedCards reads what of cards can change: the pieces' rows, and behind them, in the same statement, the few stages.
func (s *Store) publishedCards(ctx context.Context, scope collateral.Scope, ids []uuid.UUID) (map[uuid.UUID]*publishedCard, stagesOfToday, error) {
	seen, args := visible(scope)
	rows, err := s.reader(ctx).Raw(`SELECT a.id, a.title, a.summary, a.type, a.review_by, p.version_id, p.published_at, -1
		FROM assets a JOIN publications p ON p.asset_id = a.id AND p.ended_at IS NULL
		WHERE `+seen+" AND "+s.among("a.id", "?")+`
		UNION ALL SELECT named.id, s.key, '', '', NULL, s.id, NULL, s.position
		FROM stages named JOIN stages s ON s.id = coalesce(named.merged_into, named.id)`, append(args, s.idSet(ids))...).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	cards, stages := make(map[uuid.UUID]*publishedCard, len(ids)), make(stagesOfToday)
	for rows.Next() {
		var c publishedCard
		var reviewBy sql.NullString
		var at sql.NullTime
		var position int
		if err := rows.Scan(&c.ID, &c.Title, &c.Summary, &c.Type, &reviewBy, &c.version, &at, &position); err != nil {
			return nil, nil, err
		}
		if !at.Valid {
			stages[c.ID] = stageOfToday{id: c.version, key: c.Title, position: position}
			continue
		}
		c.ReviewBy, c.PublishedAt = reviewBy.String, at.Time.UTC()
		cards[c.ID] = &c
	}
	return cards, stages, rows.Err()
}

// tags returns signed tags as they read today: the primary one first, then in the order of the stages, each stage once.
func (today stagesOfToday) tags(signed []collateral.StageTag) []collateral.StageTag {
	sorted := slices.Clone(signed)
	slices.SortFunc(sorted, func(a, b collateral.StageTag) int {
		if a.Primary != b.Primary {
			if a.Primary {
				return -1
			}
			return 1
		}
		x, y := today[a.StageID], today[b.StageID]
		return cmp.Or(cmp.Compare(x.position, y.position), cmp.Compare(x.key, y.key), slices.Compare(a.StageID[:], b.StageID[:]))
	})
	tags := sorted[:0]
	for _, t := range sorted {
		stage := today[t.StageID]
		if !slices.ContainsFunc(tags, func(earlier collateral.StageTag) bool { return earlier.StageID == stage.id }) {
			t.StageID, t.Stage = stage.id, stage.key
			tags = append(tags, t)
		}
	}
	return tags
}
