package access

import (
	"context"
	"net/netip"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// attempt is one try of a password: for which account, from where.
type attempt struct {
	account string // hash of the e-mail address tried, because people type passwords there by mistake
	address string // empty where the attempt's network address is not known
}

func newAttempt(email, address string) attempt {
	return attempt{account: hashSecret(collateral.NormalEmail(email)), address: Network(address)}
}

// Network returns the address whose failures count together: one IPv4 address, or the /64 of an IPv6 address, out of
// which one machine may take any.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}

// try checks a password against a hash, within the limits, and reports whether it matches. The count is read and a failure
// written within one turn of the hasher, so that attempts at the same moment exceed a limit by no more than its slots.
func (a *Access) try(ctx context.Context, at attempt, password string, find func() (store.Credentials, error)) (store.Credentials, bool, error) {
	var found store.Credentials
	var ok bool
	err := a.hashing.turn(ctx, func() error {
		if err := a.limited(ctx, at); err != nil {
			return err
		}
		var err error
		if found, err = find(); err != nil {
			return err
		}
		matches, err := matchesPassword(found.PasswordHash, password)
		if err != nil {
			return err
		}
		if ok = matches && found.Active; ok {
			return nil
		}
		return a.failed(context.WithoutCancel(ctx), at) // hanging up does not undo the attempt
	})
	return found, ok, err
}

// limited refuses an attempt after too many failures.
func (a *Access) limited(ctx context.Context, at attempt) error {
	if err := a.exceeded(ctx, at.account, at.address, a.Limits.PerAccount); err != nil || at.address == "" {
		return err
	}
	return a.exceeded(ctx, "", at.address, a.Limits.PerAddress)
}

func (a *Access) exceeded(ctx context.Context, account, address string, limit int) error {
	now := a.store.Now()
	oldest, err := a.store.NthSignInFailure(ctx, account, address, now.Add(-a.Limits.Window), limit)
	if err != nil || oldest == nil {
		return err
	}
	wait := oldest.Add(a.Limits.Window).Sub(now)
	return &collateral.Error{
		Kind:       collateral.TooMany,
		Message:    "There were too many failed attempts. Wait a few minutes and try again.",
		RetryAfter: int((wait + time.Second - 1) / time.Second),
	}
}

func (a *Access) failed(ctx context.Context, at attempt) error {
	now := a.store.Now()
	failure := store.SignInFailure{Account: at.account, Address: at.address, At: now}
	return a.store.Tx(ctx, func(tx *store.Store) error {
		return tx.AddSignInFailure(ctx, failure, now.Add(-a.Limits.Window))
	})
}
