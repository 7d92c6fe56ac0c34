package minioblob

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// attempts bounds how often one request is made, and firstPause how long is waited after the first of them; each later
// pause is three times as long, give or take.
const (
	attempts   = 3
	firstPause = 100 * time.Millisecond
)

// try makes one request, again if it may succeed then, and for no longer than the store's patience in all.
func (s *Store) try(ctx context.Context, request func(ctx context.Context) error) error {
	return s.tryFor(ctx, s.Patience, request)
}

// tryFor is try for requests that may take longer.
func (s *Store) tryFor(ctx context.Context, patience time.Duration, request func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var err error
	wait := firstPause
	for attempt := 1; ; attempt++ {
		if err = request(limited); err == nil {
			return nil
		}
		if attempt == attempts || !passing(err) || pause(limited, wait) != nil {
			break
		}
		wait *= 3
	}
	return meaning(ctx, err)
}

// pause waits about as long as it is told, so that many who failed together do not come again together.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait/2 + rand.N(wait)):
		return nil
	}
}

// passing tells whether a request that failed may succeed when it is made again.
func passing(err error) bool {
	response, answered := errors.AsType[minio.ErrorResponse](err)
	if !answered {
		return !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled)
	}
	switch response.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// meaning is an error of the client in the words of the port. A caller who has gone hears of that and nothing else.
func meaning(ctx context.Context, err error) error {
	if gone := ctx.Err(); gone != nil {
		return gone
	}
	response, answered := errors.AsType[minio.ErrorResponse](err)
	switch {
	case answered && isFull(response):
		return fmt.Errorf("%w: %w", blob.ErrFull, err)
	case answered && (response.Code == minio.NoSuchKey || response.Code == "NotFound"):
		return blob.ErrNotFound
	case answered && response.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return fmt.Errorf("%w: %w", blob.ErrDamaged, err) // it was longer when it was opened
	}
	return fmt.Errorf("%w: %w", blob.ErrUnavailable, err)
}

// isFull knows the ways in which stores say that there is no room.
func isFull(response minio.ErrorResponse) bool {
	switch response.Code {
	case "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientCapacity":
		return true
	}
	return response.StatusCode == http.StatusInsufficientStorage
}

// codeOf is what the store called an error, or "".
func codeOf(err error) string {
	response, _ := errors.AsType[minio.ErrorResponse](err)
	return response.Code
}
