package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"collateral/internal/metrics"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// newMetrics counts what a server does, and looks into the table of jobs when it is asked.
func newMetrics(s *store.Store) *metrics.Metrics {
	m := metrics.New()
	m.WatchJobs(func(ctx context.Context) ([]metrics.Waiting, error) {
		counts, err := s.JobCounts(ctx)
		waiting := make([]metrics.Waiting, len(counts))
		for i, c := range counts {
			waiting[i] = metrics.Waiting{Kind: c.Kind, State: c.State, Count: c.Count, Since: c.Oldest}
		}
		return waiting, err
	}, registry.JobIndex)
	return m
}

// serveMetrics listens where the configuration says, if anywhere, until stop is called.
func (s *server) serveMetrics(ctx context.Context) (stop func(), err error) {
	if s.cfg.MetricsListen == "" {
		return func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("listening on %s for metrics: %w", s.cfg.MetricsListen, err)
	}
	server := &http.Server{
		Handler: s.metrics.Handler(), ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	s.log.Info("metrics", "at", urlOf(listener.Addr())+"/metrics")
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("metrics are not served any more", "error", err)
		}
	}()
	return func() { _ = server.Close() }, nil
}
