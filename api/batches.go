package api

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) ListBatches(ctx context.Context, r ListBatchesRequestObject) (ListBatchesResponseObject, error) {
	batches, next, err := s.registry.Batches(ctx, httpd.CallOf(ctx).Actor, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return ListBatches200JSONResponse{Items: each(batches, batchAnswer), NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateBatch(ctx context.Context, r CreateBatchRequestObject) (CreateBatchResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	lib, err := readLibrary(r.Body)
	if err != nil {
		return nil, err
	}
	if r.Params.DryRun {
		plan, err := s.registry.PlanImport(ctx, actor, lib)
		if err != nil {
			return nil, err
		}
		return CreateBatch200JSONResponse(planAnswer(plan, nil)), nil
	}
	batch, plan, made, err := s.registry.StartImport(ctx, actor, lib)
	if err != nil {
		return nil, err
	}
	// Links have all they need.
	done, err := s.registry.ImportFiles(ctx, actor, batch, nil, func(registry.Imported) {})
	if err != nil {
		return nil, err
	}
	if batch, err = s.registry.Batch(ctx, actor, batch.ID); err != nil {
		return nil, err
	}
	plan.Warnings = append(plan.Warnings, done.Faults...)
	answer := planAnswer(plan, batch)
	if !made {
		return CreateBatch200JSONResponse(answer), nil
	}
	return CreateBatch201JSONResponse{Body: answer, Headers: CreateBatch201ResponseHeaders{Location: BasePath + "/batches/" + batch.ID.String()}}, nil
}

func (s *server) GetBatch(ctx context.Context, r GetBatchRequestObject) (GetBatchResponseObject, error) {
	batch, err := s.registry.Batch(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return GetBatch200JSONResponse(batchAnswer(batch)), nil
}

func (s *server) ListBatchItems(ctx context.Context, r ListBatchItemsRequestObject) (ListBatchItemsResponseObject, error) {
	p := r.Params
	items, next, err := s.registry.BatchItems(ctx, httpd.CallOf(ctx).Actor, r.ID, words[collateral.ItemState](p.State), paging(p.Limit, p.Cursor))
	if err != nil {
		return nil, err
	}
	return ListBatchItems200JSONResponse{Items: each(items, batchItemAnswer), NextCursor: nextCursor(next)}, nil
}

func (s *server) PutBatchFile(ctx context.Context, r PutBatchFileRequestObject) (PutBatchFileResponseObject, error) {
	call := httpd.CallOf(ctx)
	if limit := s.registry.MaxUpload; call.Request.ContentLength > limit {
		return nil, collateral.FileTooLarge("", limit)
	}
	item, made, err := s.registry.ImportFile(ctx, call.Actor, r.ID, r.Params.Path, r.Body)
	if err != nil {
		return nil, err
	}
	if made {
		return PutBatchFile201JSONResponse(batchItemAnswer(item)), nil
	}
	return PutBatchFile200JSONResponse(batchItemAnswer(item)), nil
}

func (s *server) ListBatchDuplicates(ctx context.Context, r ListBatchDuplicatesRequestObject) (ListBatchDuplicatesResponseObject, error) {
	duplicates, unread, err := s.registry.Duplicates(ctx, httpd.CallOf(ctx).Actor, r.ID)
	if err != nil {
		return nil, err
	}
	return ListBatchDuplicates200JSONResponse{Unread: unread, Items: each(duplicates, func(d registry.Duplicate) Duplicate {
		return Duplicate{
			Line: d.Item.Line, Source: d.Item.Source, AssetID: d.Item.AssetID, OtherID: d.Other.ID, OtherTitle: d.Other.Title,
			SameBytes: d.Same, Likeness: float32(d.Likeness),
		}
	})}, nil
}

func (s *server) SubmitBatch(ctx context.Context, r SubmitBatchRequestObject) (SubmitBatchResponseObject, error) {
	rows, next, err := s.registry.SubmitBatch(ctx, httpd.CallOf(ctx).Actor, r.ID, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	answer := SubmitBatch200JSONResponse{NextCursor: nextCursor(next), Items: each(rows, func(row registry.Submission) SubmittedItem {
		return SubmittedItem{Item: batchItemAnswer(row.BatchItem), Submitted: row.Submitted, Warnings: row.Warnings}
	})}
	for _, row := range rows {
		if row.Submitted {
			answer.Submitted++
		}
	}
	return answer, nil
}

func batchAnswer(b *collateral.Batch) Batch {
	answer := Batch{ID: b.ID, Name: b.Name, MadeBy: b.MadeBy, CreatedAt: b.CreatedAt, Rows: b.Rows(), Progress: []BatchProgress{}}
	for _, state := range collateral.ItemStates() {
		if n := b.Counts[state]; n > 0 {
			answer.Progress = append(answer.Progress, BatchProgress{State: BatchItemState(state), Rows: n})
		}
	}
	return answer
}

func planAnswer(p *registry.Plan, b *collateral.Batch) ImportPlan {
	answer := ImportPlan{
		Batch: deref[Batch](nil), Format: p.Format, Rows: p.Rows, Links: p.Links, Known: p.Known, Incomplete: p.Incomplete,
		Faults: each(p.Faults, rowFaultAnswer), Warnings: each(p.Warnings, rowFaultAnswer),
	}
	if b != nil {
		batch := batchAnswer(b)
		answer.Batch = deref(&batch)
	}
	return answer
}

func rowFaultAnswer(f collateral.RowFault) RowFault {
	return RowFault{Line: f.Line, Column: f.Column, Detail: f.Detail}
}

func batchItemAnswer(i registry.BatchItem) BatchItem {
	answer := BatchItem{
		N: i.N, Line: i.Line, Source: i.Source, State: BatchItemState(i.State), AssetID: orNull[uuid.UUID](i.AssetID),
		Missing: each(i.Missing, func(f collateral.Field) ProblemField { return ProblemField{Pointer: f.Pointer, Detail: f.Detail} }),
	}
	if i.Asset != nil {
		answer.Title = i.Asset.Title
	}
	return answer
}
