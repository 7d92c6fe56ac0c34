package cli_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
)

// rep is somebody who finds and uses what is published.
type rep struct {
	c       *crash
	token   string
	random  *rand.Rand
	batches []*batch
}

// batch is one call's usage events.
type batch struct {
	Events   []event `json:"events"`
	answered bool
	checked  bool // after the kill that followed
}

type event struct {
	ID         uuid.UUID `json:"id"`
	Kind       string    `json:"kind"`
	AssetID    string    `json:"asset_id"`
	OccurredAt string    `json:"occurred_at"`
}

// receipt is what a batch is answered.
type receipt struct {
	Accepted   int   `json:"accepted"`
	Duplicates int   `json:"duplicates"`
	Rejected   []any `json:"rejected"`
}

// step does one thing and reports whether the server is still there.
func (r *rep) step() bool {
	pieces, since := r.c.shelf.pick(r.random.IntN, 1+r.random.IntN(20))
	choice := r.random.IntN(10)
	switch {
	case len(pieces) == 0 || choice < 2:
		return r.search()
	case choice < 4:
		return r.open(pieces[0])
	default:
		return r.report(pieces, since)
	}
}

func (r *rep) search() bool {
	a, alive := r.c.ask(request{token: r.token, method: http.MethodGet, path: "/search?q=" + []string{"platform", "deck", "notes"}[r.random.IntN(3)]})
	if alive && a.status != http.StatusOK {
		r.c.t.Errorf("searching: got %s, want 200", a)
	}
	return alive
}

// open reads a piece that may be withdrawn at this moment.
func (r *rep) open(p *piece) bool {
	a, alive := r.c.ask(request{token: r.token, method: http.MethodGet, path: "/assets/" + p.id + "/content"})
	if alive && a.status != http.StatusOK && a.status != http.StatusNotFound {
		r.c.t.Errorf("opening %s: got %s, want 200 or 404", p.id, a)
	}
	return alive
}

func (r *rep) report(pieces []*piece, since []time.Time) bool {
	b := &batch{}
	for i, p := range pieces {
		b.Events = append(b.Events, event{
			ID: uuid.Must(uuid.NewV7()), Kind: []string{"view", "download", "share", "present"}[r.random.IntN(4)],
			AssetID: p.id, OccurredAt: since[i].Format(time.RFC3339Nano),
		})
	}
	r.batches = append(r.batches, b)
	a, alive := r.c.ask(request{token: r.token, method: http.MethodPost, path: "/usage/events", body: b})
	if !alive {
		return false
	}
	if a.status != http.StatusOK {
		r.c.t.Errorf("reporting %d events: got %s, want 200", len(b.Events), a)
		return true
	}
	b.answered = true
	r.c.count("events", len(b.Events))
	return true
}

// checkBatches reports again what was reported before a kill: what was answered is known, and what was not is known as
// a whole or not at all.
func (r *rep) checkBatches(which extent) {
	r.c.t.Helper()
	for b := range slices.Values(r.batches) {
		if b.checked && which == wasTouched {
			continue
		}
		var got receipt
		r.c.decode(r.c.mustAsk(request{token: r.token, method: http.MethodPost, path: "/usage/events", body: b}, http.StatusOK), &got)
		switch n := len(b.Events); {
		case got.Duplicates == n:
		case !b.answered && got.Accepted == n:
		default:
			r.c.t.Errorf("events reported again: got %+v, want %d duplicates (answered before the kill: %t)", got, n, b.answered)
		}
		b.answered, b.checked = true, true
	}
}
