package cli

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"collateral/internal/jobs"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// How often the chores come, and how far back they look.
const (
	choreInterval = time.Hour
	endInterval   = 5 * time.Minute // of ending visits of links, which tells their last verdict, and viewings
	daysBack      = 7               // days on which no server may have run; reindex makes up for more
	strayBlobAge  = 24 * time.Hour  // longer than any upload takes

	pictureAge = 90 * 24 * time.Hour // after which pictures of pages are made anew, if anybody still looks
)

// chorePrefix begins the kind of every job that is a chore.
const chorePrefix = "chore:"

// reconcile is the chore that an admin may ask for, too.
const (
	reconcileName  = "reconcile"
	choreReconcile = chorePrefix + reconcileName
)

// chores are what no change asks for. Each is a job that asks for itself again: so one server at a time does it, however
// many share the database, and another takes it over when that one is gone. The key is uuid.Nil.
func newChores(s *server) map[string]jobs.Handler {
	refresh := refresher{pieces: s.pieces}
	does := make(map[string]jobs.Handler)
	for name, do := range map[string]func(context.Context) error{
		"refresh-uses":    refresh.uses, // that order search results
		reconcileName:     s.reconcile,
		"sweep-blobs":     func(ctx context.Context) error { return s.pieces.SweepBlobs(ctx, strayBlobAge) },
		"forget-pictures": func(ctx context.Context) error { return s.pieces.ForgetPictures(ctx, pictureAge) },
		"count-queries":   s.pieces.CountPopularQueries,
		"tell-dates":      s.pieces.TellReviewDates,
		"forget-notices":  s.pieces.ForgetNotices,
		"forget-posts":    s.pieces.ForgetDeliveries,
		"forget-uses":     s.uses.Forget,
		"forget-sign-ins": s.people.Forget,
		"forget-links":    s.links.Forget,
	} {
		kind := chorePrefix + name
		does[kind] = again(s.engines.store, choreInterval, kind, do, s.log)
	}
	for name, end := range map[string]func(context.Context) error{
		"end-visits":   s.links.EndVisits,
		"end-viewings": s.uses.EndViewings,
	} {
		kind := chorePrefix + name
		does[kind] = again(s.engines.store, endInterval, kind, end, s.log)
	}
	return does
}

// again is do with a job for the next time, which is written before: however do ends, it comes again. A chore that fails
// waits for that time.
//
// Chores look through everything there is, and leave garbage of that size. As seldom as a server collects, it would have
// that memory for long, so it is given back at once.
func again(db *store.Store, interval time.Duration, kind string, do func(context.Context) error, log *slog.Logger) jobs.Handler {
	return func(ctx context.Context, key uuid.UUID) error {
		if err := db.EnqueueIn(ctx, interval, kind, key); err != nil {
			return fmt.Errorf("asking for the next %s: %w", kind, err)
		}
		defer debug.FreeOSMemory()
		if err := do(ctx); err != nil && ctx.Err() == nil {
			log.Error("a chore failed; it is tried again later", "kind", kind, "in", interval.String(), "error", err)
		}
		return ctx.Err()
	}
}

// manyDifferences is the number from which on the whole index is brought up to date at once, and not piece by piece.
const manyDifferences = 1000

// reconcile has the differences between database and search index mended. An index that is being filled differs in
// everything, and is left to the job that fills it.
func (s *server) reconcile(ctx context.Context) error {
	filling, err := s.engines.store.HasOpenJobs(ctx, []string{jobReindex})
	if err != nil || filling {
		return err
	}
	differ, err := s.pieces.Differences(ctx)
	if err != nil || len(differ) == 0 {
		return err
	}
	s.log.Info("the search index differs from the database; jobs mend it", "pieces", len(differ))
	if len(differ) >= manyDifferences {
		return s.engines.store.Enqueue(ctx, jobReindex, uuid.Nil)
	}
	return s.engines.store.Enqueue(ctx, registry.JobIndex, differ...)
}

// askForChores has every chore done at once, and from then on again and again. What is asked for and has not begun is not asked
// for twice.
func (s *server) askForChores(ctx context.Context) error {
	for kind := range s.chores {
		if err := s.engines.store.Enqueue(ctx, kind, uuid.Nil); err != nil {
			return fmt.Errorf("asking for %s: %w", kind, err)
		}
	}
	return nil
}

// refresher has the order of search results follow what left the window of uses on each day since the last one that was
// done. Another server does not know that day and does the last week again, which does no harm.
type refresher struct {
	pieces *registry.Registry
	last   time.Time
}

func (r *refresher) uses(ctx context.Context) error {
	today := r.pieces.Store.Now().Truncate(24 * time.Hour)
	day := today.AddDate(0, 0, -daysBack)
	if r.last.After(day) {
		day = r.last
	}
	for day.Before(today) {
		day = day.AddDate(0, 0, 1)
		if err := r.pieces.RefreshUses(ctx, day); err != nil {
			return err
		}
		r.last = day
	}
	return nil
}
