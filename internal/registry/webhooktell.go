package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// told is the body of every webhook: what happened, when, and to what.
type told struct {
	Type      collateral.WebhookEvent `json:"type"`
	Timestamp time.Time               `json:"timestamp"`
	Data      any                     `json:"data"`
}

// toldAsset says what happened to a piece. It holds ids, and what everybody in the registry may see who may see the piece.
type toldAsset struct {
	AssetID     uuid.UUID           `json:"asset_id"`
	Title       string              `json:"title"`
	Type        string              `json:"type"`
	Version     int                 `json:"version"`
	VersionID   uuid.UUID           `json:"version_id"`
	Audience    collateral.Audience `json:"audience,omitempty"`    // as signed
	Stages      []string            `json:"stages,omitempty"`      // as signed, by key, the primary one first
	SubmittedBy uuid.UUID           `json:"submitted_by,omitzero"` // of review.waiting
	URL         string              `json:"url,omitempty"`         // of the piece's page, where --public-url is set
	ReviewURL   string              `json:"review_url,omitempty"`  // of the page where it is signed
}

// LinkOpened is what other systems are told of a link that a buyer has opened. It names nobody who opened it.
type LinkOpened struct {
	LinkID      uuid.UUID   `json:"link_id"`
	AssetIDs    []uuid.UUID `json:"asset_ids"`
	Opportunity string      `json:"opportunity,omitempty"`
	CreatedBy   uuid.UUID   `json:"created_by"` // who gave it to the buyer
	OpenedAt    time.Time   `json:"opened_at"`
	Opens       int         `json:"opens"` // so far, with this one
}

// TellLinkOpened tells other systems that a link was opened, as part of the transaction in which that is kept.
func (r *Registry) TellLinkOpened(ctx context.Context, tx *store.Store, link LinkOpened) error {
	return r.tellSystems(ctx, tx, collateral.WebhookLinkOpened, link)
}

// tellPublication tells other systems that a version of a piece was published or withdrawn.
func (r *Registry) tellPublication(ctx context.Context, tx *store.Store, event collateral.WebhookEvent, a *collateral.Asset, v *collateral.Version) error {
	about := r.toldAsset(a, v)
	about.Audience, about.Stages = v.Audience, stageKeys(v.Stages)
	return r.tellSystems(ctx, tx, event, about)
}

// tellWaiting tells other systems that a version waits for Sales.
func (r *Registry) tellWaiting(ctx context.Context, tx *store.Store, by uuid.UUID, a *collateral.Asset, v *collateral.Version) error {
	about := r.toldAsset(a, v)
	about.SubmittedBy = by
	if r.PublicURL != "" {
		about.URL, about.ReviewURL = "", fmt.Sprintf("%s/reviews/%s/%d", r.PublicURL, a.ID, v.N)
	}
	return r.tellSystems(ctx, tx, collateral.WebhookReviewWaiting, about)
}

func (r *Registry) toldAsset(a *collateral.Asset, v *collateral.Version) toldAsset {
	about := toldAsset{AssetID: a.ID, Title: a.Title, Type: string(a.Type), Version: v.N, VersionID: v.ID}
	if r.PublicURL != "" {
		about.URL = r.PublicURL + "/pieces/" + a.ID.String()
	}
	return about
}

func stageKeys(tags []collateral.StageTag) []string {
	var keys []string
	for _, t := range tags {
		if t.Primary {
			keys = append([]string{t.Stage}, keys...)
		} else {
			keys = append(keys, t.Stage)
		}
	}
	return keys
}

// tellSystems writes an event down for every webhook that is told of it, and asks for it to be sent, as part of the
// transaction of what happened.
func (r *Registry) tellSystems(ctx context.Context, tx *store.Store, event collateral.WebhookEvent, data any) error {
	if r.Hooks == nil {
		return nil
	}
	webhooks, err := tx.WebhooksTold(ctx, event)
	if err != nil || len(webhooks) == 0 {
		return err
	}
	for _, id := range webhooks {
		if _, err := tellSystem(ctx, tx, id, event, data); err != nil {
			return err
		}
	}
	return nil
}

// tellSystem is tellSystems for one webhook.
func tellSystem(ctx context.Context, tx *store.Store, webhook uuid.UUID, event collateral.WebhookEvent, data any) (*collateral.Delivery, error) {
	now := tx.Now()
	body, err := json.Marshal(told{Type: event, Timestamp: now, Data: data})
	if err != nil {
		return nil, fmt.Errorf("writing down %s: %w", event, err)
	}
	d := &collateral.Delivery{
		ID: tx.NewID(), WebhookID: webhook, Event: event, Body: string(body), At: now, State: collateral.DeliveryWaiting, NextAt: &now,
	}
	if err := tx.AddDelivery(ctx, d); err != nil {
		return nil, err
	}
	return d, tx.Enqueue(ctx, JobWebhook, d.ID)
}
