//go:build !linux

package disktest

import "testing"

// OnSmall skips the test: small disks are mounted on Linux only.
func OnSmall(t *testing.T, _ int64, _ func(t *testing.T, disk Disk)) {
	t.Helper()
	t.Skip("small disks are mounted on Linux only")
}
