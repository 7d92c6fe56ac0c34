package store

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed" // the report's SQL
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

//go:embed unused_published.sql
var unusedPublishedSQL string

//go:embed unused_pieces.sql
var unusedPiecesSQL string

// publication is what was published of a piece.
type publication struct {
	version uuid.UUID
	stage   uuid.UUID // the primary one, as signed
	day     string    // YYYY-MM-DD: since when
}

// publishedAt returns what was published at the time, by asset.
func (s *Store) publishedAt(ctx context.Context, at time.Time) (map[uuid.UUID]publication, error) {
	rows, err := s.reader(ctx).Raw(unusedPublishedSQL, map[string]any{"as_of": at}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	published := make(map[uuid.UUID]publication)
	for rows.Next() {
		var asset uuid.UUID
		var p publication
		if err := rows.Scan(&asset, &p.version, &p.stage, &p.day); err != nil {
			return nil, err
		}
		published[asset] = p
	}
	return published, rows.Err()
}

// piecesOf returns the pieces that the person owns or co-authored, all for uuid.Nil, without what depends on the time.
func (s *Store) piecesOf(ctx context.Context, person uuid.UUID) ([]UsedPiece, error) {
	rows, err := s.reader(ctx).Raw(unusedPiecesSQL, map[string]any{"all": person == uuid.Nil, "person": person}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var pieces []UsedPiece
	for rows.Next() {
		var p UsedPiece
		var amount, currency, firstPublishedOn sql.NullString
		if err := rows.Scan(&p.AssetID, &p.Title, &p.Type, &p.OwnerID, &amount, &currency, &firstPublishedOn); err != nil {
			return nil, err
		}
		if amount.Valid {
			p.Cost = &collateral.Cost{Amount: amount.String, Currency: currency.String}
		}
		p.FirstPublishedOn = firstPublishedOn.String
		pieces = append(pieces, p)
	}
	return pieces, rows.Err()
}

// publish fills in what was published, with all stages as they were signed.
func (p *UsedPiece) publish(what publication, stages []uuid.UUID) {
	p.StageID, p.FirstPublishedOn = what.stage, cmp.Or(p.FirstPublishedOn, what.day)
	for _, stage := range stages {
		if stage != what.stage {
			p.OtherStages = append(p.OtherStages, stage)
		}
	}
}

// maxSignedStages is some 15 MB.
const maxSignedStages = 100_000

func newSignedStages() *known[[]uuid.UUID] { return newKnown(maxSignedStages, (*Store).signedStages) }

// signedStages returns the stages of each of the versions, which were submitted.
func (s *Store) signedStages(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	rows, err := s.reader(ctx).Raw("SELECT version_id, stage_id FROM version_stages WHERE "+s.among("version_id", "?"), s.idSet(versions)).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	stages := make(map[uuid.UUID][]uuid.UUID, len(versions))
	for rows.Next() {
		var version, stage uuid.UUID
		if err := rows.Scan(&version, &stage); err != nil {
			return nil, err
		}
		stages[version] = append(stages[version], stage)
	}
	return stages, rows.Err()
}
