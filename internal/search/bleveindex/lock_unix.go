//go:build unix

package bleveindex

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// folderLock is the hold on a folder. It ends with the process, however that ends.
type folderLock struct {
	file *os.File
}

// lockFolder takes the lock, and waits a moment for a process that is ending.
func lockFolder(path string) (*folderLock, error) {
	const pause = 50 * time.Millisecond
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockWait); ; time.Sleep(pause) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return &folderLock{file}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(err, file.Close())
		}
		if time.Now().After(deadline) {
			return nil, errors.Join(ErrInUse, file.Close())
		}
	}
}

func (l *folderLock) release() error { return l.file.Close() }
