package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Waiting is background work of one kind in one state.
type Waiting struct {
	Kind  string
	State string
	Count int
	Since time.Time // when the longest of it was asked for
}

// scrapeTime bounds what a scrape waits for the database.
const scrapeTime = 3 * time.Second

// WatchJobs has each scrape ask what work there is. The kind named indexing tells how far the search index is behind.
func (m *Metrics) WatchJobs(ask func(context.Context) ([]Waiting, error), indexing string) {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	m.registry.MustRegister(&jobCollector{
		ask: ask, indexing: indexing,
		database: describe("database_up", "1 when the database answered this scrape, else 0 and nothing is known of the jobs."),
		count:    describe("jobs", "Background jobs: ready, later (not due yet), retrying, running, dead (given up).", "kind", "state"),
		age:      describe("job_age_seconds", "How long ago the oldest job was asked for.", "kind", "state"),
		lag:      describe("index_lag_seconds", "For how long the search index has been behind the database; 0 when it is not."),
	})
}

type jobCollector struct {
	ask      func(context.Context) ([]Waiting, error)
	indexing string

	database, count, age, lag *prometheus.Desc
}

var _ prometheus.Collector = (*jobCollector)(nil)

// Describe implements prometheus.Collector.
func (c *jobCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.database, c.count, c.age, c.lag} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *jobCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	jobs, err := c.ask(ctx)
	if err != nil {
		gauge(c.database, 0)
		return
	}
	gauge(c.database, 1)
	lag := 0.0
	for _, j := range jobs {
		age := max(time.Since(j.Since).Seconds(), 0)
		gauge(c.count, float64(j.Count), j.Kind, j.State)
		if j.State == "later" {
			continue // nobody waits for it yet
		}
		gauge(c.age, age, j.Kind, j.State)
		if j.Kind == c.indexing && j.State != "dead" {
			lag = max(lag, age)
		}
	}
	gauge(c.lag, lag)
}
