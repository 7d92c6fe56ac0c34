package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// OpenSized opens a blob whose size the caller has on record, and refuses with ErrDamaged one of any other size:
// a file cut short would otherwise be served as if it were whole.
func OpenSized(ctx context.Context, s Store, digest string, size int64) (File, Info, error) {
	content, info, err := s.Open(ctx, digest)
	if err != nil {
		return nil, Info{}, err
	}
	if info.Size != size {
		content.Close()
		return nil, Info{}, fmt.Errorf("blob %s has %d bytes instead of %d: %w", digest, info.Size, size, ErrDamaged)
	}
	return content, info, nil
}

// Verify reads a whole blob and compares it with its digest: nil, or ErrDamaged, or why it could not be read.
func Verify(ctx context.Context, s Store, digest string) error {
	content, _, err := s.Open(ctx, digest)
	if err != nil {
		return err
	}
	defer content.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, content); err != nil {
		return fmt.Errorf("reading blob %s: %w", digest, err)
	}
	if found := hex.EncodeToString(hash.Sum(nil)); found != digest {
		return fmt.Errorf("blob %s reads as %s: %w", digest, found, ErrDamaged)
	}
	return nil
}
