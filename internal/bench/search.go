package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/search"
	"collateral/internal/search/bleveindex"
	"collateral/internal/store"
)

// searches measures search over HTTP beside the same index asked without a server: the same questions, with text, facets
// and totals, in turns.
func (b *bench) searches(ctx context.Context) (rows []row, err error) {
	for _, n := range b.scale.libraries {
		more, err := b.searchesIn(ctx, n)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func (b *bench) searchesIn(ctx context.Context, n int) (rows []row, err error) {
	l, err := b.searched(ctx, n)
	if err != nil {
		return nil, err
	}
	// Only one process may have an index: the bare one is a copy.
	folder, err := b.place("bare-index")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(l.folder, "index"))); err != nil {
		return nil, fmt.Errorf("copying the index: %w", err)
	}
	index, _, err := bleveindex.Open(folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	q := &questioner{bench: b, library: l, server: s, index: index}
	for _, rep := range l.reps {
		c, err := s.connect(ctx, rep.token)
		if err != nil {
			return nil, err
		}
		defer c.close()
		q.clients = append(q.clients, c)
	}
	for _, clients := range []int{1, manyClients} {
		r, err := q.mixed(ctx, clients)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	for _, k := range kinds() {
		r, err := q.kind(ctx, k)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// searched returns a library of n pieces, made once in a run.
func (b *bench) searched(ctx context.Context, n int) (l *library, err error) {
	if b.libraries[n] == nil {
		b.libraries[n], err = b.newLibrary(ctx, store.SQLite, n)
	}
	return b.libraries[n], err
}

// index makes the search index, as the program would in hours of single jobs.
func (l *library) index(ctx context.Context) error {
	revisions, err := l.revisions(ctx)
	if err != nil {
		return err
	}
	index, _, err := bleveindex.Open(filepath.Join(l.folder, "index"))
	if err != nil {
		return err
	}
	for from := 0; from < len(l.assets) && err == nil; from += oneBatch {
		var docs []search.Document
		for i := from; i < min(from+oneBatch, len(l.assets)); i++ {
			d := l.document(i)
			d.Revision = revisions[l.assets[i]]
			docs = append(docs, d)
		}
		err = index.Put(ctx, docs...)
	}
	return errors.Join(err, index.Close())
}

// revisions are those by which the program sees that the index holds what is published. Otherwise it would begin by making
// the index anew.
func (l *library) revisions(ctx context.Context) (map[uuid.UUID]string, error) {
	s, err := store.Open(ctx, l.address)
	if err != nil {
		return nil, err
	}
	revisions, err := s.PublishedRevisions(ctx)
	return revisions, errors.Join(err, s.Close())
}

// document is what the program would put into the index of the ith piece.
func (l *library) document(i int) search.Document {
	p := l.pieces[i]
	d := search.Document{
		ID: l.assets[i].String(), Title: p.title, Summary: p.summary + strings.Repeat("\n"+p.role, len(p.stages())), Type: p.kind,
		Personas: []string{p.persona}, Industries: []string{p.industry}, Products: []string{p.product}, Language: "en",
		Pages: p.pages, PublishedAt: p.published,
	}
	for _, s := range p.stages() {
		d.Stages = append(d.Stages, l.stages[s].key)
	}
	return d
}

// kindOfQuestion is one way in which people search.
type kindOfQuestion struct {
	name  string
	limit string
	words func(n int) string // the nth question; a few differ
}

// differing is how many questions of a kind differ.
const differing = 16

func kinds() []kindOfQuestion {
	return []kindOfQuestion{
		{"one word", "the pieces on the page, which are read from the database once more", func(n int) string { return word(400+97*n) + " " }},
		{"a common word", "scoring and counting: a large part of the library answers", func(n int) string { return word(2+n) + " " }},
		{"two words", "the same, for what has both", func(n int) string { return word(20+7*n) + " " + word(60+11*n) + " " }},
		{"a mistyped word", "walking the dictionary for words that are near", func(n int) string { return swapped(word(1000+101*n)+"ation") + " " }},
		{"a short beginning", "the many words that begin so", func(n int) string { return word(50 + 3*n)[:3] }},
		{"browsing", "counting the facets of all pieces", func(int) string { return "" }},
	}
}

// questioner asks a server and a bare index the same.
type questioner struct {
	*bench
	library *library
	server  *server
	index   *bleveindex.Index
	clients []*client
}

// ask has the server and the bare index answer the same questions in turns. The index hands over its page of hits with
// highlights, reasons, facets and total as values, and nothing is done with them. Over HTTP the client writes a request as
// bytes, reads the answer to its end and looks at the status; nothing is decoded. What the client costs counts against
// the server all the same: both run on the same processors.
func (q *questioner) ask(ctx context.Context, clients int, words func(n int) string) (program, bare timing, err error) {
	question := func(client, n int) string { return words((5*client + n) % (differing * len(kinds()))) }
	return inTurns(q.scale.rounds, func() (timing, error) {
		return q.server.loadOn(ctx, clients, q.scale.round, func(client, n int) error {
			path := basePath + "/search?q=" + url.QueryEscape(question(client, n))
			return q.clients[client].want(http.StatusOK, http.MethodGet, path, "", nil)
		})
	}, func() (timing, error) {
		return load(ctx, clients, q.scale.round, func(client, n int) error {
			_, err := q.index.Query(ctx, search.Query{Words: question(client, n)})
			return err
		})
	})
}

// mixed asks all kinds by turns.
func (q *questioner) mixed(ctx context.Context, clients int) (row, error) {
	all := kinds()
	program, bare, err := q.ask(ctx, clients, func(n int) string { return all[n%len(all)].words(n / len(all)) })
	r := row{
		what: fmt.Sprintf("all kinds of question, %d pieces, %s", len(q.library.assets), counted(clients, "client")),
		measured: fmt.Sprintf("%.0f a second, p50 %s, p99 %s, %s of processor each; bare index %.0f a second, p50 %s, p99 %s",
			program.rate(), short(program.percentile(50)), short(program.percentile(99)), short(program.cpuEach()),
			bare.rate(), short(bare.percentile(50)), short(bare.percentile(99))),
		checks: []check{
			atLeast(0.75, program.rate()/bare.rate(), "of the bare index's questions a second"),
			atMost(1.5, float64(program.percentile(99))/float64(max(bare.percentile(99), time.Microsecond)), "", "times its p99"),
		},
		limit: "the index, and what a request costs around it: who asks, the pieces on the page, the note of the search, and the client",
	}
	return r, err
}

// kind asks one kind, by one client.
func (q *questioner) kind(ctx context.Context, k kindOfQuestion) (row, error) {
	program, bare, err := q.ask(ctx, 1, func(n int) string { return k.words(n % differing) })
	return row{
		what:     fmt.Sprintf("%s, %d pieces", k.name, len(q.library.assets)),
		measured: fmt.Sprintf("bare index p50 %s, p99 %s; over HTTP p50 %s", short(bare.percentile(50)), short(bare.percentile(99)), short(program.percentile(50))),
		limit:    k.limit,
	}, err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
