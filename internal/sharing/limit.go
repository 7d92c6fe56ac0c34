package sharing

import (
	"context"
	"time"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/store"
)

// limit bounds how often strangers may do something with one link.
type limit struct {
	kind    string // as in store.LinkAttempt
	bounds  []bound
	message string
}

// bound is a number of attempts within a time.
type bound struct {
	attempts int
	within   time.Duration
	alone    bool // counts what comes from one network address, else from all
}

// longestBound is how long attempts are kept.
const longestBound = time.Hour

func passcodeLimit() limit {
	return limit{"passcode", []bound{{10, 15 * time.Minute, true}, {50, longestBound, false}},
		"There were too many wrong passcodes. Wait a few minutes and try again, or ask the person who sent you this link."}
}

func emailLimit() limit {
	return limit{"email", []bound{{20, 15 * time.Minute, true}, {200, longestBound, false}},
		"There were too many addresses that are not invited. Wait a few minutes and try again, or ask the person who sent you this link."}
}

func mailLimit() limit {
	return limit{"mail", []bound{{5, 15 * time.Minute, true}, {60, longestBound, false}},
		"Too many codes were asked for. Wait a few minutes and try again; look among unwanted mail meanwhile."}
}

// within refuses with TooMany what was done too often with a link.
func (s *Sharing) within(ctx context.Context, d *Door, r Request, l limit) error {
	now := s.Store.Now()
	for _, b := range l.bounds {
		address := ""
		if b.alone {
			if address = access.Network(r.Address); address == "" {
				continue
			}
		}
		oldest, err := s.Store.NthLinkAttempt(ctx, d.LinkID, l.kind, address, now.Add(-b.within), b.attempts)
		if err != nil {
			return err
		}
		if oldest != nil {
			wait := oldest.Add(b.within).Sub(now)
			return &collateral.Error{Kind: collateral.TooMany, Message: l.message, RetryAfter: int((wait + time.Second - 1) / time.Second)}
		}
	}
	return nil
}

// count counts something that is limited.
func (s *Sharing) count(ctx context.Context, d *Door, r Request, l limit) error {
	return s.Store.AddLinkAttempt(ctx, store.LinkAttempt{LinkID: d.LinkID, Kind: l.kind, Address: access.Network(r.Address), At: s.Store.Now()})
}
