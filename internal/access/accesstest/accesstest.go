// Package accesstest has the use cases on people for tests that are about something else. It knows nothing of who the
// people are.
package accesstest

import (
	"collateral/internal/access"
	"collateral/internal/store"
)

// New returns the use cases over a store, as access.New does, with passwords that are hashed in next to no time. Under the
// race detector the program's cost takes most of the time of a test that makes a few people.
func New(s *store.Store) *access.Access {
	a := access.New(s)
	a.Cost = access.Cost{Memory: 64, Passes: 1}
	return a
}
