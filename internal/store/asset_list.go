package store

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// CountAssets returns how many of the assets that the scope covers and the filter lets through are in each state; states
// without one are left out.
func (s *Store) CountAssets(ctx context.Context, scope collateral.Scope, filter AssetFilter) (map[collateral.State]int, error) {
	seen, args := visible(scope)
	conditions, more := filter.where()
	var rows []struct {
		State string
		N     int
	}
	query := "SELECT " + assetState + " AS state, count(*) AS n" + assetFrom + " WHERE " + seen + " AND " + strings.Join(conditions, " AND ") + " GROUP BY 1"
	if err := s.reader(ctx).Raw(query, append(args, more...)...).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	counts := make(map[collateral.State]int, len(rows))
	for _, r := range rows {
		counts[collateral.State(r.State)] = r.N
	}
	return counts, nil
}

// undone is whether a version v waits for its makers: Sales sent it back, or signed it and it was never published.
const undone = `v.state IN ('changes_requested', 'rejected', 'approved')
	AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.version_id = v.id)
	AND NOT EXISTS (SELECT 1 FROM versions m WHERE m.asset_id = v.asset_id AND m.n > v.n)
	AND NOT EXISTS (SELECT 1 FROM publication_log l WHERE l.asset_id = v.asset_id AND l.version_id = v.id)`

// CountUndone counts the assets that wait for something that their owners and co-authors do, one of whom is the maker: a
// version of Sales' decision, or an answer to a flag.
func (s *Store) CountUndone(ctx context.Context, maker uuid.UUID) (int, error) {
	var n int
	err := s.reader(ctx).Raw(`SELECT count(*) FROM (
		SELECT a.id FROM assets a JOIN versions v ON v.asset_id = a.id WHERE a.owner_id = @maker AND `+undone+`
		UNION SELECT c.asset_id FROM coauthors c JOIN versions v ON v.asset_id = c.asset_id WHERE c.user_id = @maker AND `+undone+`
		UNION SELECT f.asset_id FROM flags f JOIN assets a ON a.id = f.asset_id WHERE f.settled_at IS NULL AND (a.owner_id = @maker
			OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = @maker))
	) waiting`, map[string]any{"maker": maker}).Scan(&n).Error
	return n, translate(err)
}

// EachTitle hands the title of every asset that is published or made by the person to yield.
func (s *Store) EachTitle(ctx context.Context, maker uuid.UUID, yield func(id uuid.UUID, title string)) error {
	rows, err := s.reader(ctx).Raw(`SELECT a.id, a.title FROM assets a WHERE a.owner_id = ?
		OR EXISTS (SELECT 1 FROM publications p WHERE p.asset_id = a.id AND p.ended_at IS NULL)
		OR EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = ?) ORDER BY a.id`, maker, maker).Rows()
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		var title string
		if err := rows.Scan(&id, &title); err != nil {
			return translate(err)
		}
		yield(id, title)
	}
	return translate(rows.Err())
}

// SignersOf returns the active approvers who could sign each of the versions, by version and in the order of names: those
// who contributed neither to the version nor to its asset.
func (s *Store) SignersOf(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	now := s.Now()
	var rows []struct{ VersionID, UserID uuid.UUID }
	err := s.reader(ctx).Raw(`SELECT v.id AS version_id, u.id AS user_id FROM versions v JOIN assets a ON a.id = v.asset_id
		JOIN users u ON u.active AND u.id <> v.uploaded_by AND u.id <> a.owner_id
		WHERE `+s.among("v.id", "?")+` AND EXISTS (SELECT 1 FROM role_grants g WHERE g.user_id = u.id AND g.role = 'approver' AND `+grantHolds+`)
		AND NOT EXISTS (SELECT 1 FROM contributors c WHERE c.version_id = v.id AND c.user_id = u.id)
		AND NOT EXISTS (SELECT 1 FROM coauthors c WHERE c.asset_id = a.id AND c.user_id = u.id) ORDER BY u.name, u.id`,
		s.idSet(versions), now, now).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	signers := make(map[uuid.UUID][]uuid.UUID, len(versions))
	for _, r := range rows {
		signers[r.VersionID] = append(signers[r.VersionID], r.UserID)
	}
	return signers, nil
}
