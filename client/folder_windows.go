package client

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFolder takes the lock of a folder, a file that nobody else can open, which ends with the process at the latest.
func lockFolder(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of the queue: %w", err)
	}
	const shareNothing = 0
	const sharingViolation = syscall.Errno(32)
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, shareNothing, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, sharingViolation):
		return nil, ErrInUse
	case err != nil:
		return nil, fmt.Errorf("locking the queue: %w", err)
	}
	return os.NewFile(uintptr(h), path), nil
}

// syncFolder does nothing: the system keeps names by itself.
func syncFolder(string) error { return nil }
