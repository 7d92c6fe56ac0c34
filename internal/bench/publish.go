package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// publications measures how long it takes from the approver's click until a rep finds the piece by a word inside its file:
// with nothing else to do, and with many documents waiting to be read.
func (b *bench) publications(ctx context.Context) (rows []row, err error) {
	l, err := b.newLibrary(ctx, store.SQLite, 10)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	p, err := newPublisher(ctx, l, s)
	if err != nil {
		return nil, err
	}
	// What is published later is prepared before the queue fills: it is signed and published, not read, that is timed.
	waiting, err := p.submitted(ctx, 2*b.scale.publications)
	if err != nil {
		return nil, err
	}
	quiet, err := p.publish(ctx, waiting[:b.scale.publications])
	if err != nil {
		return nil, err
	}
	if err := p.fillQueue(ctx, b.scale.queue); err != nil {
		return nil, err
	}
	before, err := p.unread(ctx)
	if err != nil {
		return nil, err
	}
	busy, err := p.publish(ctx, waiting[b.scale.publications:])
	if err != nil {
		return nil, err
	}
	after, err := p.unread(ctx)
	if err != nil {
		return nil, err
	}
	return []row{{
		what: "sign, publish, find", measured: spread(quiet),
		checks: []check{atMost(1, quiet.percentile(95).Seconds(), " s", "p95")},
		limit:  "the commits of sign-off, publication and job, and the sync of the index",
	}, {
		what:     fmt.Sprintf("the same while %d documents wait to be read (%d at the end)", before, after),
		measured: spread(busy),
		checks:   []check{atMost(1, busy.percentile(95).Seconds(), " s", "p95")},
		limit:    "processors: the reading of documents takes them",
	}}, nil
}

// publisher takes pieces to publication and finds them.
type publisher struct {
	way
	library *library
	server  *server
	rep     *client
	made    int
}

// submittedPiece waits for Sales.
type submittedPiece struct{ asset, word string }

func newPublisher(ctx context.Context, l *library, s *server) (*publisher, error) {
	p := &publisher{library: l, server: s}
	var err error
	for _, c := range []struct {
		client **client
		role   collateral.Role
	}{{&p.marketer, collateral.Marketer}, {&p.approver, collateral.Approver}, {&p.rep, collateral.Rep}} {
		if *c.client, err = s.connect(ctx, l.tokenOf(c.role)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// submitted makes pieces whose files have been read and that wait for Sales.
func (p *publisher) submitted(ctx context.Context, n int) (pieces []submittedPiece, err error) {
	words := newCorpus(4)
	for range n {
		p.made++
		piece := submittedPiece{word: fmt.Sprintf("%s%s", word(vocabulary+997*p.made), word(p.made))}
		if piece.asset, err = p.describe(fmt.Sprintf("Piece %d", p.made)); err != nil {
			return nil, err
		}
		if err := p.upload(piece.asset, newForm("piece.html", page(words.text(pageWords), piece.word))); err != nil {
			return nil, err
		}
		if err := p.submit(piece.asset); err != nil {
			return nil, err
		}
		pieces = append(pieces, piece)
	}
	for {
		if left, err := p.unread(ctx); err != nil || left == 0 {
			return pieces, err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// unread returns how many documents wait to be read or are being read.
func (p *publisher) unread(ctx context.Context) (n int, err error) {
	err = p.library.QueryRowContext(ctx, "SELECT count(*) FROM jobs WHERE kind = 'extract' AND state <> 'dead'").Scan(&n)
	return n, err
}

// foundWithin bounds the wait for one piece to be found.
const foundWithin = time.Minute

// publish times pieces one after the other.
func (p *publisher) publish(ctx context.Context, pieces []submittedPiece) (t timing, err error) {
	for _, piece := range pieces {
		began := time.Now()
		if err := p.approveAndPublish(piece.asset); err != nil {
			return t, err
		}
		for {
			if err := p.rep.want(http.StatusOK, http.MethodGet, basePath+"/search?q="+piece.word, "", nil); err != nil {
				return t, err
			}
			if bytes.Contains(p.rep.body.Bytes(), []byte(piece.asset)) {
				break
			}
			if time.Since(began) > foundWithin {
				return t, fmt.Errorf("a piece was not found %s after its publication", foundWithin)
			}
			if err := pause(ctx, 2*time.Millisecond); err != nil {
				return t, err
			}
		}
		t.took = append(t.took, time.Since(began))
	}
	return t, nil
}

// fillQueue uploads documents faster than they are read.
func (p *publisher) fillQueue(ctx context.Context, n int) error {
	const senders = 8
	var done sync.WaitGroup
	faults := make([]error, senders)
	for i := range senders {
		asset, err := p.describe(fmt.Sprintf("Queue %d", i))
		if err != nil {
			return err
		}
		c, err := p.server.connect(ctx, p.library.tokenOf(collateral.Marketer))
		if err != nil {
			return err
		}
		done.Go(func() {
			defer c.close()
			words, w := newCorpus(uint64(10+i)), way{marketer: c}
			for sent := i; sent < n && faults[i] == nil; sent += senders {
				faults[i] = w.upload(asset, newForm("queued.html", page(words.text(pageWords), word(sent))))
			}
		})
	}
	done.Wait()
	return errors.Join(faults...)
}
