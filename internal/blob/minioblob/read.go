package minioblob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// Open implements blob.Store. It asks for the blob's head only; what is read is asked for then. ctx bounds the reading too.
func (s *Store) Open(ctx context.Context, digest string) (blob.File, blob.Info, error) {
	if err := ctx.Err(); err != nil {
		return nil, blob.Info{}, err
	}
	if !blob.IsDigest(digest) {
		return nil, blob.Info{}, blob.ErrNotFound
	}
	head, err := s.stat(ctx, s.place.key(blob.Key(digest)))
	if err != nil {
		return nil, blob.Info{}, notFound("opening", digest, err)
	}
	info := infoOf(digest, head)
	return &object{Store: s, ctx: ctx, key: head.Key, info: info, mark: markOf(head)}, info, nil
}

// Stat implements blob.Store.
func (s *Store) Stat(ctx context.Context, digest string) (blob.Info, error) {
	if err := ctx.Err(); err != nil {
		return blob.Info{}, err
	}
	if !blob.IsDigest(digest) {
		return blob.Info{}, blob.ErrNotFound
	}
	head, err := s.stat(ctx, s.place.key(blob.Key(digest)))
	if err != nil {
		return blob.Info{}, notFound("looking at", digest, err)
	}
	return infoOf(digest, head), nil
}

func (s *Store) stat(ctx context.Context, key string) (head minio.ObjectInfo, err error) {
	err = s.try(ctx, func(ctx context.Context) (err error) {
		head, err = s.core.StatObject(ctx, s.place.Bucket, key, minio.StatObjectOptions{})
		return err
	})
	return head, err
}

// infoOf keeps whole seconds, which is what the head of an object tells.
func infoOf(digest string, head minio.ObjectInfo) blob.Info {
	return blob.Info{SHA256: digest, Size: head.Size, ModTime: head.LastModified.UTC().Truncate(time.Second)}
}

func notFound(doing, digest string, err error) error {
	if isNotFound(err) {
		return blob.ErrNotFound
	}
	return fmt.Errorf("%s blob %s: %w", doing, digest, err)
}

// youth is how old an object must be for its head to tell a later write: the times in heads are whole seconds by a clock
// that is not ours.
const youth = time.Minute

// Mark implements blob.Marker. It trusts the store that an object changes by being written only.
func (s *Store) Mark(f blob.File) string {
	if o, ok := f.(*object); ok {
		return o.mark
	}
	return ""
}

func markOf(head minio.ObjectInfo) string {
	if time.Since(head.LastModified) < youth {
		return ""
	}
	return fmt.Sprintf("%s %d %d", head.ETag, head.Size, head.LastModified.Unix())
}

// object is a blob that is read by requests for ranges of it.
type object struct {
	*Store
	ctx  context.Context //nolint:containedctx // readers have none; it is Open's
	key  string
	info blob.Info
	mark string
	at   int64 // where Read goes on

	stream *stream // nil, or what the next bytes come from
	asked  int     // how many streams were asked for

	block blockCache
}

// firstRange is what is asked for first: as much as a reader of a range in the middle is likely to want. Whoever reads on
// gets the rest by one more request.
const firstRange = 4 << 20

// Read implements io.Reader. A connection that breaks is made anew, a few times, and gone on with where it broke.
func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.info.Size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	wait := firstPause
	for attempt := 1; ; attempt++ {
		n, err := o.readOnce(p)
		if n > 0 {
			o.at += int64(n)
			return n, nil
		}
		o.close()
		if attempt == attempts || !errors.Is(err, blob.ErrUnavailable) || errors.Is(err, errStalled) || pause(o.ctx, wait) != nil {
			return 0, fmt.Errorf("reading blob %s at %d: %w", o.info.SHA256, o.at, err)
		}
		wait *= 3
	}
}

func (o *object) readOnce(p []byte) (int, error) {
	if o.stream == nil {
		to := o.info.Size
		if o.asked == 0 {
			to = min(to, o.at+firstRange)
		}
		var err error
		if o.stream, err = o.open(o.at, to); err != nil {
			return 0, err
		}
		o.asked++
	}
	n, err := o.stream.Read(p)
	if o.stream.left == 0 {
		o.close()
	}
	return n, err
}

// Seek implements io.Seeker. It asks for nothing.
func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.info.Size
	}
	if offset < 0 {
		return 0, errors.New("seeking before the start of a blob")
	}
	if offset != o.at {
		o.close()
		o.at, o.asked = offset, 0
	}
	return offset, nil
}

// Close implements io.Closer.
func (o *object) Close() error {
	o.close()
	return nil
}

func (o *object) close() {
	if o.stream != nil {
		o.stream.close()
		o.stream = nil
	}
}

// blockSize is how much is fetched for a ReadAt. Parsers of archives read a few bytes here and there, mostly near the last.
const blockSize = 512 << 10

// blockCache is the block that ReadAt fetched last.
type blockCache struct {
	mu    sync.Mutex
	from  int64
	bytes []byte
}

// ReadAt implements io.ReaderAt.
func (o *object) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("reading before the start of a blob")
	}
	o.block.mu.Lock()
	defer o.block.mu.Unlock()
	for n < len(p) {
		if off >= o.info.Size {
			return n, io.EOF
		}
		c := &o.block
		if off < c.from || off >= c.from+int64(len(c.bytes)) {
			if err := o.fetch(off - off%blockSize); err != nil {
				return n, fmt.Errorf("reading blob %s at %d: %w", o.info.SHA256, off, err)
			}
		}
		copied := copy(p[n:], c.bytes[off-c.from:])
		n += copied
		off += int64(copied)
	}
	return n, nil
}

// fetch fills the block.
func (o *object) fetch(from int64) error {
	length := min(blockSize, o.info.Size-from)
	bytes := make([]byte, length)
	err := o.try(o.ctx, func(context.Context) error {
		s, err := o.open(from, from+length) //nolint:contextcheck // it takes the one that the object was opened with
		if err != nil {
			return err
		}
		defer s.close()
		_, err = io.ReadFull(s, bytes)
		return err
	})
	if err == nil {
		o.block.from, o.block.bytes = from, bytes
	}
	return err
}
