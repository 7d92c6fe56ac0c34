package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// GoingViewing is a viewing that nothing ended yet, with what tells time that is told twice.
type GoingViewing struct {
	collateral.Viewing

	Pulse collateral.Pulse
}

// viewingRow is a row of viewings.
type viewingRow struct {
	ID, AssetID, VersionID uuid.UUID
	UserID                 uuid.NullUUID
	StartedAt, LastAt      time.Time
	VisibleMS              int64
	PageCount              int
	Pages                  string
	Qualifies              bool
	Pulse                  string
}

const viewingColumns = "id, user_id, asset_id, version_id, started_at, last_at, visible_ms, page_count, pages, qualifies"

func (r viewingRow) viewing() (collateral.Viewing, error) {
	v := collateral.Viewing{
		ID: r.ID, UserID: r.UserID.UUID, AssetID: r.AssetID, VersionID: r.VersionID, StartedAt: r.StartedAt, LastAt: r.LastAt,
		Visible: time.Duration(r.VisibleMS) * time.Millisecond, Of: r.PageCount, Qualifies: r.Qualifies,
	}
	var pages []int64
	if err := json.Unmarshal([]byte(r.Pages), &pages); err != nil {
		return v, fmt.Errorf("reading the pages of viewing %s: %w", r.ID, err)
	}
	for _, ms := range pages {
		v.Pages = append(v.Pages, time.Duration(ms)*time.Millisecond)
	}
	return v, nil
}

// GoingViewing returns how a person looks at a version just now, or nil, and keeps others from changing it until the transaction
// ends. One that is over may not be known to be. It runs inside Tx.
func (s *Store) GoingViewing(ctx context.Context, user, version uuid.UUID) (*GoingViewing, error) {
	var rows []viewingRow
	err := s.reader(ctx).Raw(s.forUpdate("SELECT "+viewingColumns+", pulse FROM viewings WHERE user_id = ? AND version_id = ? AND NOT ended"), user, version).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	v := &GoingViewing{}
	if v.Viewing, err = rows[0].viewing(); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(rows[0].Pulse), &v.Pulse); err != nil {
		return nil, fmt.Errorf("reading the heartbeats of viewing %s: %w", v.ID, err)
	}
	return v, nil
}

// LastViewed returns when a person was last heard of looking at a version; the zero time for never.
func (s *Store) LastViewed(ctx context.Context, user, version uuid.UUID) (time.Time, error) {
	var last []time.Time
	err := s.reader(ctx).Raw("SELECT last_at FROM viewings WHERE user_id = ? AND version_id = ? ORDER BY last_at DESC LIMIT 1", user, version).Scan(&last).Error
	if err != nil || len(last) == 0 {
		return time.Time{}, translate(err)
	}
	return last[0], nil
}

// BeginViewing stores a viewing, unless another request began one of the same version by the same person; it reports whether it
// did.
func (s *Store) BeginViewing(ctx context.Context, v *collateral.Viewing) (bool, error) {
	return found(s.writer(ctx).Exec(`INSERT INTO viewings (id, user_id, asset_id, version_id, started_at, last_at, qualifies, pulse) VALUES (?, ?, ?, ?, ?, ?, ?, '{}')
		ON CONFLICT (user_id, version_id) WHERE NOT ended DO NOTHING`, v.ID, v.UserID, v.AssetID, v.VersionID, v.StartedAt, v.LastAt, v.Qualifies))
}

// PutViewing writes what became of a locked viewing.
func (s *Store) PutViewing(ctx context.Context, v *GoingViewing) error {
	pages := make([]int64, len(v.Pages))
	for i, seen := range v.Pages {
		pages[i] = seen.Milliseconds()
	}
	kept, err := json.Marshal(pages)
	if err != nil {
		return fmt.Errorf("writing the pages of viewing %s: %w", v.ID, err)
	}
	pulse, err := json.Marshal(v.Pulse)
	if err != nil {
		return fmt.Errorf("writing the heartbeats of viewing %s: %w", v.ID, err)
	}
	return translate(s.writer(ctx).Exec("UPDATE viewings SET last_at = ?, visible_ms = ?, page_count = ?, pages = ?, pulse = ? WHERE id = ?",
		v.LastAt, v.Visible.Milliseconds(), v.Of, string(kept), string(pulse), v.ID).Error)
}

const endViewing = "UPDATE viewings SET ended = ?, pulse = '' WHERE NOT ended AND "

// EndViewing ends a locked viewing: what is told from now on belongs to the next one.
func (s *Store) EndViewing(ctx context.Context, id uuid.UUID) error {
	return translate(s.writer(ctx).Exec(endViewing+"id = ?", true, id).Error)
}

// EndViewings ends the viewings that were last heard of before a time.
func (s *Store) EndViewings(ctx context.Context, before time.Time) error {
	return translate(s.writer(ctx).Exec(endViewing+"last_at < ?", true, before).Error)
}

// ViewingsOf returns the qualifying viewings of a piece, the oldest first.
func (s *Store) ViewingsOf(ctx context.Context, asset uuid.UUID) ([]collateral.Viewing, error) {
	var rows []viewingRow
	err := s.reader(ctx).Raw("SELECT "+viewingColumns+" FROM viewings WHERE asset_id = ? AND qualifies ORDER BY started_at, id", asset).Scan(&rows).Error
	if err != nil {
		return nil, translate(err)
	}
	viewings := make([]collateral.Viewing, len(rows))
	for i, r := range rows {
		if viewings[i], err = r.viewing(); err != nil {
			return nil, err
		}
	}
	return viewings, nil
}

// ForgetViewer takes the person out of some viewings that began until the given time, at most limit, and ends them. It returns
// of how many; 0 when none is left.
func (s *Store) ForgetViewer(ctx context.Context, user uuid.UUID, until time.Time, limit int) (int, error) {
	done := s.writer(ctx).Exec(`UPDATE viewings SET user_id = NULL, ended = ?, pulse = '' WHERE id IN
		(SELECT v.id FROM viewings v WHERE v.user_id = ? AND v.started_at <= ? LIMIT ?)`, true, user, until, limit)
	if done.Error != nil {
		return 0, fmt.Errorf("taking a person out of viewings: %w", translate(done.Error))
	}
	return int(done.RowsAffected), nil
}
