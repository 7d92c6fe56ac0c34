package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"collateral/api"
	"collateral/internal/access"
	"collateral/internal/extract"
	"collateral/internal/httpd"
	"collateral/internal/jobs"
	"collateral/internal/machines"
	"collateral/internal/metrics"
	"collateral/internal/privacy"
	"collateral/internal/registry"
	"collateral/internal/report"
	"collateral/internal/sharing"
	"collateral/internal/traces"
	"collateral/internal/upkeep"
	"collateral/internal/usage"
	"collateral/internal/watermark"
	"collateral/internal/web"
)

// Running is what Serve says of itself once it can be reached.
type Running struct {
	URL      string // http://host:port, without a path
	HasUsers bool
	SetupURL string // where a browser makes the first admin; empty when somebody has an account
}

// Serve opens the engines, serves until ctx ends, and then stops: first new requests and jobs, then those that are
// running, then what was recorded and not written yet, then the engines. ready is called once, when it can be reached.
func Serve(ctx context.Context, cfg Config, log *slog.Logger, ready func(Running)) error {
	s, err := newServer(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer endTraces(ctx, s.traces, log)
	return errors.Join(s.serve(ctx, ready), s.engines.close())
}

// server is the use cases on open engines.
type server struct {
	cfg     Config
	log     *slog.Logger
	engines *engines

	metrics *metrics.Metrics
	traces  *traces.Traces
	people  *access.Access
	pieces  *registry.Registry
	uses    *usage.Usage
	links   *sharing.Sharing
	erasing *privacy.Privacy
	keeping *upkeep.Upkeep
	chores  map[string]jobs.Handler
	runners []*jobs.Runner
}

func newServer(ctx context.Context, cfg Config, log *slog.Logger) (*server, error) {
	t, err := traces.New(ctx, cfg.Traces, log)
	if err != nil {
		return nil, err
	}
	log = slog.New(t.Log(log.Handler()))
	e, err := openEngines(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	if t != nil {
		e.store.Watch(t.Statement)
	}
	if e.fresh {
		if err := e.store.Enqueue(ctx, jobReindex, uuid.Nil); err != nil {
			return nil, errors.Join(err, e.close())
		}
	}
	s := &server{cfg: cfg, log: log, engines: e, metrics: newMetrics(e.store), traces: t, people: access.New(e.store), uses: usage.New(e.store)}
	s.pieces = &registry.Registry{
		Store: e.store, Blobs: measuredBlobs(e.blobs, s.metrics, t), Index: measuredIndex(e.index, s.metrics, t), Usage: s.uses, MaxUpload: cfg.MaxUpload, Links: cfg.Links, Log: log,
		Text: extract.Runner{Command: cfg.ReadDocument, Limits: extract.DefaultLimits()}, Pictures: newPictures(cfg, log),
		Mail: cfg.Mail, Hooks: cfg.Webhooks, PublicURL: cfg.PublicURL,
	}
	s.pieces.Office = newOffice(cfg, s.pieces.Pictures != nil, log)
	s.links = &sharing.Sharing{Store: e.store, Access: s.people, Registry: s.pieces, Usage: s.uses, Mail: cfg.Mail, PublicURL: cfg.PublicURL, Log: log, VisitsPerMinute: visitsPerMinute, Marks: watermark.New(cfg.MarkDocument...)}
	if s.links.Rules, err = machines.Default(); err != nil {
		return nil, errors.Join(err, e.close())
	}
	s.erasing = &privacy.Privacy{Store: e.store, Usage: s.uses, Company: cfg.Company, Contact: cfg.PrivacyContact, Mails: cfg.Mail != nil}
	s.keeping = &upkeep.Upkeep{Store: e.store, Registry: s.pieces, Version: version(), Engines: s.engineStates, CompareJob: choreReconcile}
	s.uses.FieldUsed, s.uses.Committed = s.pieces.FieldUsed, s.metrics.EventCommit
	s.chores = newChores(s)
	s.runners = newRunners(s)
	return s, nil
}

func (s *server) serve(ctx context.Context, ready func(Running)) error {
	hasUsers, err := s.people.HasUsers(ctx)
	if err != nil {
		return err
	}
	var ending draining
	setup := ""
	if !hasUsers {
		setup = rand.Text()
	}
	handler, err := s.handler(ending.ready(s.engines.answer), setup) //nolint:contextcheck // requests bring their own
	if err != nil {
		return err
	}
	listener, err := listen(ctx, s.cfg.Listen)
	if err != nil {
		return err
	}

	stopMetrics, err := s.serveMetrics(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer stopMetrics()

	// Jobs stop being claimed at once when ctx ends: others can do them.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- s.work(ctx) }()
	at := Running{URL: urlOf(listener.Addr()), HasUsers: hasUsers}
	if !hasUsers {
		at.SetupURL = at.URL + web.SetupAddress(setup)
	}
	ready(at)

	err = serveHTTP(ctx, listener, handler, s.cfg, &ending, s.log)
	stop()
	err = errors.Join(err, <-worked)
	flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	return errors.Join(err, s.uses.Close(flush))
}

// handler serves the API and the pages. setup is the secret for making the first admin; empty when there is somebody.
func (s *server) handler(ready func(context.Context) error, setup string) (http.Handler, error) {
	front := httpd.Front{Log: s.log, NewID: s.engines.store.NewID, Proxies: s.cfg.Proxies, Began: traceRequests(s.traces), Answered: s.metrics.Request}
	reports := &report.Reports{Store: s.engines.store, Usage: s.uses}
	programs, err := api.New(api.Deps{Access: s.people, Registry: s.pieces, Usage: s.uses, Reports: reports, Sharing: s.links, Privacy: s.erasing, Upkeep: s.keeping, Ready: ready, Now: s.engines.store.Now, Front: front, Origins: s.cfg.BeaconOrigins})
	if err != nil {
		return nil, err
	}
	people, err := web.New(web.Deps{Access: s.people, Registry: s.pieces, Usage: s.uses, Reports: reports, Sharing: s.links, Privacy: s.erasing, Upkeep: s.keeping, Now: s.engines.store.Now, Front: front, Setup: setup})
	if err != nil {
		return nil, err
	}
	return ways(programs, people), nil
}

// urlOf is where a browser on this machine finds what listens on the address.
func urlOf(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", tcp.Port)
	}
	return "http://" + addr.String()
}

// visitsPerMinute is how many visits of links may begin from one network: more than an office of buyers needs.
const visitsPerMinute = 240

// flushTimeout bounds the writing of recorded uses at the end.
const flushTimeout = 30 * time.Second

// work does background jobs, the chores among them, until ctx ends and what runs has finished.
func (s *server) work(ctx context.Context) error {
	tellDeadJobs(ctx, s.pieces, s.log)
	if err := s.askForChores(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("the chores that are due cannot be asked for", "error", err)
	}
	errs := make([]error, len(s.runners))
	var running sync.WaitGroup
	for i, r := range s.runners {
		running.Go(func() { errs[i] = r.Run(ctx) })
	}
	running.Wait()
	return errors.Join(errs...)
}
