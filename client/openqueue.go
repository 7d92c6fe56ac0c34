package client

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// openFileQueue opens the queue in a folder, with what was not done when it was last open. damage says what is wrong with a
// file that no crash explains; it is kept beside, and the queue holds what could be read of it.
func openFileQueue(folder string, capacity int64) (q *fileQueue, damage, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, fmt.Errorf("making the folder of the queue: %w", err)
	}
	lock, err := lockFolder(filepath.Join(folder, lockFile))
	if err != nil {
		return nil, nil, err
	}
	q = &fileQueue{folder: folder, capacity: capacity, lock: lock}
	if damage, err = q.load(); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("opening the queue in %s: %w", folder, err), lock.Close())
	}
	return q, damage, nil
}

func (q *fileQueue) load() (damage, err error) {
	path := filepath.Join(q.folder, usesFile)
	if q.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.Join(err, q.file.Close())
	}
	found := scan(data)
	q.uses, q.end, q.appended = found.uses, int64(len(data)), uint64(len(found.uses))
	for i := range q.uses {
		q.uses[i].number = uint64(i + 1)
		q.size += q.uses[i].end - q.uses[i].start
	}
	if found.damaged {
		aside, err := keepAside(q.folder, data)
		if err != nil {
			return nil, errors.Join(err, q.file.Close())
		}
		damage = fmt.Errorf("the queue file was damaged: %d uses could be read; it is kept as %s", len(q.uses), aside)
	}
	if found.clean {
		// A process that was killed may have written what the disk does not hold yet.
		err = errors.Join(q.file.Sync(), syncFolder(q.folder))
		q.synced.Store(q.appended)
	} else {
		err = q.replace()
	}
	if err != nil {
		return nil, errors.Join(err, q.file.Close())
	}
	return damage, nil
}

// keepAside keeps the bytes of a damaged file for somebody to look at.
func keepAside(folder string, data []byte) (string, error) {
	f, err := os.CreateTemp(folder, "damaged-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	return f.Name(), errors.Join(err, f.Sync(), f.Close())
}

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
