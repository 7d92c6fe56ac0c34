package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"collateral/internal/blob"
	"collateral/internal/store"
)

// files stores the files of the stream, and returns the hashes of those that versions have and that did not come, or not
// whole.
func (i *importer) files(ctx context.Context, kept []store.KeptFile) (absent map[string]bool, err error) {
	absent, sizes := make(map[string]bool, len(kept)), make(map[string]int64, len(kept))
	for _, f := range kept {
		absent[f.SHA256], sizes[f.SHA256] = true, f.Size
	}
	progress := Progress{Rows: i.rowsRead, Of: len(kept)}
	for strings.HasPrefix(i.in.name, filesFolder) {
		digest, ok := blob.DigestOf(strings.TrimPrefix(i.in.name, filesFolder))
		if size, known := sizes[digest]; !ok || !known || size != i.in.size {
			return nil, refuse("The stream has a file %s of %d bytes, and no version has it.", i.in.name, i.in.size)
		}
		if !absent[digest] {
			return nil, refuse("The stream has the file %s twice.", digest)
		}
		whole, err := i.file(ctx, digest)
		if err != nil {
			return nil, err
		}
		if whole {
			delete(absent, digest)
		}
		progress.Files++
		progress.Bytes += i.in.size
		i.archive.tell(progress)
		if err := i.in.next(); err != nil {
			return nil, err
		}
	}
	return absent, nil
}

// file stores the present entry, unless it is not what its name says.
func (i *importer) file(ctx context.Context, digest string) (whole bool, err error) {
	content := &checkedReader{from: i.in.tar, hash: sha256.New(), want: digest}
	info, err := i.archive.Blobs.Put(ctx, content)
	switch {
	case errors.Is(err, errOtherBytes):
		return false, nil
	case content.failed != nil:
		return false, damaged(content.failed)
	case err != nil:
		return false, fmt.Errorf("storing file %s: %w", digest, err)
	case info.SHA256 != digest:
		return false, fmt.Errorf("file %s was stored as %s: %w", digest, info.SHA256, blob.ErrDamaged)
	}
	return true, nil
}

// errOtherBytes keeps bytes from being stored that are not those of the hash.
var errOtherBytes = errors.New("the bytes are not those of the hash")

// checkedReader fails at its end when what it read has another hash than it should.
type checkedReader struct {
	from   io.Reader
	hash   hash.Hash
	want   string
	failed error // why the source could not be read
}

func (r *checkedReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	_, _ = r.hash.Write(p[:n]) // a hash takes everything
	switch {
	case errors.Is(err, io.EOF):
		if hex.EncodeToString(r.hash.Sum(nil)) != r.want {
			return n, errOtherBytes
		}
	case err != nil:
		r.failed = err
	}
	return n, err
}

// checkFiles holds the files that came, and those that did not, to the manifest.
func (i *importer) checkFiles(kept []store.KeptFile, absent map[string]bool, allowMissing bool) error {
	var files int
	var bytes int64
	missing := i.manifest.missing()
	for _, f := range kept {
		switch {
		case absent[f.SHA256] && !missing[f.SHA256]:
			return refuse("The file %s is missing from the stream, or has other bytes in it.", f.SHA256)
		case !absent[f.SHA256]:
			files++
			bytes += f.Size
		}
	}
	if len(absent) != len(i.manifest.Missing) || files != i.manifest.Files || bytes != i.manifest.Bytes {
		return refuse("The manifest has %d files with %d bytes, and %d missing; the stream %d with %d, and %d missing.",
			i.manifest.Files, i.manifest.Bytes, len(i.manifest.Missing), files, bytes, len(absent))
	}
	if i.manifest.Content != i.manifest.content(kept) {
		return refuse("The manifest does not sum up to the content that it names.")
	}
	if len(absent) > 0 && !allowMissing {
		return refuse("The stream lacks %d files, which were missing or damaged where it was made, first %s. With --allow-missing the rest is taken in; the versions with these files cannot be opened then.",
			len(absent), i.manifest.Missing[0])
	}
	return nil
}
