package access

import (
	"context"

	"collateral/internal/collateral"
)

// Colleague returns the active person with an e-mail address, for who names them at a piece. Whoever asks knows the address.
func (a *Access) Colleague(ctx context.Context, pointer, email string) (collateral.User, error) {
	email = collateral.NormalEmail(email)
	people, err := a.store.UsersByEmail(ctx, []string{email})
	if err != nil {
		return collateral.User{}, err
	}
	person, ok := people[email]
	if !ok || !person.Active {
		return collateral.User{}, collateral.Fault(pointer, "Nobody with an active account has the e-mail address %q.", email)
	}
	return person, nil
}
