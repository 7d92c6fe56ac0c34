package access

import (
	"context"

	"collateral/internal/collateral"
)

// Mail reports whether the actor wants notices mailed, where mail is configured. Who said nothing does.
func (a *Access) Mail(ctx context.Context, actor collateral.Actor) (bool, error) {
	return a.store.WantsMail(ctx, actor.UserID)
}

// SetMail keeps whether the actor wants notices mailed. They are on the pages in any case.
func (a *Access) SetMail(ctx context.Context, actor collateral.Actor, wanted bool) error {
	return a.store.SetWantsMail(ctx, actor.UserID, wanted)
}
