package search

import "context"

// Rebuilder is an Index that can be made anew beside the one that answers, so that whoever searches notices nothing.
type Rebuilder interface {
	Index

	// Rebuild begins an empty index with the present synonyms.
	Rebuild(ctx context.Context) (Rebuild, error)
}

// Rebuild is an index in the making. What is put into or deleted from the one that answers meanwhile is not in it: whoever
// commits it compares the Revisions afterwards, and puts what differs.
type Rebuild interface {
	// Put is that of Index.
	Put(ctx context.Context, docs ...Document) error

	// Commit has the new index answer in place of the old one, from one query to the next, and removes the old one.
	Commit(ctx context.Context) error

	// Discard removes what was made. After a Commit it does nothing.
	Discard(ctx context.Context) error
}
