// Package traces tells an OpenTelemetry collector what the program does and how long each part of it takes: a span for every
// request and every attempt at a job, and below them one for each call to the store of the files, to the search engine and to
// the database. Spans carry templates of paths, kinds of jobs and names of statements; never what somebody looked for, the id
// of a person or the text of an error. The package knows none of the parts that report to it.
package traces

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Config says where traces go.
type Config struct {
	Collector *url.URL          // what OTLP over HTTP calls the endpoint, without /v1/traces; nil for no traces
	Headers   map[string]string // of every request to the collector
	Share     float64           // of the traces that begin here, 0 to 1; who calls with a trace of their own decides for it
}

// Traces makes spans and sends them. A nil one is off: everything can be called and costs nothing.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// How spans travel. What finds the queue full is dropped, so that nobody waits for the collector.
const (
	queueLength = 4096
	sendEvery   = 2 * time.Second
	sendTime    = 10 * time.Second // that the collector has for one batch
)

// New returns nil when the configuration names no collector. It asks nothing of the collector, which may come later.
func New(ctx context.Context, c Config, log *slog.Logger) (*Traces, error) {
	if c.Collector == nil {
		return nil, nil
	}
	about, err := resource.Merge(
		resource.NewSchemaless(attribute.String("service.name", "collateral"), attribute.String("service.instance.id", uuid.NewString())),
		resource.Environment(), // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, where the library looks anyway
	)
	if err != nil {
		return nil, fmt.Errorf("describing this server to the collector: %w", err)
	}
	exporter, err := newExporter(ctx, c, log)
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(
		sdk.WithResource(about),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(c.Share))),
		sdk.WithBatcher(exporter, sdk.WithMaxQueueSize(queueLength), sdk.WithBatchTimeout(sendEvery), sdk.WithExportTimeout(sendTime)),
	)
	return &Traces{provider: provider, tracer: provider.Tracer("collateral")}, nil
}

// Close sends what waits, for as long as ctx lasts, and ends. What does not reach the collector by then is dropped; the error
// says so.
func (t *Traces) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
