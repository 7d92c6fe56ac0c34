package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// maxBatch is how many uses the server takes in one request.
const maxBatch = 1000

// longestAsked bounds how long a server may make the client wait.
const longestAsked = time.Hour

// Run sends what waits and what is reported from now on, until ctx ends or the client is closed; then it returns nil. A
// server that cannot be reached or asks for patience is tried again and again. It returns ErrToken, wrapped with what the
// server said, when the token is refused, and any error of the queue.
func (c *Client) Run(ctx context.Context) error {
	ctx, stop := c.untilClosed(ctx)
	defer stop()
	for {
		if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-c.more:
		case <-ctx.Done():
			return nil
		}
		if pause(ctx, c.settings.linger) != nil {
			return nil
		}
	}
}

// Flush sends all that waits, and returns nil when the server has had its say on every use. Like Run it tries again for as
// long as ctx lets it.
func (c *Client) Flush(ctx context.Context) error {
	ctx, stop := c.untilClosed(ctx)
	defer stop()
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for failures := 0; ; {
		sent, err := c.sendOldest(ctx)
		var later *laterError
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.As(err, &later):
			wait := c.wait(failures, later.after)
			failures++
			c.settings.trouble(fmt.Errorf("%d uses wait and are sent again in %s: %w", c.Waiting(), wait.Round(time.Millisecond), err))
			if err := pause(ctx, wait); err != nil {
				return err
			}
		case err != nil:
			return err
		case sent == 0:
			return nil
		default:
			failures = 0
		}
	}
}

// untilClosed returns a context that ends with the client too, because of ErrClosed.
func (c *Client) untilClosed(ctx context.Context) (_ context.Context, stop func()) {
	ctx, end := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-c.closed:
			end(ErrClosed)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { end(nil) }
}

// sendOldest sends the uses that wait longest and returns how many the server has settled.
func (c *Client) sendOldest(ctx context.Context) (int, error) {
	for {
		batch, err := c.queue.oldest(c.limit)
		if err != nil || len(batch.events) == 0 {
			return 0, err
		}
		refusals, err := c.post.send(ctx, batch.events)
		if errors.Is(err, errTooLarge) && len(batch.events) > 1 {
			c.limit = len(batch.events) / 2
			continue
		}
		if errors.Is(err, errTooLarge) {
			err = &laterError{cause: err} // some proxy's: a single use is small, and the server's limit is not
		}
		if err != nil {
			return 0, err
		}
		for _, r := range refusals {
			c.settings.rejected(decode(batch.events[r.Index]), r.Reason)
		}
		return len(batch.events), c.queue.done(batch)
	}
}

// wait is the pause after a number of failures in a row. Half of it is chance, so that many clients of a server that was
// away do not all come back at once; it is never less than what the server asked for.
func (c *Client) wait(failures int, asked time.Duration) time.Duration {
	span := c.settings.last
	if failures < 30 {
		span = min(span, c.settings.first<<failures)
	}
	if asked = min(asked, longestAsked); asked >= span/2 {
		return asked + rand.N(span/2+1)
	}
	return span/2 + rand.N(span/2+1)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
