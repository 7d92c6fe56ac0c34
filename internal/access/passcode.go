package access

import "context"

// Passcodes let people in to one thing, who need no account for it. They are kept as passwords are, and share their bound on
// how many are hashed at once.

// HashPasscode returns what is kept of a passcode.
func (a *Access) HashPasscode(ctx context.Context, passcode string) (string, error) {
	return a.hashing.hash(ctx, passcode, a.Cost)
}

// MatchPasscode reports whether the hash was made of the passcode. limited may refuse before that, and failed hears of a wrong
// passcode. All happens within one turn of the hasher, so that attempts at the same moment exceed a limit by no more than its
// slots.
func (a *Access) MatchPasscode(ctx context.Context, hash, passcode string, limited, failed func(context.Context) error) (bool, error) {
	var matches bool
	err := a.hashing.turn(ctx, func() error {
		err := limited(ctx)
		if err != nil {
			return err
		}
		if matches, err = matchesPassword(hash, passcode); err != nil || matches {
			return err
		}
		return failed(context.WithoutCancel(ctx)) // hanging up does not undo the attempt
	})
	return matches, err
}
