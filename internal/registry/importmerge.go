package registry

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// merged is how the rows of a batch change when its library is read again.
type merged struct {
	batch   uuid.UUID
	added   []collateral.BatchItem
	changed []collateral.BatchItem
	dropped []int // numbers
}

// merge compares the plan with the rows that the batch has, and notes in the plan what somebody should know of it.
func (p *Plan) merge(batch uuid.UUID, items []*collateral.BatchItem) merged {
	m := merged{batch: batch}
	before := make(map[string]*collateral.BatchItem, len(items))
	last := 0
	for _, i := range items {
		before[i.Source] = i
		last = max(last, i.N)
	}
	p.Known, p.Warnings = 0, nil
	for _, row := range p.rows {
		old := before[row.Source()]
		delete(before, row.Source())
		if old == nil {
			last++
			m.added = append(m.added, collateral.NewBatchItem(batch, last, row.line, row.ImportRow))
			continue
		}
		now := collateral.NewBatchItem(batch, old.N, row.line, row.ImportRow)
		switch same := now.Digest == old.Digest; {
		case old.ImportedAt != nil:
			p.Known++
			if !same {
				p.warn(row.line, "The row was changed since its piece was made, and the piece keeps what it has. Change the piece instead.")
			}
		case !same:
			p.warn(row.line, "The row was changed since it was first read, and is taken as it is now.")
			m.changed = append(m.changed, now)
		case now.Line != old.Line:
			m.changed = append(m.changed, now)
		}
	}
	p.left(&m, before)
	return m
}

// left looks at rows that the batch has and the CSV has no longer.
func (p *Plan) left(m *merged, rows map[string]*collateral.BatchItem) {
	made := 0
	for _, i := range rows {
		if i.ImportedAt != nil {
			made++
			continue
		}
		m.dropped = append(m.dropped, i.N)
	}
	if n := len(m.dropped); n > 0 {
		p.warn(0, fmt.Sprintf("Rows that are no longer in the CSV, and have no piece yet: %d. They leave the batch.", n))
	}
	if made > 0 {
		p.warn(0, fmt.Sprintf("Rows that are no longer in the CSV, and have their pieces: %d. The pieces stay.", made))
	}
}

func (p *Plan) warn(line int, detail string) {
	p.Warnings = append(p.Warnings, collateral.RowFault{Line: line, Detail: detail})
}

func (m merged) write(ctx context.Context, tx *store.Store) error {
	for _, n := range m.dropped {
		if err := tx.DropBatchItem(ctx, m.batch, n); err != nil {
			return err
		}
	}
	for _, i := range m.changed {
		if err := tx.ChangeBatchItem(ctx, i); err != nil {
			return err
		}
	}
	return tx.AddBatchItems(ctx, m.added)
}
