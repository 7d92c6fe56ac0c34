//go:build !unix

package bleveindex

// folderLock is nothing where there is no flock: a second process then waits at the lock of the index itself, until the
// first one ends.
type folderLock struct{}

func lockFolder(string) (*folderLock, error) { return &folderLock{}, nil }

func (*folderLock) release() error { return nil }
