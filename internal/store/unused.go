package store

import (
	"context"
	"database/sql"
	_ "embed" // the report's SQL
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"collateral/internal/collateral"
)

//go:embed unused.sql
var unusedSQL string

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

// usedPieces reads the pieces in two halves side by side: seeking the rows of thousands of pieces keeps one processor
// busy nearly all of the time. All that concerns one piece is read by one statement.
func (s *Store) usedPieces(ctx context.Context, q UsedPiecesQuery) ([]UsedPiece, error) {
	var halves [2][]UsedPiece
	group, ctx := errgroup.WithContext(ctx)
	for half := range halves {
		group.Go(func() (err error) {
			halves[half], err = s.halfOfUsedPieces(ctx, q, half)
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(halves[:]...), err
}

func (s *Store) halfOfUsedPieces(ctx context.Context, q UsedPiecesQuery, half int) ([]UsedPiece, error) {
	rows, err := s.reader(ctx).Raw(unusedSQL, map[string]any{
		"as_of": q.AsOf, "from": q.From, "to": q.To, "all": q.Person == uuid.Nil, "person": q.Person, "half": half,
	}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var pieces []UsedPiece
	seen := make(map[uuid.UUID]int)
	for rows.Next() {
		p, err := scanUsedPiece(rows)
		if err != nil {
			return nil, err
		}
		if at, again := seen[p.AssetID]; again {
			pieces[at].OtherStages = append(pieces[at].OtherStages, p.OtherStages...)
			continue
		}
		seen[p.AssetID] = len(pieces)
		pieces = append(pieces, p)
	}
	return pieces, translate(rows.Err())
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

func scanUsedPiece(rows *sql.Rows) (p UsedPiece, err error) {
	var amount, currency, atEnd, atStart sql.NullString
	var otherStage uuid.NullUUID
	err = rows.Scan(&p.AssetID, &p.Title, &p.Type, &p.OwnerID, &amount, &currency, &p.FirstPublishedOn,
		&p.StageID, &otherStage, &atEnd, &atStart)
	if err != nil {
		return p, err
	}
	if amount.Valid {
		p.Cost = &collateral.Cost{Amount: amount.String, Currency: currency.String}
	}
	if otherStage.Valid {
		p.OtherStages = []uuid.UUID{otherStage.UUID}
	}
	end, err := totalsOrNone(atEnd)
	if err != nil {
		return p, err
	}
	start, err := totalsOrNone(atStart)
	if err != nil {
		return p, err
	}
	p.Found, p.Opened = end.counts[0]-start.counts[0], end.counts[1]-start.counts[1]
	p.Taken, p.Used = end.counts[2]-start.counts[2], end.counts[3]-start.counts[3]
	p.Engaged = end.counts[4] - start.counts[4]
	p.LastUsedOn = end.lastUsedOn
	return p, nil
}

// totals is a row of usage_totals.
type totals struct {
	day        string
	counts     [5]int64 // found, opened, taken, used, engaged
	lastUsedOn string
}

// totalsOrNone reads usage_totals.as_text; no row is no uses.
func totalsOrNone(text sql.NullString) (totals, error) {
	if !text.Valid {
		return totals{}, nil
	}
	return readTotals(text.String)
}

// readTotals reads usage_totals.as_text: "day found opened taken used engaged day-of-the-last-use".
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
