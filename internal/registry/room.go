package registry

import (
	"errors"
	"fmt"
	"syscall"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/search"
)

// orNoRoom turns what engines and the folder of temporary files say of a full disk into the one refusal there is for it.
// The database says it by itself.
func orNoRoom(err error) error {
	for _, full := range []error{blob.ErrFull, search.ErrFull, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) {
			return fmt.Errorf("%w: %w", collateral.NoRoom(), err)
		}
	}
	return err
}
