package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// LinkFigures is what came of a link.
type LinkFigures struct {
	Raw          int        // visits, those of machines included
	Machines     int        // visits that are taken for those of machines
	Counted      int        // visits of which it was confirmed that a person looked
	Persons      int        // who is behind the counted ones: by the e-mail address where it was given, else by the visitor
	LastOpenedAt *time.Time // of the counted ones
}

// LinkFigures returns what came of each of the links, by link. A link that nobody visited is left out.
func (s *Store) LinkFigures(ctx context.Context, links []uuid.UUID) (map[uuid.UUID]LinkFigures, error) {
	if len(links) == 0 {
		return nil, nil
	}
	var rows []struct {
		LinkID  uuid.UUID
		Figures LinkFigures `gorm:"embedded"`
	}
	err := s.reader(ctx).Raw(`SELECT v.link_id, count(*) AS raw, sum(CASE WHEN v.machine THEN 1 ELSE 0 END) AS machines,
			sum(CASE WHEN v.opened_at IS NOT NULL AND NOT v.machine THEN 1 ELSE 0 END) AS counted,
			count(DISTINCT CASE WHEN v.opened_at IS NOT NULL AND NOT v.machine THEN coalesce(nullif(p.email, ''), CAST(p.id AS text)) END) AS persons
		FROM visits v JOIN visitors p ON p.id = v.visitor_id WHERE `+s.among("v.link_id", "?")+` GROUP BY v.link_id`, s.idSet(links)).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	figures := make(map[uuid.UUID]LinkFigures, len(rows))
	for _, r := range rows {
		figures[r.LinkID] = r.Figures
	}
	// A time that a function of SQLite returns has lost its type, so this one is a column.
	var opened []struct {
		LinkID   uuid.UUID
		OpenedAt time.Time
	}
	err = s.reader(ctx).Raw(`SELECT link_id, opened_at FROM (SELECT v.link_id, v.opened_at, row_number() OVER (PARTITION BY v.link_id ORDER BY v.opened_at DESC) AS place
		FROM visits v WHERE v.opened_at IS NOT NULL AND NOT v.machine AND `+s.among("v.link_id", "?")+`) AS opened WHERE place = 1`, s.idSet(links)).Scan(&opened).Error
	if err != nil {
		return nil, translate(err)
	}
	for _, o := range opened {
		f := figures[o.LinkID]
		f.LastOpenedAt = &o.OpenedAt
		figures[o.LinkID] = f
	}
	return figures, nil
}

// VisitOf is a visit with who came, as far as that is known.
type VisitOf struct {
	Visit    collateral.Visit `gorm:"embedded"`
	Email    string           // empty when it was not given
	Verified bool             // a code that was mailed there was given
}

// Visits returns one page of a link's visits, the newest first, and the next page's cursor.
func (s *Store) Visits(ctx context.Context, link uuid.UUID, paging collateral.Paging) ([]VisitOf, string, error) {
	list := "visits/" + link.String()
	after, err := paging.AfterID(list)
	if err != nil {
		return nil, "", err
	}
	condition, args := "v.link_id = ?", []any{link}
	if after != uuid.Nil {
		condition, args = condition+" AND v.id < ?", append(args, after)
	}
	var visits []VisitOf
	err = s.reader(ctx).Raw(`SELECT `+visitColumns+`, p.email, p.verified_at IS NOT NULL AS verified
		FROM visits v JOIN visitors p ON p.id = v.visitor_id WHERE `+condition+" ORDER BY v.id DESC LIMIT ?", append(args, paging.Limit+1)...).Scan(&visits).Error
	if err != nil {
		return nil, "", translate(err)
	}
	visits, next := pageOf(visits, paging.Limit, func(v VisitOf) string { return collateral.Cursor(list, v.Visit.ID.String()) })
	return visits, next, nil
}
