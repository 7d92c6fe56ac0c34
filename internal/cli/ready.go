package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/search"
)

// answerTime bounds how long an engine may take to answer a probe.
const answerTime = 3 * time.Second

// part is an engine as it is asked.
type part struct {
	name string // to strangers
	ask  func(context.Context) error
}

// parts are all engines. The database comes first: without it the others do not matter.
func (e *engines) parts() []part {
	return []part{
		{"The database", e.store.Ping},
		{"The search index", func(ctx context.Context) error {
			if e.alone != nil && e.alone.Taken() {
				return errSecondIndex
			}
			_, err := e.index.Query(ctx, search.Query{PerPage: 1})
			return err
		}},
		{e.blobsName, func(ctx context.Context) error {
			if p, ok := e.blobs.(blob.Prober); ok {
				return p.Probe(ctx)
			}
			return nil
		}},
	}
}

// ask asks every part whether it does its work, all at the same time, and notes what they answer. The answers are in the
// order of the parts.
func (e *engines) ask(ctx context.Context) []error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	parts := e.parts()
	answers := make([]chan error, len(parts))
	for i, p := range parts {
		answers[i] = make(chan error, 1)
		go func() { answers[i] <- p.ask(ctx) }()
	}
	errs := make([]error, len(parts))
	for i, p := range parts {
		select {
		case errs[i] = <-answers[i]:
		case <-ctx.Done(): // a disk that hangs does not look at contexts
			errs[i] = ctx.Err()
		}
		e.seen.note(p.name, errs[i] == nil, time.Now())
	}
	return errs
}

// answer asks every engine. The sentence of its error says which does not do its work, and no more than that: addresses and
// folders of engines are no business of whoever asks. A disk without room is a Full refusal, and then only when all else
// answers.
func (e *engines) answer(ctx context.Context) error {
	var full error
	errs := e.ask(ctx)
	for i, p := range e.parts() {
		switch err := errs[i]; {
		case errors.Is(err, blob.ErrFull):
			full = fmt.Errorf("%w: %w", collateral.Errorf(collateral.Full, "%s", noRoomForFiles), err)
		case err != nil:
			return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "%s does not answer as it should. The server's log says more.", p.name), err)
		}
	}
	return full
}

const noRoomForFiles = "There is no room left for files: uploads are refused, reading goes on."
