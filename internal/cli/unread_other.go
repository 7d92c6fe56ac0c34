//go:build !linux

package cli

import (
	"syscall"
	"time"
)

// endUnread does nothing where the kernel cannot be asked for it.
func endUnread(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
