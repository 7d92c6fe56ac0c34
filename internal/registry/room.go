package registry

import (
	"errors"
	"fmt"
	"syscall"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/search"
)

// orRefusal turns what engines and the folder of temporary files say of a full disk, or a store of its being away, into the
// one refusal there is for it. The database says both by itself.
func orRefusal(err error) error {
	for _, full := range []error{blob.ErrFull, search.ErrFull, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) {
			return fmt.Errorf("%w: %w", collateral.NoRoom(), err)
		}
	}
	if errors.Is(err, blob.ErrUnavailable) {
		return fmt.Errorf("%w: %w", noBlobs(), err)
	}
	return err
}

// noBlobs is the refusal of what needs the store of the files while that does not answer. Nothing was stored.
func noBlobs() *collateral.Error {
	return &collateral.Error{
		Kind:       collateral.Unavailable,
		Message:    "The store of the files does not answer just now, so files can neither be stored nor opened. Try again in a moment; all else goes on.",
		RetryAfter: 10,
	}
}

// ofIndex turns what a search engine says into the refusal there is for it: away, full, or that a piece can never be in it.
func ofIndex(err error) error {
	if refused, ok := errors.AsType[*search.Refused](err); ok {
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Invalid, "The search index refuses the piece."), refused)
	}
	if errors.Is(err, search.ErrUnavailable) {
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Unavailable, "The search does not answer. Please try again in a moment."), err)
	}
	return orRefusal(err)
}
