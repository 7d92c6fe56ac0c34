package access

import (
	"context"
	"errors"
)

// Forget deletes sessions that have ended and failed sign-ins that no longer count.
func (a *Access) Forget(ctx context.Context) error {
	now := a.store.Now()
	return errors.Join(
		a.store.ForgetSessions(ctx, now),
		a.store.ForgetSignInFailures(ctx, now.Add(-a.Limits.Window)),
	)
}
