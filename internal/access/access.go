// Package access holds the use cases on people: accounts and their dated roles, passwords, sessions and API tokens. It
// turns the secret that a request carries into the actor that every other use case takes. It does not know how secrets
// travel (headers, cookies) nor what people do once they are in.
package access

import (
	"runtime"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Access runs the use cases on people. Its fields may be set before first use.
type Access struct {
	SessionLife time.Duration // from sign-in to the next one
	TokenLife   time.Duration // of API tokens that name no end
	Limits      Limits
	Cost        Cost // of the passwords set from now on

	store   *store.Store
	hashing hasher
}

// Limits bounds failed attempts to sign in. Successes never count.
type Limits struct {
	PerAccount int           // failures for one account from one address
	PerAddress int           // failures from one address for any account
	Window     time.Duration // how long a failure counts
}

// New returns the use cases over a store, with the default limits.
func New(s *store.Store) *Access {
	return &Access{
		SessionLife: 14 * 24 * time.Hour,
		TokenLife:   90 * 24 * time.Hour,
		Limits:      Limits{PerAccount: 10, PerAddress: 100, Window: 15 * time.Minute},
		Cost:        defaultCost(),
		store:       s,
		hashing:     newHasher(min(runtime.GOMAXPROCS(0), maxHashing)),
	}
}

// adminOnly refuses everybody but admins.
func adminOnly(actor collateral.Actor) error {
	if !actor.Is(collateral.Admin) {
		return collateral.Errorf(collateral.Forbidden, "Only admins keep people's accounts.")
	}
	return nil
}
