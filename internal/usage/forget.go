package usage

import "context"

// Forget deletes what was recorded about people longer than MaxAge ago: uses, searches and viewings. What they amounted to stays in
// the totals, which name nobody.
func (u *Usage) Forget(ctx context.Context) error {
	return u.store.ForgetUses(ctx, u.store.Now().Add(-MaxAge))
}
