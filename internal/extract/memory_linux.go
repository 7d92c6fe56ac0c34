//go:build linux && !race

package extract

import (
	"fmt"
	"syscall"
)

// memoryIsBounded tells whether limitMemory does anything.
const memoryIsBounded = true

// limitMemory bounds the memory this process, and each that it starts, may have for data. Address space would be the
// wrong thing to bound: the Go runtime reserves far more of it than it uses.
func limitMemory(bytes int64) error {
	limit := uint64(bytes)
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return fmt.Errorf("limiting memory to %d bytes: %w", bytes, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return fmt.Errorf("switching off core dumps: %w", err)
	}
	return nil
}
