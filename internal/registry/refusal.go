package registry

import (
	"errors"
	"fmt"
	"syscall"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/search"
)

// orRefusal turns what engines and the folder of temporary files say of themselves into the refusal there is for it: that
// there is no room, that an engine is away, or that it can never take this. The database says so by itself.
func orRefusal(err error) error {
	for _, full := range []error{blob.ErrFull, search.ErrFull, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) {
			return fmt.Errorf("%w: %w", collateral.NoRoom(), err)
		}
	}
	if errors.Is(err, blob.ErrUnavailable) {
		return fmt.Errorf("%w: %w", noBlobs(), err)
	}
	if errors.Is(err, search.ErrUnavailable) {
		return fmt.Errorf("%w: %w", noSearch(), err)
	}
	if _, refused := errors.AsType[*search.Refused](err); refused {
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Invalid, "The search index refuses the piece."), err)
	}
	return err
}

// awayFor is when a caller may try again what needs an engine that is away, in seconds.
const awayFor = 10

// noBlobs is the refusal of what needs the store of the files while that does not answer. Nothing was stored.
func noBlobs() *collateral.Error {
	return &collateral.Error{
		Kind:       collateral.Unavailable,
		Message:    "The store of the files does not answer just now, so files can neither be stored nor opened. Try again in a moment; all else goes on.",
		RetryAfter: awayFor,
	}
}

// noSearch is the refusal of what needs the search engine while that does not answer.
func noSearch() *collateral.Error {
	return &collateral.Error{
		Kind:       collateral.Unavailable,
		Message:    "The search does not answer just now. Try again in a moment; browsing by stage and filters alone goes on.",
		RetryAfter: awayFor,
	}
}
