package registry

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Batch returns a batch with its progress. Its maker and admins see it.
func (r *Registry) Batch(ctx context.Context, actor collateral.Actor, id uuid.UUID) (*collateral.Batch, error) {
	return r.Store.Batch(ctx, collateral.ScopeOf(actor), id)
}

// Batches returns one page of the batches that the actor may see, the newest first, and the next page's cursor.
func (r *Registry) Batches(ctx context.Context, actor collateral.Actor, paging collateral.Paging) ([]*collateral.Batch, string, error) {
	return r.Store.Batches(ctx, collateral.ScopeOf(actor), paging)
}

// BatchItem is a row of a batch with what its piece lacks to be submitted.
type BatchItem struct {
	*collateral.BatchItem
	Missing []collateral.Field
}

// BatchItems returns one page of a batch's rows and the next page's cursor; with states, only rows that stand there.
func (r *Registry) BatchItems(ctx context.Context, actor collateral.Actor, batch uuid.UUID, states []collateral.ItemState, paging collateral.Paging) ([]BatchItem, string, error) {
	if _, err := r.Batch(ctx, actor, batch); err != nil {
		return nil, "", err
	}
	rows, next, err := r.Store.BatchItems(ctx, collateral.ScopeOf(actor), batch, states, paging)
	if err != nil {
		return nil, "", err
	}
	items := make([]BatchItem, len(rows))
	for i, row := range rows {
		items[i] = newBatchItem(row)
	}
	return items, next, nil
}

func newBatchItem(row *collateral.BatchItem) BatchItem {
	item := BatchItem{BatchItem: row}
	if row.Asset != nil && row.State == collateral.ItemIncomplete {
		item.Missing = missing(collateral.CanSubmit(row.Asset))
	}
	return item
}

// withPiece is a row whose piece was just made or met.
func (r *Registry) withPiece(ctx context.Context, actor collateral.Actor, row *collateral.BatchItem) (BatchItem, error) {
	if err := r.Store.FillBatchItems(ctx, collateral.ScopeOf(actor), []*collateral.BatchItem{row}); err != nil {
		return BatchItem{}, err
	}
	return newBatchItem(row), nil
}

// missing lists what a refusal says of a piece.
func missing(err error) []collateral.Field {
	e, ok := errors.AsType[*collateral.Error](err)
	switch {
	case !ok:
		return nil
	case len(e.Fields) == 0:
		return []collateral.Field{{Pointer: "", Detail: e.Message}}
	}
	return e.Fields
}

// Submission is what became of a row when its batch was submitted.
type Submission struct {
	BatchItem
	Submitted bool // now
	Warnings  []string
}

// SubmitBatch submits the complete drafts among one page of a batch's rows, each by itself, and says of the other rows
// what they lack. It returns the next page's cursor. Calling it again submits what has become complete since.
func (r *Registry) SubmitBatch(ctx context.Context, actor collateral.Actor, batch uuid.UUID, paging collateral.Paging) ([]Submission, string, error) {
	items, next, err := r.BatchItems(ctx, actor, batch, nil, paging)
	if err != nil {
		return nil, "", err
	}
	done := make([]Submission, len(items))
	for i, item := range items {
		done[i] = Submission{BatchItem: item}
		if item.State != collateral.ItemDraft {
			continue
		}
		a, warnings, err := r.submitItem(ctx, actor, item.BatchItem)
		if e, ok := errors.AsType[*collateral.Error](err); ok && e.Kind != collateral.Unavailable {
			done[i].Missing = missing(err)
			continue
		}
		if err != nil {
			return nil, "", err
		}
		submitted := *item.BatchItem
		submitted.Asset, submitted.State = a, collateral.ItemStateOf(a)
		done[i] = Submission{BatchItem: BatchItem{BatchItem: &submitted}, Submitted: true, Warnings: warnings}
	}
	return done, next, nil
}

// submitItem is Submit for a row of a batch, whose pieces an admin submits for their owners.
func (r *Registry) submitItem(ctx context.Context, actor collateral.Actor, item *collateral.BatchItem) (*collateral.Asset, []string, error) {
	return r.submit(ctx, actor, item.AssetID, func(actor collateral.Actor, a *collateral.Asset) error {
		return collateral.CanSubmitItem(actor, item, a)
	})
}
