package registry

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// Reasons returns why a piece was withdrawn and its versions were purged, the latest first: for those who make it and those
// who sign it.
func (r *Registry) Reasons(ctx context.Context, actor collateral.Actor, id uuid.UUID) ([]collateral.Reason, error) {
	if _, err := r.mayReadVersions(ctx, actor, id); err != nil {
		return nil, err
	}
	return r.Store.Reasons(ctx, id)
}

// checkReason trims a reason and refuses one that says nothing.
func checkReason(reason *string) error {
	*reason = strings.TrimSpace(*reason)
	if n := utf8.RuneCountInString(*reason); n < 3 || n > 1000 {
		return collateral.Fault("/reason", "Say why, in 3 to 1000 characters: whoever looks for the piece will ask.")
	}
	return nil
}
