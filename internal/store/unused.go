package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
)

// UsedPiecesQuery asks for the pieces published at a time, with their uses in a window of days.
type UsedPiecesQuery struct {
	AsOf   time.Time
	From   string    // first day of the window, YYYY-MM-DD
	To     string    // last day of it
	Person uuid.UUID // whose pieces, owned or co-authored; uuid.Nil for all
}

// UsedPiece is a piece that was published, with the qualifying uses in the window.
type UsedPiece struct {
	AssetID          uuid.UUID
	Title            string
	Type             collateral.Type
	OwnerID          uuid.UUID
	OwnerName        string
	FirstPublishedOn string // YYYY-MM-DD
	Cost             *collateral.Cost
	StageID          uuid.UUID   // the primary one, as signed
	OtherStages      []uuid.UUID // as signed
	Found            int64
	Opened           int64
	Taken            int64
	Used             int64
	Engaged          int64  // visits of buyers
	LastUsedOn       string // day of the last use up to the window's end, also before the window; empty when there is none
}

// UsedPieces returns the pieces in no order, and cannot be called in a transaction. Its cost grows with the number of pieces, not with that of uses.
func (s *Store) UsedPieces(ctx context.Context, q UsedPiecesQuery) ([]UsedPiece, error) {
	pieces, err := s.usedPieces(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading the uses of what was published at %s: %w", q.AsOf, translate(err))
	}
	// Not joined to each of thousands of pieces: they have few owners.
	names, err := s.names(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the names of owners: %w", translate(err))
	}
	for i := range pieces {
		pieces[i].OwnerName = names[pieces[i].OwnerID]
	}
	return pieces, nil
}

// usedPieces reads what was published, the pieces and their totals side by side, each in one go, and puts them together.
func (s *Store) usedPieces(ctx context.Context, q UsedPiecesQuery) ([]UsedPiece, error) {
	var published map[uuid.UUID]publication
	var pieces []UsedPiece
	var totals windowTotals
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		published, err = s.publishedAt(inner, q.AsOf)
		return err
	})
	group.Go(func() (err error) {
		pieces, err = s.piecesOf(inner, q.Person)
		return err
	})
	group.Go(func() (err error) {
		totals, err = s.windowTotals(inner, q.From, q.To)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	pieces = slices.DeleteFunc(pieces, func(p UsedPiece) bool { return published[p.AssetID].version == uuid.Nil })
	versions := make([]uuid.UUID, len(pieces))
	for i, p := range pieces {
		versions[i] = published[p.AssetID].version
	}
	stages, err := s.knownStages.of(ctx, s, versions)
	if err != nil {
		return nil, err
	}
	for i := range pieces {
		p := &pieces[i]
		p.publish(published[p.AssetID], stages[versions[i]])
		if err := p.count(totals); err != nil {
			return nil, err
		}
	}
	return pieces, nil
}

// names returns the name of every person.
func (s *Store) names(ctx context.Context) (map[uuid.UUID]string, error) {
	var people []struct {
		ID   uuid.UUID
		Name string
	}
	if err := s.reader(ctx).Raw("SELECT id, name FROM users").Scan(&people).Error; err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(people))
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, nil
}

// count fills in what happened within the window.
func (p *UsedPiece) count(t windowTotals) error {
	end, err := totalsOrNone(t.end[p.AssetID])
	if err != nil {
		return err
	}
	before, err := totalsOrNone(t.before[p.AssetID])
	if err != nil {
		return err
	}
	p.Found, p.Opened = end.counts[0]-before.counts[0], end.counts[1]-before.counts[1]
	p.Taken, p.Used = end.counts[2]-before.counts[2], end.counts[3]-before.counts[3]
	p.Engaged = end.counts[4] - before.counts[4]
	p.LastUsedOn = end.lastUsedOn
	return nil
}

// totals is a row of usage_totals.
type totals struct {
	day        string
	counts     [5]int64 // found, opened, taken, used, engaged
	lastUsedOn string
}

// totalsOrNone reads usage_totals.as_text; no text is no uses.
func totalsOrNone(text string) (totals, error) {
	if text == "" {
		return totals{}, nil
	}
	return readTotals(text)
}

// readTotals reads usage_totals.as_text, or usage_latest.totals, which are the same: "day found opened taken used engaged day-of-the-last-use".
func readTotals(text string) (t totals, err error) {
	day, rest, _ := strings.Cut(text, " ")
	t.day = day
	for i := range t.counts {
		end := 0
		for ; end < len(rest) && '0' <= rest[end] && rest[end] <= '9'; end++ {
			t.counts[i] = 10*t.counts[i] + int64(rest[end]-'0')
		}
		if end == 0 || end == len(rest) || rest[end] != ' ' {
			return t, fmt.Errorf("totals %q are not as the database writes them", text)
		}
		rest = rest[end+1:]
	}
	t.lastUsedOn = rest
	return t, nil
}
