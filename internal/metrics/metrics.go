// Package metrics counts what the program does, and tells it to Prometheus. Whoever does something reports it here; what
// stands in the database is asked for when somebody scrapes. It knows none of the parts that report to it.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const namespace = "collateral"

// Metrics are the counters of one process. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	requests     *prometheus.HistogramVec
	jobs         *prometheus.HistogramVec
	blobs        *prometheus.HistogramVec
	searches     *prometheus.HistogramVec
	commits      *prometheus.HistogramVec
	events       prometheus.Counter
	eventsFailed prometheus.Counter
}

// Times from half a millisecond to half a minute, and for what runs in the background to a quarter of an hour.
func answerBuckets() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
}

func workBuckets() []float64 { return []float64{.001, .01, .05, .25, 1, 5, 15, 60, 300, 900} }

// New returns metrics with nothing counted yet, beside those of the Go runtime and the process.
func New() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
		m.registry.MustRegister(h)
		return h
	}
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
		m.registry.MustRegister(c)
		return c
	}
	m.requests = histogram("http_request_seconds", "Time from a request to the end of its answer.", answerBuckets(), "method", "route", "status")
	m.jobs = histogram("job_seconds", "Time of one attempt at a background job.", workBuckets(), "kind", "outcome")
	m.blobs = histogram("blob_seconds", "Time of one call to the store of the files; for put, the whole upload.", workBuckets(), "call", "outcome")
	m.searches = histogram("search_engine_seconds", "Time of one call to the search engine.", answerBuckets(), "call", "outcome")
	m.commits = histogram("event_commit_seconds", "Time to write one batch of uses and searches.", answerBuckets(), "outcome")
	m.events = counter("events_committed_total", "Uses that clients and the server reported, written; duplicates and refused ones included.")
	m.eventsFailed = counter("events_failed_total", "Uses that could not be written.")
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	return m
}

// Handler answers GET /metrics in the formats of Prometheus. It asks for no credentials: its listener is not for the
// public.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry}))
	return mux
}

// unmatched is the route of requests for what is not there: paths are the caller's choice, and would be without number.
const unmatched = "none"

// Request reports an answered request. Route is the template of its path, empty when there is none.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		method, route = unmatched, unmatched
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// Job reports an attempt at a background job.
func (m *Metrics) Job(kind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// Blob reports a call to the store of the files.
func (m *Metrics) Blob(call string, err error, took time.Duration) {
	m.blobs.WithLabelValues(call, outcome(err)).Observe(took.Seconds())
}

// Search reports a call to the search engine.
func (m *Metrics) Search(call string, err error, took time.Duration) {
	m.searches.WithLabelValues(call, outcome(err)).Observe(took.Seconds())
}

// EventCommit reports a batch of so many uses.
func (m *Metrics) EventCommit(uses int, err error, took time.Duration) {
	m.commits.WithLabelValues(outcome(err)).Observe(took.Seconds())
	if err != nil {
		m.eventsFailed.Add(float64(uses))
		return
	}
	m.events.Add(float64(uses))
}

func outcome(err error) string {
	if err != nil {
		return "error"
	}
	return "ok"
}
