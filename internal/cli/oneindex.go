package cli

import (
	"context"
	"errors"

	"collateral/internal/store"
)

// indexHold is what a server holds that keeps its index in a folder. Jobs are claimed once: with two such servers on one
// database each index would have a part of what is published, and nobody would see that search finds too little.
const indexHold = "collateral: the search index in a folder"

// errSecondIndex says that the index does not get all of what is published.
var errSecondIndex = errors.New("another server on the same database keeps a search index in a folder of its own, so each gets only a part of what is published: " +
	"stop it, or give both a search server with --search-url")

// holdIndex makes sure that no other server on the database has an index in a folder, too, unless that was accepted.
func holdIndex(ctx context.Context, s *store.Store, cfg Config) (*store.Hold, error) {
	if cfg.SecondIndex || cfg.SearchServer.URL != "" {
		return nil, nil
	}
	hold, err := s.Hold(ctx, indexHold)
	if errors.Is(err, store.ErrHeld) {
		return nil, errSecondIndex
	}
	return hold, err
}
