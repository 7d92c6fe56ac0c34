package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"collateral/internal/traces"
)

func setTraces(c *Config, value string) error {
	c.Traces.Collector = nil
	if value == "none" {
		return nil
	}
	collector, err := url.Parse(value)
	switch {
	case err != nil || collector.Host == "" || collector.Scheme != "http" && collector.Scheme != "https" || collector.RawQuery != "" || collector.Fragment != "":
		return errors.New("the address of a collector is written like http://localhost:4318, or none")
	case collector.User != nil:
		return errors.New("a key has no place in the address of a collector: set OTEL_EXPORTER_OTLP_HEADERS")
	}
	c.Traces.Collector = collector
	return nil
}

func setTraceShare(c *Config, value string) error {
	share, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(share) || share < 0 || share > 1 {
		return fmt.Errorf("%q is not a number from 0 to 1", value)
	}
	c.Traces.Share = share
	return nil
}

// setTraceHeaders reads NAME=VALUE,NAME=VALUE with values as in the query of a URL. Its errors do not repeat what may be a
// key.
func setTraceHeaders(c *Config, value string) error {
	c.Traces.Headers = nil
	if keyOf(value) == "" {
		return nil
	}
	c.Traces.Headers = make(map[string]string)
	for pair := range strings.SplitSeq(value, ",") {
		name, written, found := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		meant, err := url.PathUnescape(strings.TrimSpace(written))
		if !found || err != nil || !isHeaderName(name) || strings.ContainsFunc(meant, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return errors.New("headers are written like NAME=VALUE,NAME=VALUE, with % and two digits for a comma")
		}
		c.Traces.Headers[name] = meant
	}
	return nil
}

// isHeaderName tells whether net/http would send a header of that name.
func isHeaderName(name string) bool {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}
	return name != "" && !strings.ContainsFunc(name, odd)
}

// traceRequests says who hears of requests, if anybody does. Balancers ask probes every second, and nobody asks where their
// time went.
func traceRequests(t *traces.Traces) func(*http.Request) (context.Context, func(id, method, route string, status int)) {
	if t == nil {
		return nil
	}
	return func(r *http.Request) (context.Context, func(id, method, route string, status int)) {
		if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			return r.Context(), func(string, string, string, int) {}
		}
		return t.Request(r)
	}
}

// lastTraces bounds what the end waits for the collector.
const lastTraces = 5 * time.Second

// endTraces sends the last traces. They are no reason for an exit code.
func endTraces(ctx context.Context, t *traces.Traces, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTraces)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		log.Warn("the last traces did not reach the collector", "error", err)
	}
}
