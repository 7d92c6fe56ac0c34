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

// answer asks every engine whether it does its work, all at the same time. The sentence of its error says which does not,
// and no more than that: addresses and folders of engines are no business of whoever asks. A disk without room is a Full
// refusal, and then only when all else answers.
func (e *engines) answer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	parts := []struct {
		name string
		ask  func(context.Context) error
	}{
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
	answers := make([]chan error, len(parts))
	for i, p := range parts {
		answers[i] = make(chan error, 1)
		go func() { answers[i] <- p.ask(ctx) }()
	}
	var full error
	for i, p := range parts {
		var err error
		select {
		case err = <-answers[i]:
		case <-ctx.Done(): // a disk that hangs does not look at contexts
			err = ctx.Err()
		}
		switch {
		case errors.Is(err, blob.ErrFull):
			full = fmt.Errorf("%w: %w", collateral.Errorf(collateral.Full, "There is no room left for files: uploads are refused, reading goes on."), err)
		case err != nil:
			return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "%s does not answer as it should. The server's log says more.", p.name), err)
		}
	}
	return full
}
