package cli

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"collateral/internal/blob"
	"collateral/internal/store"
	"collateral/internal/upkeep"
)

// sightings tells since when each part has been seen to answer, or not to. Parts that were never seen otherwise have answered
// since the engines were opened. It may be used by many at once.
type sightings struct {
	opened time.Time

	mu   sync.Mutex
	last map[string]sighting
}

type sighting struct {
	answers bool
	since   time.Time
}

func newSightings(opened time.Time) *sightings {
	return &sightings{opened: opened, last: make(map[string]sighting)}
}

func (s *sightings) note(part string, answers bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, ok := s.last[part]
	if !ok {
		last = sighting{true, s.opened}
	}
	if last.answers != answers {
		last = sighting{answers, now}
	}
	s.last[part] = last
}

func (s *sightings) since(part string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[part].since
}

// engineStates asks the engines as /readyz does, and tells an admin what they are and how they answer.
func (s *server) engineStates(ctx context.Context) []upkeep.Engine {
	e := s.engines
	errs := e.ask(ctx)
	states := []upkeep.Engine{
		{Part: "database", Kind: nameOfDatabase(e.store)},
		{Part: "search", Kind: nameOfIndex(s.cfg)},
		{Part: "files", Kind: kindOfBlobs(e.blobs), Free: freeFor(e.blobs)},
	}
	for i, p := range e.parts() {
		states[i].Since = e.seen.since(p.name).UTC()
		switch {
		case errors.Is(errs[i], blob.ErrFull):
			states[i].Fault = noRoomForFiles
		case errors.Is(errs[i], errSecondIndex):
			states[i].Fault = "Another server on the same database keeps a search index in a folder of its own, so each gets only a part of what is published."
		case errs[i] != nil:
			states[i].Fault = p.name + " does not answer as it should. The server's log says more."
		}
		if errs[i] != nil && ctx.Err() == nil {
			s.log.Warn("a part does not answer as it should", "part", states[i].Part, "error", errs[i])
		}
	}
	return states
}

func nameOfDatabase(s *store.Store) string {
	if s.Dialect() == store.Postgres {
		return "PostgreSQL"
	}
	return "SQLite, in a file"
}

func nameOfIndex(cfg Config) string {
	if cfg.SearchServer.URL != "" {
		return "Meilisearch"
	}
	return "Bleve, in a folder"
}

// roomy is a place of files that knows how much room it has.
type roomy interface{ Free() (int64, error) }

func kindOfBlobs(blobs blob.Store) string {
	if _, ok := blobs.(roomy); ok {
		return "a folder"
	}
	return "an S3 bucket"
}

// freeFor is how much room there is for files; nil where nobody knows.
func freeFor(blobs blob.Store) *int64 {
	place, ok := blobs.(roomy)
	if !ok {
		return nil
	}
	free, err := place.Free()
	if err != nil || free == math.MaxInt64 {
		return nil
	}
	return &free
}
