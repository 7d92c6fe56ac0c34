package cli

import (
	"context"
	"log/slog"
	"time"
)

// waiting is the patience of a server that starts before the parts it stands on, as after the start of a whole machine.
type waiting struct {
	until time.Time
	log   *slog.Logger
}

// How often a part is tried that does not answer, and how often that is logged.
const (
	waitTry  = time.Second
	waitTell = 15 * time.Second
)

// forPart calls open until it succeeds, fails for another reason than that the part is away, or the patience is over. Only
// what passes by itself is waited for: a wrong password is told at once.
func (w waiting) forPart(ctx context.Context, setting string, open func() error) error {
	var told time.Time
	for {
		err := open()
		if err == nil || !isAway(err) || !time.Now().Add(waitTry).Before(w.until) {
			return err
		}
		if time.Since(told) >= waitTell {
			told = time.Now()
			w.log.Info("waiting for a part that does not answer", "named_by", setting, "at_most", time.Until(w.until).Round(time.Second), "error", err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(waitTry):
		}
	}
}
