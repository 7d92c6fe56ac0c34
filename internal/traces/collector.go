package traces

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is a collector that takes OTLP as protobuf over HTTP. The library's own client for it brings gRPC along, which
// nothing else here needs.
type collector struct {
	address string
	headers map[string]string
	client  *http.Client
}

var _ otlptrace.Client = (*collector)(nil)

func newCollector(c Config) *collector {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConns: 1, IdleConnTimeout: time.Minute}
	return &collector{
		address: c.Collector.JoinPath("v1", "traces").String(), headers: c.Headers,
		client: &http.Client{
			Transport: transport, Timeout: sendTime,
			// The headers may hold a key, which is for this address alone.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Start implements otlptrace.Client.
func (*collector) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (c *collector) Stop(context.Context) error {
	c.client.CloseIdleConnections()
	return nil
}

// UploadTraces implements otlptrace.Client. A batch that is not taken is not sent again: traces are not worth the memory.
func (c *collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans}) // on the wire, the request of the protocol
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range c.headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	res, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s answered %s", c.address, res.Status)
	}
	return nil
}

// tellEvery is how often the log says that traces are lost.
const tellEvery = 10 * time.Minute

// seldomTold keeps failures from who hands it spans, which would print each of them, and logs them now and then.
type seldomTold struct {
	sdk.SpanExporter

	log *slog.Logger
	now func() time.Time

	told time.Time // when the log said it last; zero when all is well again
	next time.Time // not before then
	lost int       // spans since
}

var _ sdk.SpanExporter = (*seldomTold)(nil)

func newExporter(ctx context.Context, c Config, log *slog.Logger) (*seldomTold, error) {
	to, err := otlptrace.New(ctx, newCollector(c))
	if err != nil {
		return nil, err
	}
	return &seldomTold{SpanExporter: to, log: log, now: time.Now}, nil
}

// ExportSpans implements sdk.SpanExporter, which is never called twice at a time.
func (s *seldomTold) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := s.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err == nil && !s.told.IsZero():
		s.log.Info("the collector takes traces again", "lost", s.lost, "since", s.told)
		s.told, s.lost = time.Time{}, 0
	case err != nil:
		s.lost += len(spans)
		if now := s.now(); !now.Before(s.next) {
			s.told, s.next = now, now.Add(tellEvery)
			s.log.Warn("the collector does not take traces; they are dropped, and all else goes on", "lost", s.lost, "error", err)
		}
	}
	return nil
}
