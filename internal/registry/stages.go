package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// StageChange is what a leader says of a buying stage; nil leaves a part as it is.
type StageChange struct {
	Key        *string // renames the key
	Name       *string
	Position   *int // among the stages in use, from 1; the others make room
	AlwaysOn   *bool
	Questions  *[]string
	Milestones *[]string

	New   bool   // refuse a key that a stage has already
	Based string // the Mark of the stage that the change is based on; any when empty
}

// Stages returns the buying stages in use, in their order.
func (r *Registry) Stages(ctx context.Context) ([]collateral.Stage, error) {
	return r.Store.Stages(ctx, false)
}

// StageTags is how many pieces carry a stage.
type StageTags struct {
	Pieces    int // whose next version carries it
	Published int // whose published version does, also by a stage that was merged into it
}

// StageTags counts the pieces at the stage with the key, which is in use.
func (r *Registry) StageTags(ctx context.Context, key string) (StageTags, error) {
	stages, err := r.Store.Stages(ctx, false)
	if err != nil {
		return StageTags{}, err
	}
	at := slices.IndexFunc(stages, func(s collateral.Stage) bool { return s.Key == key })
	if at < 0 {
		return StageTags{}, collateral.Errorf(collateral.NotFound, "%s", unknownStage(key, stages))
	}
	pieces, err := r.Store.CountTagged(ctx, stages[at].ID)
	if err != nil {
		return StageTags{}, err
	}
	published, err := r.Store.AssetsAtStage(ctx, stages[at].ID)
	return StageTags{Pieces: pieces, Published: len(published)}, err
}

// PutStage changes the stage with the key, or makes one. Tags hang on the stage and not on its names, so renaming
// orphans none.
func (r *Registry) PutStage(ctx context.Context, actor collateral.Actor, key string, change StageChange) (*collateral.Stage, error) {
	var put collateral.Stage
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockStages(ctx); err != nil {
			return err
		}
		all, err := tx.Stages(ctx, true)
		if err != nil {
			return err
		}
		put = stageToPut(all, key, tx.NewID)
		if put.RetiredAt != nil {
			return collateral.Errorf(collateral.Conflict, "The stage %q was merged into another and its key stays taken. Choose another key.", key)
		}
		if err := change.fits(all, put); err != nil {
			return err
		}
		change.apply(&put)
		put = put.Normal()
		if err := put.Check(); err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(s collateral.Stage) bool { return s.Key == put.Key && s.ID != put.ID }) {
			return keyTaken()
		}
		if put.Position, err = reorder(ctx, tx, all, put); err != nil {
			return err
		}
		if err := tx.PutStage(ctx, &put); err != nil {
			return err
		}
		if err := auditStage(ctx, tx, actor, "stage.changed", put.ID, ""); err != nil {
			return err
		}
		return reindexStage(ctx, tx, put.ID)
	})
	return &put, err
}

// RetireStage merges a stage into another: tags move over, and what Sales signed is shown under the other one.
func (r *Registry) RetireStage(ctx context.Context, actor collateral.Actor, key, into string) (*collateral.Stage, error) {
	var kept collateral.Stage
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockStages(ctx); err != nil {
			return err
		}
		stages, err := tx.Stages(ctx, false)
		if err != nil {
			return err
		}
		from := slices.IndexFunc(stages, func(s collateral.Stage) bool { return s.Key == key })
		to := slices.IndexFunc(stages, func(s collateral.Stage) bool { return s.Key == into })
		switch {
		case from < 0:
			return collateral.Errorf(collateral.NotFound, "There is no buying stage %q in use.", key)
		case to < 0:
			return collateral.Fault("/into", "There is no buying stage %q in use.", into)
		case from == to:
			return collateral.Fault("/into", "A stage cannot be merged into itself. Name the one that takes over.")
		}
		kept = stages[to]
		if err := tx.RetireStage(ctx, stages[from].ID, kept.ID, tx.Now()); err != nil {
			return err
		}
		if err := auditStage(ctx, tx, actor, "stage.retired", stages[from].ID, kept.ID.String()); err != nil {
			return err
		}
		return reindexStage(ctx, tx, kept.ID)
	})
	return &kept, err
}

// unknownStage says that no stage has the key, and which keys there are.
func unknownStage(key string, stages []collateral.Stage) string {
	var known []string
	for _, s := range stages {
		if s.RetiredAt == nil {
			known = append(known, s.Key)
		}
	}
	return fmt.Sprintf("There is no buying stage %q. The stages are %s.", key, strings.Join(known, ", "))
}

// stageToPut returns the stage with the key, or a new one behind the others.
func stageToPut(all []collateral.Stage, key string, newID func() uuid.UUID) collateral.Stage {
	last := 0
	for _, s := range all {
		if s.Key == key {
			return s
		}
		if s.RetiredAt == nil {
			last = max(last, s.Position)
		}
	}
	return collateral.Stage{ID: newID(), Key: key, Position: last + 1}
}

// fits refuses a change that is meant for another stage than the one that is there.
func (c StageChange) fits(all []collateral.Stage, put collateral.Stage) error {
	known := slices.ContainsFunc(all, func(s collateral.Stage) bool { return s.ID == put.ID })
	switch {
	case c.New && known:
		return keyTaken()
	case c.Based != "" && !known:
		return collateral.Errorf(collateral.NotFound, "There is no buying stage %q any more: its key was changed, or it was merged into another.", put.Key)
	case c.Based != "" && c.Based != put.Mark():
		return collateral.Errorf(collateral.Stale, "Somebody changed this stage while you did. What it says now stands beside what you wrote; save again to replace it.")
	}
	return nil
}

func keyTaken() error {
	return &collateral.Error{Kind: collateral.Conflict, Message: "The key is taken by another stage.",
		Fields: []collateral.Field{{Pointer: "/key", Detail: "This key is taken. Choose another."}}}
}

func (c StageChange) apply(s *collateral.Stage) {
	set(&s.Key, c.Key)
	set(&s.Name, c.Name)
	set(&s.Position, c.Position)
	set(&s.AlwaysOn, c.AlwaysOn)
	set(&s.Questions, c.Questions)
	set(&s.Milestones, c.Milestones)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// reorder numbers the stages in use from 1 with put at its place, and returns that place.
func reorder(ctx context.Context, tx *store.Store, all []collateral.Stage, put collateral.Stage) (int, error) {
	var others []collateral.Stage
	for _, s := range all {
		if s.RetiredAt == nil && s.ID != put.ID {
			others = append(others, s)
		}
	}
	at := min(put.Position, len(others)+1)
	for i, s := range others {
		position := i + 1
		if position >= at {
			position++
		}
		if position == s.Position {
			continue
		}
		if err := tx.SetStagePosition(ctx, s.ID, position); err != nil {
			return 0, err
		}
	}
	return at, nil
}

func reindexStage(ctx context.Context, tx *store.Store, stage uuid.UUID) error {
	ids, err := tx.AssetsAtStage(ctx, stage)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, JobIndex, ids...)
}

func auditStage(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, stage uuid.UUID, detail string) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "stage", SubjectID: stage.String(), Detail: detail})
}
