package diskblob

import (
	"strconv"
	"sync"
)

// durableFolders remembers which folders are there for good, because this process has synced the folder above them since
// it found them. A Put of another process may have made a folder a moment ago, so what is not remembered is synced once
// more: that is a flush of the disk, also where nothing has changed.
type durableFolders struct {
	mu     sync.Mutex
	firsts [1 << 8]bool  // the folders ab
	leaves [1 << 16]bool // the folders ab/cd
}

// above tells what is known of the two folders above a blob.
func (d *durableFolders) above(digest string) (first, leaf bool) {
	n := leafOf(digest)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.firsts[n>>8], d.leaves[n]
}

// set notes that the two folders above a blob are durable, or that they are not.
func (d *durableFolders) set(digest string, durable bool) {
	n := leafOf(digest)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.firsts[n>>8], d.leaves[n] = durable, durable
}

// leafOf numbers the folders ab/cd.
func leafOf(digest string) uint64 {
	n, _ := strconv.ParseUint(digest[:4], 16, 16) // digests are hexadecimal
	return n
}
