package diskblob

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"collateral/internal/blob"
)

// roomEvery is how many bytes of one blob are written between two looks at the free space.
const roomEvery = 16 << 20

// Probe implements blob.Prober: it writes a byte where a Put would begin. It does not sync, so a disk that is slow to do
// that is not held up more.
func (s *Store) Probe(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.probe(); err != nil {
		return fmt.Errorf("probing the blob folder: %w", err)
	}
	return nil
}

func (s *Store) probe() error {
	if err := s.room(); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(s.dir, blobFolder)); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Join(s.dir, tempFolder), "probe-*")
	if err != nil {
		return orFull(err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	_, err = file.Write([]byte{0})
	return orFull(err)
}

// Free returns how many bytes of the disk are free for those who are not root; math.MaxInt64 where that is not known.
func (s *Store) Free() (int64, error) {
	free, err := freeBytes(s.dir)
	if err != nil {
		return 0, fmt.Errorf("asking for free space: %w", err)
	}
	return free, nil
}

// room refuses with blob.ErrFull when less than KeepFree bytes are free.
func (s *Store) room() error {
	if s.KeepFree <= 0 {
		return nil
	}
	free, err := s.Free()
	if err != nil {
		return err
	}
	if free < s.KeepFree {
		return fmt.Errorf("%w: %d bytes are free, and %d are kept", blob.ErrFull, free, s.KeepFree)
	}
	return nil
}

// roomyFile is a temporary file that stops growing when the free space runs low.
type roomyFile struct {
	*os.File
	store   *Store
	written int64 // since the last look
}

// Write implements io.Writer.
func (f *roomyFile) Write(p []byte) (int, error) {
	if f.written += int64(len(p)); f.written > roomEvery {
		f.written = 0
		if err := f.store.room(); err != nil {
			return 0, err
		}
	}
	return f.File.Write(p)
}
