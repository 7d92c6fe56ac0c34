// Package tracestest is a collector for tests.
package tracestest

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector keeps what it is sent.
type Collector struct {
	URL string // what the program is configured with

	mu     sync.Mutex
	spans  []Span
	bodies []byte
	header http.Header
}

// Span is one that arrived. Ids are in hex; what has no parent has "".
type Span struct {
	Trace, ID, Parent string
	Name              string
	Attributes        map[string]any // string or int64
	Failed            bool
}

// New starts a collector that ends with the test.
func New(tb testing.TB) *Collector {
	tb.Helper()
	c := &Collector{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, r *http.Request) {
		if err := c.take(r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			tb.Errorf("what was sent cannot be read: %v", err)
		}
	})
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

func (c *Collector) take(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	var sent tracepb.TracesData
	if err := proto.Unmarshal(body, &sent); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.header = r.Header
	c.bodies = append(c.bodies, body...)
	for _, of := range sent.GetResourceSpans() {
		for _, by := range of.GetScopeSpans() {
			for _, s := range by.GetSpans() {
				c.spans = append(c.spans, Span{
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
					Name: s.GetName(), Attributes: attributes(s.GetAttributes()),
					Failed: s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR,
				})
			}
		}
	}
	return nil
}

func attributes(sent []*commonpb.KeyValue) map[string]any {
	kept := make(map[string]any, len(sent))
	for _, a := range sent {
		switch v := a.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			kept[a.GetKey()] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			kept[a.GetKey()] = v.IntValue
		}
	}
	return kept
}

// Spans returns what arrived until now.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Bytes returns the bodies of all requests, one after the other.
func (c *Collector) Bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]byte(nil), c.bodies...)
}

// Header returns the header of the last request.
func (c *Collector) Header() http.Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.header.Clone()
}
