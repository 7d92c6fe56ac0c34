package api

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"collateral/internal/collateral"
)

// assetAnswer answers with one piece and its revision as ETag.
func (s *server) assetAnswer(ctx context.Context, a *collateral.Asset, warnings []string) (AssetJSONResponse, error) {
	answers, err := s.assetAnswers(ctx, []*collateral.Asset{a})
	if err != nil {
		return AssetJSONResponse{}, err
	}
	answers[0].Warnings = warnings
	return AssetJSONResponse{Body: answers[0], Headers: AssetResponseHeaders{ETag: revisionTag(a.Revision)}}, nil
}

func (s *server) assetAnswers(ctx context.Context, assets []*collateral.Asset) ([]Asset, error) {
	names, err := s.names(ctx, each(assets, func(a *collateral.Asset) uuid.UUID { return a.OwnerID }))
	if err != nil {
		return nil, err
	}
	today := s.now().Format(time.DateOnly)
	return each(assets, func(a *collateral.Asset) Asset { return assetJSON(a, names[a.OwnerID], today) }), nil
}

// assetJSON writes a piece as the contract does. Past its review date, as of today, it is stale.
func assetJSON(a *collateral.Asset, ownerName, today string) Asset {
	answer := Asset{
		ID: a.ID, State: AssetState(a.State()), Revision: a.Revision,
		Owner: a.OwnerID, OwnerName: ownerName, Coauthors: each(a.Coauthors, func(id uuid.UUID) ID { return id }),
		Title: a.Title, Summary: a.Summary, Type: AssetType(a.Type), Audience: Audience(a.Audience),
		Stages: each(a.Stages, tagAnswer), Personas: words[string](a.Personas),
		Industries: words[string](a.Industries), Products: words[string](a.Products),
		Language: orNull(a.Language), ReviewBy: orNull(a.ReviewBy), Stale: a.ReviewBy != "" && a.ReviewBy < today,
		Cost: costAnswer(a.Cost), PendingVersion: orNull(a.Pending()),
		NewestVersion: orNull(0), PublishedVersion: orNull(0), PublishedAt: deref[time.Time](nil),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
	if a.Newest != nil {
		answer.NewestVersion = orNull(a.Newest.N)
	}
	if a.Publication != nil {
		answer.PublishedVersion = orNull(a.Publication.VersionN)
		answer.PublishedAt = deref(&a.Publication.PublishedAt)
	}
	return answer
}

func tagAnswer(t collateral.StageTag) AssetStage {
	return AssetStage{Stage: t.Stage, Role: t.Role, Primary: t.Primary}
}

func tagOf(t StageTag) collateral.StageTag {
	return collateral.StageTag{Stage: t.Stage, Role: t.Role, Primary: t.Primary}
}

func costAnswer(c *collateral.Cost) nullable.Nullable[Cost] {
	if c == nil {
		return nullable.NewNullNullable[Cost]()
	}
	return nullable.NewNullableWithValue(Cost{Amount: json.Number(c.Amount), Currency: c.Currency})
}

func costOf(c nullable.Nullable[Cost]) *collateral.Cost {
	if !c.IsSpecified() || c.IsNull() {
		return nil
	}
	given := c.MustGet()
	return &collateral.Cost{Amount: given.Amount.String(), Currency: given.Currency}
}

// applyPatch changes what the patch holds: null clears, what is absent stays.
func applyPatch(d *collateral.Details, p *AssetPatch) {
	if p.Title != "" {
		d.Title = p.Title
	}
	if p.Type != "" {
		d.Type = collateral.Type(p.Type)
	}
	if p.Audience != "" {
		d.Audience = collateral.Audience(p.Audience)
	}
	patch(&d.Summary, p.Summary)
	patch(&d.Personas, p.Personas)
	patch(&d.Industries, p.Industries)
	patch(&d.Products, p.Products)
	patch(&d.Language, p.Language)
	patch(&d.ReviewBy, p.ReviewBy)
	if p.Stages.IsSpecified() {
		d.Stages = each(orZero(p.Stages), tagOf)
	}
	if p.Cost.IsSpecified() {
		d.Cost = costOf(p.Cost)
	}
}

// patch sets a field from a value, or clears it with null.
func patch[T any](field *T, value nullable.Nullable[T]) {
	if value.IsSpecified() {
		*field = orZero(value)
	}
}

func revisionTag(revision int64) string { return strconv.Quote(strconv.FormatInt(revision, 10)) }

// basedOn returns the revision that an If-Match header names, if it is the current one of the thing; nil without a header,
// which the use case refuses. A header may name several, or "*" for whichever is current (RFC 9110, section 13.1.1).
func basedOn(ifMatch, thing string, current func() (int64, error)) (*int64, error) {
	if ifMatch == "" {
		return nil, nil
	}
	revision, err := current()
	if err != nil {
		return nil, err
	}
	tags := strings.Split(ifMatch, ",")
	named := slices.ContainsFunc(tags, func(tag string) bool {
		tag = strings.TrimSpace(tag)
		return tag == "*" || tag == revisionTag(revision)
	})
	if !named {
		return nil, collateral.Errorf(collateral.Stale, "The %s was changed since you read it. Read it again, and send its ETag as If-Match.", thing)
	}
	return &revision, nil
}
