package minioblob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// stream is the answer to one request for bytes of an object.
type stream struct {
	body     io.ReadCloser
	left     int64
	ctx      context.Context //nolint:containedctx // of the request; its cause says why it ended
	cancel   context.CancelCauseFunc
	patience time.Duration
	timer    *time.Timer // cancels the request while it runs
}

// errStalled ends a request to which nothing came for as long as there is patience.
var errStalled = errors.New("nothing came from the store for too long")

// open asks for the bytes of an object between two places.
func (o *object) open(from, to int64) (*stream, error) {
	options := minio.GetObjectOptions{}
	if err := options.SetRange(from, to-1); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(o.ctx)
	s := &stream{left: to - from, ctx: ctx, cancel: cancel, patience: o.Patience, timer: time.AfterFunc(o.Patience, func() { cancel(errStalled) })}
	defer s.timer.Stop()
	body, head, _, err := o.core.GetObject(ctx, o.place.Bucket, o.key, options)
	if err != nil {
		defer cancel(nil)
		return nil, meaning(o.ctx, errors.Join(err, context.Cause(ctx)))
	}
	s.body = body
	if head.Size != to-from {
		s.close()
		return nil, fmt.Errorf("the store gives %d bytes of %d: %w", head.Size, to-from, blob.ErrDamaged)
	}
	return s, nil
}

// Read implements io.Reader. Reading less than was promised is an error.
func (s *stream) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	s.timer.Reset(s.patience)
	n, err := s.body.Read(p[:min(int64(len(p)), s.left)])
	s.timer.Stop()
	s.left -= int64(n)
	switch {
	case err == nil || n > 0:
		return n, nil // an error comes again with the next call
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return 0, fmt.Errorf("%w: %w", blob.ErrUnavailable, errors.Join(err, context.Cause(s.ctx)))
}

func (s *stream) close() {
	s.body.Close()
	s.cancel(nil)
}
