package traces

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Request begins the span of a request, as part of the caller's trace if there is a traceparent header. What it returns
// hears how the request was answered: under which id, the template of its path (empty when there is none), and the status.
func (t *Traces) Request(r *http.Request) (ctx context.Context, answered func(id, method, route string, status int)) {
	if t == nil {
		return r.Context(), func(string, string, string, int) {}
	}
	ctx = propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(id, method, route string, status int) {
		method = known(method)
		if span.SetName(method); route != "" {
			span.SetName(method + " " + route)
			span.SetAttributes(attribute.String("http.route", route))
		}
		span.SetAttributes(
			attribute.String("http.request.method", method),
			attribute.Int("http.response.status_code", status),
			attribute.String("collateral.request_id", id),
		)
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// known keeps what a caller makes up out of names. The replacement is OpenTelemetry's.
func known(method string) string {
	methods := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
		http.MethodConnect, http.MethodTrace,
	}
	if slices.Contains(methods, method) {
		return method
	}
	return "_OTHER"
}

// Job begins the span of an attempt at a job. What it returns hears how the attempt ended, and its error.
func (t *Traces) Job(ctx context.Context, kind string, attempt int) (_ context.Context, ended func(outcome string, failure error)) {
	if t == nil {
		return ctx, func(string, error) {}
	}
	ctx, span := t.tracer.Start(ctx, "job "+kind, trace.WithAttributes(
		attribute.String("collateral.job.kind", kind), attribute.Int("collateral.job.attempt", attempt)))
	return ctx, func(outcome string, failure error) {
		span.SetAttributes(attribute.String("collateral.job.outcome", outcome))
		Span{span}.End(failure)
	}
}

// Span is a call to a part. The zero value is one that nobody hears of.
type Span struct{ span trace.Span }

// Call begins the span of a call to a part, within the request or job that ctx belongs to. Calls that belong to none, and
// those of what was not sampled, have no span.
func (t *Traces) Call(ctx context.Context, part, call string) (context.Context, Span) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, part+" "+call, trace.WithSpanKind(trace.SpanKindClient))
	return ctx, Span{span}
}

// End ends the call. Of an error no more is told than that there was one: its text may name things and people, and stands in
// the log. Who broke a call off is no fault of the part's.
func (s Span) End(err error) {
	if s.span == nil {
		return
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		s.span.SetStatus(codes.Error, "")
	}
	s.span.End()
}

// Statement tells of what the database was asked from a moment until now, within the request or job that ctx belongs to. Its
// name is one that is always the same for the same statement.
func (t *Traces) Statement(ctx context.Context, began time.Time, name string, err error) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	_, span := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(began))
	Span{span}.End(err)
}
