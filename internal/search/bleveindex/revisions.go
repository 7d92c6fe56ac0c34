package bleveindex

import (
	"context"
	"fmt"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Revisions reads the id and the revision of every document.
func (x *Index) Revisions(ctx context.Context) (map[string]string, error) {
	snapshot, release, err := x.snapshot()
	if err != nil {
		return nil, fmt.Errorf("listing the revisions of the search index: %w", err)
	}
	defer release()
	revisions := make(map[string]string)
	for _, s := range snapshot.Segments() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		visitable, ok := s.Segment().(segment.DocValueVisitable)
		if !ok {
			return nil, fmt.Errorf("listing the revisions of the search index: segment %T has no document values", s.Segment())
		}
		var state segment.DocVisitState
		for documents := s.DocNumbersLive().Iterator(); documents.HasNext(); {
			n := uint64(documents.Next())
			id, err := s.DocID(n)
			if err != nil {
				return nil, fmt.Errorf("listing the revisions of the search index: %w", err)
			}
			revisions[string(id)] = ""
			state, err = visitable.VisitDocValues(n, []string{fieldRevision}, func(_ string, term []byte) {
				revisions[string(id)] = string(term)
			}, state)
			if err != nil {
				return nil, fmt.Errorf("listing the revisions of the search index: %w", err)
			}
		}
	}
	return revisions, nil
}
