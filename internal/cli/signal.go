package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// signalEcho is how long after the first signal others are taken for the same one: timeout(1), for one, signals the
// process and then its whole group.
const signalEcho = 500 * time.Millisecond

// UntilSignal returns a context that ends with the first SIGINT or SIGTERM. A later one ends the program at once.
func UntilSignal() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		time.Sleep(signalEcho)
		stop()
	})
	return ctx
}
