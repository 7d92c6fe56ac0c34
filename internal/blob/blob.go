// Package blob is the port to where the bytes of collateral lie. A blob is named by the SHA-256 of its content,
// so two versions with the same bytes share one blob. The package knows nothing of assets, versions or who may
// read what; it does not count references either: whoever deletes has made sure that nothing points here.
package blob

import (
	"context"
	"errors"
	"io"
	"time"
)

// ErrNotFound is returned by Open and Stat for a digest that is not stored.
var ErrNotFound = errors.New("blob: not found")

// ErrFull is returned by Put when the place that holds the blobs has no room left.
var ErrFull = errors.New("blob: no space left")

// ErrDamaged is returned for a stored blob whose content is not what its digest or its known size promises.
var ErrDamaged = errors.New("blob: damaged")

// ErrUnavailable is returned by a store that does not answer, or that refuses what it should not. Another try may succeed.
var ErrUnavailable = errors.New("blob: the store does not answer")

// Info describes a stored blob.
type Info struct {
	SHA256  string    // lower-case hex, 64 characters
	Size    int64     // bytes
	ModTime time.Time // when it was last stored, UTC; storing the same bytes again renews it
}

// File is a blob's content, opened for reading; the caller closes it. One goroutine reads and seeks; ReadAt has no part
// in the position, and serves parsers of formats that are read from the end, such as ZIP.
type File interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Store keeps blobs by content. It is safe for concurrent use, also by several processes on the same place.
type Store interface {
	// Put reads r to its end and stores what it read. When it returns without an error the blob is durable and
	// visible to Open under the returned digest. When r fails or ctx ends, nothing is stored and r's error is
	// returned (wrapped). Storing the same bytes again is not an error: it renews ModTime, and mends a blob that
	// was damaged. ErrFull when there is no room, ErrUnavailable when the store does not answer.
	Put(ctx context.Context, r io.Reader) (Info, error)

	// Open returns the content for reading. ErrNotFound when the digest is not stored or not a digest. A blob
	// deleted meanwhile stays readable through the open file where the engine can do that, and fails with an
	// error where it cannot.
	Open(ctx context.Context, sha256 string) (File, Info, error)

	// Stat tells size and age without reading. ErrNotFound when the digest is not stored or not a digest.
	Stat(ctx context.Context, sha256 string) (Info, error)

	// Delete removes the blob. Deleting what is not there, or what is not a digest, is not an error.
	Delete(ctx context.Context, sha256 string) error
}

// Lister is an optional power of a Store: to tell everything it holds.
type Lister interface {
	// All calls yield for each stored blob, in no particular order, and stops at yield's first error, which it
	// returns as it is. Blobs stored or deleted meanwhile may be told or not. A blob younger than the longest
	// upload may belong to a change that is not committed yet: whoever sweeps looks at ModTime.
	All(ctx context.Context, yield func(Info) error) error
}

// Sweeper is an optional power of a Store: to remove what nothing points to any more, without taking what is being
// stored at the same moment.
type Sweeper interface {
	Lister

	// DeleteStale removes the blob if it was last stored before the given time. Bytes that are stored again at the same
	// moment may be missed by Open and Stat until it returns, and are there again then.
	DeleteStale(ctx context.Context, sha256 string, before time.Time) error

	// SweepUnfinished removes what was begun to be stored and not gone on with since the given time, as processes leave
	// it that are killed, and returns how many such parts there were.
	SweepUnfinished(ctx context.Context, before time.Time) (removed int, err error)
}

// Prober is an optional power of a Store: to tell, at little cost, whether something could be stored now.
type Prober interface {
	// Probe returns nil, ErrFull when there is no room, or what is in the way.
	Probe(ctx context.Context) error
}

// Marker is an optional power of a Store: to tell at no cost whether the bytes of an open blob were written to since.
type Marker interface {
	// Mark returns what changes with every write to the stored bytes, by whomever; "" when a write at this moment might
	// leave it as it is. The file was returned by Open of the same store.
	Mark(File) string
}

// Linker is an optional power of a Store: to let others fetch a blob from where it lies.
type Linker interface {
	// Link returns an address under which whoever has it gets the blob until it expires, with these headers. It does not
	// look whether the blob is there, or whole.
	Link(ctx context.Context, sha256 string, headers LinkHeaders, expires time.Duration) (string, error)
}

// LinkHeaders are what an answer at a link says of the content.
type LinkHeaders struct {
	ContentType        string
	ContentDisposition string
	CacheControl       string
}
