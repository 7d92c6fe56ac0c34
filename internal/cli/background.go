package cli

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"collateral/internal/jobs"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/sharing"
)

// jobReindex asks for the whole index to be brought up to date; the key is uuid.Nil. Only a server can see what the
// index holds and should not, so commands ask it.
const jobReindex = "reindex"

// handlers says who does which kind of job.
func handlers(pieces *registry.Registry, links *sharing.Sharing, erasing *privacy.Privacy) map[string]jobs.Handler {
	return map[string]jobs.Handler{
		sharing.JobShared:    links.RecordShared,
		privacy.JobForget:    erasing.Forget,
		registry.JobExtract:  pieces.ExtractText,
		registry.JobIndex:    pieces.IndexAsset,
		registry.JobSynonyms: pieces.IndexSynonyms,
		jobReindex: func(ctx context.Context, _ uuid.UUID) error {
			_, err := pieces.ReindexAll(ctx)
			return err
		},
	}
}

// mailers mail notices and codes, where that is configured. Elsewhere the mails that wait are left to a server that can.
func mailers(pieces *registry.Registry, links *sharing.Sharing) map[string]jobs.Handler {
	if pieces.Mail == nil {
		return nil
	}
	return map[string]jobs.Handler{registry.JobMail: pieces.MailNotice, sharing.JobCode: links.MailCode}
}

// painters make pictures of slides and documents, where there is LibreOffice. Elsewhere those that are asked for are left to a
// server that can.
func painters(pieces *registry.Registry) map[string]jobs.Handler {
	if pieces.Office == nil {
		return nil
	}
	return map[string]jobs.Handler{registry.JobPictures: pieces.DrawPages}
}

// posters tell other systems of events, where that is configured.
func posters(pieces *registry.Registry) map[string]jobs.Handler {
	if !pieces.SendsWebhooks() {
		return nil
	}
	return map[string]jobs.Handler{registry.JobWebhook: pieces.PostWebhook}
}

// postingWorkers is how many posts are under way at once: they wait for others, some for all the time they are given, and cost
// this machine nothing.
const postingWorkers = 8

// newRunners makes the runners of a server. The reading of documents has one to itself: what was published a moment ago is
// to be found, however many documents wait to be read. So have the mails, which a slow server holds up, the webhooks, whose
// receivers do, the pictures of slides, and the chores, one at a time.
func newRunners(s *server) []*jobs.Runner {
	others := handlers(s.pieces, s.links, s.erasing)
	reading := map[string]jobs.Handler{registry.JobExtract: others[registry.JobExtract]}
	delete(others, registry.JobExtract)
	var runners []*jobs.Runner
	for _, kinds := range []map[string]jobs.Handler{reading, others, mailers(s.pieces, s.links), posters(s.pieces), painters(s.pieces)} {
		if len(kinds) == 0 {
			continue
		}
		r := jobs.New(s.engines.store, kinds, s.log)
		r.Workers, r.Grace, r.Attempted = s.cfg.Workers, s.cfg.Grace, s.metrics.Job
		r.Attempting = s.traces.Job
		if _, posts := kinds[registry.JobWebhook]; posts {
			r.Workers = postingWorkers
		}
		runners = append(runners, r)
	}
	atHome := jobs.New(s.engines.store, s.chores, s.log)
	atHome.Workers, atHome.Grace, atHome.Attempting = 1, s.cfg.Grace, s.traces.Job
	return append(runners, atHome)
}

// drain does background jobs until none is left.
func (s *server) drain(ctx context.Context) error {
	return jobs.New(s.engines.store, handlers(s.pieces, s.links, s.erasing), s.log).Drain(ctx)
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
