package store

import (
	"context"
	"database/sql"
	_ "embed" // the report's SQL
	"fmt"
	"slices"
	"strconv"
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
	end, lastUsedOn, err := readTotals(atEnd)
	if err != nil {
		return p, err
	}
	start, _, err := readTotals(atStart)
	if err != nil {
		return p, err
	}
	p.Found, p.Opened, p.Taken, p.Used = end[0]-start[0], end[1]-start[1], end[2]-start[2], end[3]-start[3]
	p.LastUsedOn = lastUsedOn
	return p, nil
}

// readTotals reads usage_totals.as_text; no row is no uses.
func readTotals(text sql.NullString) (counts [4]int64, lastUsedOn string, err error) {
	if !text.Valid {
		return counts, "", nil
	}
	rest := text.String
	for i := range counts {
		var digits string
		digits, rest, _ = strings.Cut(rest, " ")
		if counts[i], err = strconv.ParseInt(digits, 10, 64); err != nil {
			return counts, "", fmt.Errorf("totals %q: %w", text.String, err)
		}
	}
	return counts, rest, nil
}
