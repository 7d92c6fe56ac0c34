package store

import (
	"context"
	_ "embed" // the report's SQL
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

//go:embed reviews_decided.sql
var decidedSQL string

//go:embed reviews_waiting.sql
var waitingSQL string

//go:embed reviews_due.sql
var dueSQL string

// ReviewedVersion is a version with what the report on sign-off asks of it. What it does not ask of all is zero elsewhere.
type ReviewedVersion struct {
	VersionID   uuid.UUID
	AssetID     uuid.UUID
	N           int
	Title       string
	Type        collateral.Type
	OwnerID     uuid.UUID
	StageID     uuid.UUID   // the primary one, as submitted
	OtherStages []uuid.UUID // as submitted
	Published   bool        // something of the piece is published now

	SubmittedAt    time.Time
	Decision       collateral.Decision
	Comment        string
	DecidedAt      time.Time
	DecisionBefore collateral.Decision // on the piece; empty for the first

	ReviewBy string // YYYY-MM-DD; empty when not said
}

// DecidedVersions returns the versions that were decided on between two times, both included, in no order: those of the pieces
// that the person owns or co-authors, uuid.Nil for all.
func (s *Store) DecidedVersions(ctx context.Context, person uuid.UUID, from, asOf time.Time) ([]ReviewedVersion, error) {
	versions, err := s.reviewedVersions(ctx, decidedSQL, person, map[string]any{"from": from, "as_of": asOf})
	if err != nil {
		return nil, fmt.Errorf("reading the decisions from %s to %s: %w", from, asOf, err)
	}
	return versions, nil
}

// VersionsWaitingAt returns the versions that were under review at a time, in no order, for a person as in DecidedVersions. A version
// that was taken back from review since is not among them.
func (s *Store) VersionsWaitingAt(ctx context.Context, person uuid.UUID, asOf time.Time) ([]ReviewedVersion, error) {
	versions, err := s.reviewedVersions(ctx, waitingSQL, person, map[string]any{"as_of": asOf})
	if err != nil {
		return nil, fmt.Errorf("reading what waited for review at %s: %w", asOf, err)
	}
	return versions, nil
}

// VersionsDue returns the versions published at a time whose piece has a review date up to the given day (YYYY-MM-DD), or is owned by
// one of the people, in no order; for a person as in DecidedVersions. Review dates and owners are those of today.
func (s *Store) VersionsDue(ctx context.Context, person uuid.UUID, asOf time.Time, until string, owners []uuid.UUID) ([]ReviewedVersion, error) {
	statement := strings.ReplaceAll(dueSQL, "{owned by one of them}", s.among("a.owner_id", "@owners"))
	versions, err := s.reviewedVersions(ctx, statement, person, map[string]any{"as_of": asOf, "until": until, "owners": s.idSet(owners)})
	if err != nil {
		return nil, fmt.Errorf("reading what is to be looked over until %s: %w", until, err)
	}
	return versions, nil
}

// reviewedVersions puts the rows of a version's stages together.
func (s *Store) reviewedVersions(ctx context.Context, statement string, person uuid.UUID, args map[string]any) ([]ReviewedVersion, error) {
	args["all"], args["person"] = person == uuid.Nil, person
	var rows []struct {
		VersionID, AssetID, OwnerID, StageID uuid.UUID
		N                                    int
		IsPrimary, Published                 bool
		Title, Type, ReviewBy                string
		Decision, DecisionBefore, Comment    string
		SubmittedAt, DecidedAt               time.Time
	}
	if err := s.reader(ctx).Raw(statement, args).Scan(&rows).Error; err != nil {
		return nil, translate(err)
	}
	var versions []ReviewedVersion
	at := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		i, seen := at[r.VersionID]
		if !seen {
			i, at[r.VersionID] = len(versions), len(versions)
			versions = append(versions, ReviewedVersion{
				VersionID: r.VersionID, AssetID: r.AssetID, N: r.N, Title: r.Title, Type: collateral.Type(r.Type), OwnerID: r.OwnerID, Published: r.Published, ReviewBy: r.ReviewBy,
				SubmittedAt: r.SubmittedAt.UTC(), Decision: collateral.Decision(r.Decision), Comment: r.Comment, DecidedAt: r.DecidedAt.UTC(),
				DecisionBefore: collateral.Decision(r.DecisionBefore),
			})
		}
		if r.IsPrimary {
			versions[i].StageID = r.StageID
		} else {
			versions[i].OtherStages = append(versions[i].OtherStages, r.StageID)
		}
	}
	return versions, nil
}

// MakersOf returns who had a hand in each of the versions, and so cannot sign it: contributors, uploader,
// owner and co-authors.
func (s *Store) MakersOf(ctx context.Context, versions []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	var rows []struct{ VersionID, UserID uuid.UUID }
	err := s.reader(ctx).Raw(`SELECT c.version_id, c.user_id FROM contributors c WHERE `+s.among("c.version_id", "@versions")+`
		UNION SELECT v.id, v.uploaded_by FROM versions v WHERE `+s.among("v.id", "@versions")+`
		UNION SELECT v.id, a.owner_id FROM versions v JOIN assets a ON a.id = v.asset_id WHERE `+s.among("v.id", "@versions")+`
		UNION SELECT v.id, c.user_id FROM versions v JOIN coauthors c ON c.asset_id = v.asset_id WHERE `+s.among("v.id", "@versions"),
		map[string]any{"versions": s.idSet(versions)}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading who made %d versions: %w", len(versions), translate(err))
	}
	makers := make(map[uuid.UUID][]uuid.UUID, len(versions))
	for _, r := range rows {
		makers[r.VersionID] = append(makers[r.VersionID], r.UserID)
	}
	return makers, nil
}
