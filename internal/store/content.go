package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Content is what a version consists of, as far as it takes to tell whether two are the same.
type Content struct {
	AssetID   uuid.UUID
	SHA256    string
	Signature collateral.Signature // nil for a text that is too short, and before it was read
	Unread    bool                 // its text waits to be read
}

// SetSignature keeps by what the text of a version is compared with others, nil for nothing. Its extraction must be there;
// a version that is gone meanwhile is left alone.
func (s *Store) SetSignature(ctx context.Context, version uuid.UUID, signature collateral.Signature) error {
	return translate(s.writer(ctx).Exec("UPDATE extractions SET signature = ? WHERE version_id = ?", signature.Bytes(), version).Error)
}

// BatchContents calls yield with what the rows of a batch were made from, in their order, as far as the scope covers the
// pieces.
func (s *Store) BatchContents(ctx context.Context, scope collateral.Scope, batch uuid.UUID, yield func(Content)) error {
	seen, args := visible(scope)
	return s.contents(ctx, " JOIN batch_items i ON i.asset_id = a.id JOIN versions v ON v.id = i.version_id",
		seen+" AND i.batch_id = ? ORDER BY i.n", append(args, batch), yield)
}

// OtherContents calls yield with every version of the pieces beside those of a batch that the scope covers.
func (s *Store) OtherContents(ctx context.Context, scope collateral.Scope, batch uuid.UUID, yield func(Content)) error {
	seen, args := visible(scope)
	return s.contents(ctx, " JOIN versions v ON v.asset_id = a.id",
		seen+" AND NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.asset_id = a.id AND i.batch_id = ?) ORDER BY v.asset_id, v.n", append(args, batch), yield)
}

func (s *Store) contents(ctx context.Context, join, condition string, args []any, yield func(Content)) error {
	rows, err := s.reader(ctx).Raw("SELECT v.asset_id, v.sha256, e.signature, coalesce(e.state = 'pending', false) AS unread"+
		assetFrom+join+" LEFT JOIN extractions e ON e.version_id = v.id WHERE "+condition, args...).Rows()
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Content
		var signature []byte
		if err := rows.Scan(&c.AssetID, &c.SHA256, &signature, &c.Unread); err != nil {
			return fmt.Errorf("reading what a version consists of: %w", err)
		}
		c.Signature = collateral.SignatureFrom(signature)
		yield(c)
	}
	return translate(rows.Err())
}
