package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// unreadTime is how long an answer may go unread before its connection is ended.
const unreadTime = 2 * time.Minute

// listen listens where the configuration says.
func listen(ctx context.Context, address string) (net.Listener, error) {
	how := net.ListenConfig{Control: endUnread(unreadTime)}
	l, err := how.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return l, nil
}

// serveHTTP serves until ctx ends. Then it goes on for as long as the configuration says, while ending tells everybody
// to go elsewhere; then it accepts nothing more and waits for running requests until the grace time is over; the rest is
// cut off.
//
// There is no limit on how long a request or an answer may take as a whole: files are large and lines are slow.
func serveHTTP(ctx context.Context, l net.Listener, handler http.Handler, cfg Config, ending *draining, log *slog.Logger) error {
	server := &http.Server{
		Handler:           ending.closing(handler),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}

	ending.begun.Store(true)
	if cfg.Drain > 0 {
		log.Info("ending: requests are still taken, and /readyz says no", "for", cfg.Drain)
		select {
		case err := <-served:
			return fmt.Errorf("serving HTTP: %w", err)
		case <-time.After(cfg.Drain):
		}
	}
	log.Info("ending: waiting for running requests", "at_most", cfg.Grace)
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.Grace)
	defer cancel()
	err := server.Shutdown(finish)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests were cut off that did not finish in time")
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("ending the HTTP server: %w", err)
	}
	return nil
}
