// Package upkeep holds the use cases on the machine behind the registry: which engines answer, how far the search index is
// behind, what work waits, and what was given up and may be tried again. They are for admins. The package knows no engine by
// name: whoever puts the program together says how they are asked.
package upkeep

import (
	"context"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// Upkeep runs the use cases. Every field is needed.
type Upkeep struct {
	Store    *store.Store
	Registry *registry.Registry
	Version  string // of the program
	// Engines asks every engine behind the registry whether it does its work, all at the same time and not for long.
	Engines func(context.Context) []Engine
	// CompareJob is the kind of work that mends what differs between database and search index; its key is uuid.Nil.
	CompareJob string
}

// Engine is a part behind the registry, as this process sees it.
type Engine struct {
	Part  string    // "database", "files" or "search"
	Kind  string    // such as SQLite
	Fault string    // a sentence; empty while it answers
	Since time.Time // when this process first saw it so
	Free  *int64    // bytes that are free where it writes; nil where that is not known
}

// State is what is known of the machine at one moment.
type State struct {
	At            time.Time
	Version       string
	Engines       []Engine
	DatabaseBytes int64
	Jobs          []Work // by kind and state
	Dead          []DeadJob
	// Differences is how many published pieces the search index does not hold as they are, or holds and should not; nil
	// when it does not answer.
	Differences *int
}

// Work is how many jobs of a kind are in a state, and when the oldest of them was asked for.
type Work = store.JobCount

// DeadJob is work that was given up.
type DeadJob = store.DeadJob

// MaxDead bounds the dead jobs of a State: the oldest are told.
const MaxDead = 100

// compareTime bounds the look at all that the index holds.
const compareTime = 10 * time.Second

// State looks at everything. Admins only.
func (u *Upkeep) State(ctx context.Context, actor collateral.Actor) (State, error) {
	if err := adminOnly(actor); err != nil {
		return State{}, err
	}
	state := State{At: u.Store.Now(), Version: u.Version, Engines: u.Engines(ctx), Differences: u.differences(ctx)}
	var err error
	if state.DatabaseBytes, err = u.Store.Size(ctx); err != nil {
		return State{}, err
	}
	if state.Jobs, err = u.Store.JobCounts(ctx); err != nil {
		return State{}, err
	}
	sortWork(state.Jobs)
	state.Dead, err = u.Store.DeadJobs(ctx, MaxDead)
	return state, err
}

// differences counts what differs between database and index; nil when that cannot be told now.
func (u *Upkeep) differences(ctx context.Context) *int {
	ctx, cancel := context.WithTimeout(ctx, compareTime)
	defer cancel()
	differ, err := u.Registry.Differences(ctx)
	if err != nil {
		u.Registry.Log.Warn("database and search index cannot be compared", "error", err)
		return nil
	}
	n := len(differ)
	return &n
}

// RetryJob has work that was given up tried again, with all its attempts. Admins only.
func (u *Upkeep) RetryJob(ctx context.Context, actor collateral.Actor, id uuid.UUID) error {
	if err := adminOnly(actor); err != nil {
		return err
	}
	return u.Store.Tx(ctx, func(tx *store.Store) error {
		job, was, err := tx.ReviveJob(ctx, id)
		if err != nil {
			return err
		}
		if !was {
			return collateral.Errorf(collateral.NotFound, "There is no such job among those that were given up. It may be tried again already.")
		}
		return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: "job.retried", SubjectKind: "job", SubjectID: id.String(), Detail: job.Kind})
	})
}

// Compare has database and search index compared, and what differs mended, by work in the background. Admins only.
func (u *Upkeep) Compare(ctx context.Context, actor collateral.Actor) error {
	if err := adminOnly(actor); err != nil {
		return err
	}
	return u.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.Enqueue(ctx, u.CompareJob, uuid.Nil); err != nil {
			return err
		}
		return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: "index.compared", SubjectKind: "index", SubjectID: "search"})
	})
}

func adminOnly(actor collateral.Actor) error {
	if !actor.Is(collateral.Admin) {
		return collateral.Errorf(collateral.Forbidden, "Only admins look after the machine.")
	}
	return nil
}
