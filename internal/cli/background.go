package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"collateral/internal/jobs"
	"collateral/internal/registry"
)

// jobReindex asks for the whole index to be brought up to date; the key is uuid.Nil. Only a server can see what the
// index holds and should not, so commands ask it.
const jobReindex = "reindex"

// handlers says who does which kind of job.
func handlers(pieces *registry.Registry) map[string]jobs.Handler {
	return map[string]jobs.Handler{
		registry.JobExtract:  pieces.ExtractText,
		registry.JobIndex:    pieces.IndexAsset,
		registry.JobSynonyms: pieces.IndexSynonyms,
		jobReindex: func(ctx context.Context, _ uuid.UUID) error {
			_, err := pieces.ReindexAll(ctx)
			return err
		},
	}
}

// newRunners makes the runners of a server. The reading of documents has one to itself: what was published a moment ago is
// to be found, however many documents wait to be read.
func newRunners(s *server) []*jobs.Runner {
	others := handlers(s.pieces)
	reading := map[string]jobs.Handler{registry.JobExtract: others[registry.JobExtract]}
	delete(others, registry.JobExtract)
	var runners []*jobs.Runner
	for _, kinds := range []map[string]jobs.Handler{reading, others} {
		r := jobs.New(s.engines.store, kinds, s.log)
		r.Workers, r.Grace, r.Attempted = s.cfg.Workers, s.cfg.Grace, s.metrics.Job
		runners = append(runners, r)
	}
	return runners
}

// drain does background jobs until none is left.
func (s *server) drain(ctx context.Context) error {
	return jobs.New(s.engines.store, handlers(s.pieces), s.log).Drain(ctx)
}

// How often the chores come, and how far back they look.
const (
	choreInterval = time.Hour
	daysBack      = 7              // days on which no server may have run; reindex makes up for more
	strayBlobAge  = 24 * time.Hour // longer than any upload takes
)

// doChores does at once, and then every hour, what no change asks for.
func (s *server) doChores(ctx context.Context) {
	tellDeadJobs(ctx, s.pieces, s.log)
	var refreshed time.Time
	chores := []struct {
		undone string // what is the matter when it fails
		do     func(context.Context) error
	}{
		{"the uses that order search results cannot be refreshed", func(ctx context.Context) error { return refreshUses(ctx, s.pieces, &refreshed) }},
		{"files that nothing uses cannot be swept", func(ctx context.Context) error { return s.pieces.SweepBlobs(ctx, strayBlobAge) }},
		{"the queries that many people ask cannot be counted", s.pieces.CountPopularQueries},
		{"uses of people that are too old to be kept cannot be deleted", s.uses.Forget},
		{"sessions that have ended cannot be deleted", s.people.Forget},
	}
	tick := time.NewTicker(choreInterval)
	defer tick.Stop()
	for {
		for _, c := range chores {
			if err := c.do(ctx); err != nil && ctx.Err() == nil {
				s.log.Error(c.undone+"; tried again in an hour", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// refreshUses has the order of search results follow what left the window of uses on each day since the last one that was
// done, which it moves on.
func refreshUses(ctx context.Context, pieces *registry.Registry, last *time.Time) error {
	today := pieces.Store.Now().Truncate(24 * time.Hour)
	day := today.AddDate(0, 0, -daysBack)
	if last.After(day) {
		day = *last
	}
	for day.Before(today) {
		day = day.AddDate(0, 0, 1)
		if err := pieces.RefreshUses(ctx, day); err != nil {
			return err
		}
		*last = day
	}
	return nil
}

// maxToldDeadJobs bounds what is logged of them; the table of jobs has all.
const maxToldDeadJobs = 20

// tellDeadJobs logs the work that was given up and not done since, so that it is not forgotten.
func tellDeadJobs(ctx context.Context, pieces *registry.Registry, log *slog.Logger) {
	dead, err := pieces.Store.DeadJobs(ctx, maxToldDeadJobs)
	if err != nil && ctx.Err() == nil {
		log.Error("jobs that were given up cannot be listed", "error", err)
	}
	for _, j := range dead {
		log.Warn("a job was given up earlier", "kind", j.Kind, "key", j.Key, "attempts", j.Attempt, "since", j.CreatedAt, "error", j.LastError)
	}
}
