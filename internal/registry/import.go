package registry

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Library is what is brought in together: a CSV with a row per piece and, where they are at hand, the files that it names.
type Library struct {
	Name  string // of the batch that it becomes
	CSV   []byte
	Files fs.FS // nil when the files are sent later
}

// Plan is what bringing a library in would do. With any fault nothing of it is done.
type Plan struct {
	Format     string // how the CSV was read, in words
	Rows       int
	Links      int // of the rows
	Known      int // rows whose pieces were made before
	Incomplete int // rows whose pieces will lack something to be submitted
	Faults     []collateral.RowFault
	Warnings   []collateral.RowFault

	rows []plannedRow
}

type plannedRow struct {
	line int
	collateral.ImportRow
}

// err is the refusal of a library with faults, each at /csv/LINE/COLUMN.
func (p *Plan) err() error {
	var f collateral.Faults
	for _, fault := range p.Faults {
		pointer := "/csv"
		if fault.Line > 0 {
			pointer += fmt.Sprintf("/%d", fault.Line)
		}
		if fault.Column != "" {
			pointer += "/" + fault.Column
		}
		f.Add(pointer, "%s", fault.Detail)
	}
	return f.Err("The library cannot be brought in: its CSV has faults, and nothing was done.")
}

// PlanImport looks at a library without doing anything.
func (r *Registry) PlanImport(ctx context.Context, actor collateral.Actor, lib Library) (*Plan, error) {
	if err := collateral.CanImport(actor); err != nil {
		return nil, err
	}
	if err := collateral.CheckBatchName("/name", lib.Name); err != nil {
		return nil, err
	}
	plan, err := r.checkLibrary(ctx, r.Store, actor, lib)
	if err != nil {
		return nil, err
	}
	before, err := r.Store.BatchNamed(ctx, actor.UserID, lib.Name)
	if err != nil || before == nil {
		return plan, err
	}
	items, err := r.Store.AllBatchItems(ctx, before.ID)
	if err != nil {
		return nil, err
	}
	plan.merge(before.ID, items)
	return plan, nil
}

// StartImport makes a batch of a library's rows, which then await their files; made is false when the actor has a batch of
// this name already: that one goes on. Rows are known by their file or address. A row that was changed since is taken as
// it is now while it awaits its file; afterwards the piece keeps what it has. The plan's warnings say so.
func (r *Registry) StartImport(ctx context.Context, actor collateral.Actor, lib Library) (batch *collateral.Batch, plan *Plan, made bool, err error) {
	plan, err = r.PlanImport(ctx, actor, lib)
	if err != nil {
		return nil, nil, false, err
	}
	if err := plan.err(); err != nil {
		return nil, plan, false, err
	}
	err = r.Store.Tx(ctx, func(tx *store.Store) error {
		asked := &collateral.Batch{ID: tx.NewID(), Name: lib.Name, MadeBy: actor.UserID, CreatedAt: tx.Now()}
		if batch, err = tx.OpenBatch(ctx, asked); err != nil {
			return err
		}
		made = batch.ID == asked.ID
		items, err := tx.AllBatchItems(ctx, batch.ID)
		if err != nil {
			return err
		}
		if err := plan.merge(batch.ID, items).write(ctx, tx); err != nil {
			return err
		}
		if made {
			return auditBatch(ctx, tx, actor, "batch.created", batch.ID)
		}
		return nil
	})
	if err != nil {
		return nil, plan, false, err
	}
	batch, err = r.Store.Batch(ctx, collateral.ScopeOf(actor), batch.ID)
	return batch, plan, made, err
}

func auditBatch(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, batch uuid.UUID) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "batch", SubjectID: batch.String()})
}
