// Package meiliindex is the search.Index on a Meilisearch server, which several registries may share. It holds what the
// caller puts there and knows nothing of where documents come from.
//
// The server finds and ranks; how texts and queries are cut into words, which words are the same and where they stand in a
// hit is decided in package search, as for every engine. So documents are sent as words that are cut already, with their
// inflections, in a spelling that the server takes apart no further; see encode.go and document.go.
package meiliindex

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// Index is an index of a server. It is safe for concurrent use.
type Index struct {
	Patience Patience

	name      string // of the index that answers
	client    meilisearch.ServiceManager
	transport *http.Transport

	setting  sync.Mutex // held while the synonyms are set or read
	synonyms atomic.Pointer[table]
}

var _ search.Rebuilder = (*Index)(nil)

// table is the synonyms as they were read.
type table struct {
	groups [][]string
	ready  *search.Synonyms
	read   time.Time
}

// Close gives the connections back.
func (x *Index) Close() error {
	x.transport.CloseIdleConnections()
	return nil
}
