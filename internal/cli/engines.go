package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/search"
	"collateral/internal/store"
)

// openStore opens the database and brings it up to date.
func openStore(ctx context.Context, databaseURL string, limits store.Limits) (*store.Store, error) {
	s, err := store.OpenWithin(ctx, databaseURL, limits)
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// withStore calls f with the database, opened and up to date, for a command that nobody but its caller waits for.
func withStore(ctx context.Context, cfg Config, f func(*store.Store) error) error {
	s, err := openStore(ctx, cfg.DatabaseURL, store.Limits{Conns: store.DefaultConns})
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}

// engines are what a server keeps open. One process at a time may have an index in a folder.
type engines struct {
	store *store.Store
	blobs blob.Store
	index searchEngine
	alone *store.Hold // on being the only server with an index in a folder; nil where that was not asked for
	fresh bool        // the index was made just now

	blobsName string // what blobs are called to strangers
	seen      *sightings
}

func openEngines(ctx context.Context, cfg Config, log *slog.Logger) (*engines, error) {
	// The index first: a second server on the same folder ends here, before it touches anything.
	wait := waiting{until: time.Now().Add(cfg.Wait), log: log}
	var index searchEngine
	var fresh bool
	err := wait.forPart(ctx, "SEARCH_URL", func() (err error) {
		index, fresh, err = openIndex(ctx, cfg)
		return err
	})
	if err != nil {
		return nil, err
	}
	var blobs blob.Store
	err = wait.forPart(ctx, "BLOB_URL", func() (err error) {
		blobs, err = openBlobs(ctx, cfg)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	var s *store.Store
	err = wait.forPart(ctx, "DATABASE_URL", func() (err error) {
		s, err = openStore(ctx, cfg.DatabaseURL, cfg.DatabaseLimits)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, index.Close())
	}
	alone, err := holdIndex(ctx, s, cfg)
	if err != nil {
		return nil, errors.Join(err, index.Close(), s.Close())
	}
	return &engines{store: s, blobs: blobs, index: index, alone: alone, fresh: fresh, blobsName: nameOfBlobs(cfg), seen: newSightings(time.Now())}, nil
}

// isAway tells a part that does not answer from one that refuses what is configured.
func isAway(err error) bool {
	return errors.Is(err, search.ErrUnavailable) || errors.Is(err, blob.ErrUnavailable) || collateral.KindOf(err) == collateral.Unavailable
}

// close closes the index before the database: what the index missed is still written down there as a job.
func (e *engines) close() error {
	err := e.index.Close()
	if e.alone != nil {
		e.alone.Release()
	}
	return errors.Join(err, e.store.Close())
}
