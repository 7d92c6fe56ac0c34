package meiliindex

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// Patience is for how long the server is waited for. Each is for one request, but Task.
type Patience struct {
	Answer time.Duration // to a question, with all that is tried again
	Write  time.Duration // until a batch is taken
	Task   time.Duration // until what was taken is done
	Pause  time.Duration // before a request is tried again; grows with each
}

// patience is that of a server on the same network.
func patience() Patience {
	return Patience{Answer: 5 * time.Second, Write: time.Minute, Task: 15 * time.Minute, Pause: 200 * time.Millisecond}
}

// maxTries is how often a request is sent. All of them may be repeated: a document replaces the one with its key.
const maxTries = 3

// call makes a request, and makes it again when the server was not there or had no time. The client's own way of doing so
// sends an empty body the second time.
func (x *Index) call(ctx context.Context, request func(context.Context) error) error {
	pause := x.Patience.Pause
	for try := 1; ; try++ {
		attempt, cancel := context.WithTimeout(ctx, x.Patience.Write)
		err := told(request(attempt))
		cancel()
		if err == nil || try == maxTries || ctx.Err() != nil || !errors.Is(err, search.ErrUnavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause *= 2
	}
}

// ask is call for a question that somebody waits for.
func (x *Index) ask(ctx context.Context, request func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, x.Patience.Answer)
	defer cancel()
	return x.call(ctx, request)
}

// fault is an answer of the server that is no success, or why a task of it failed.
type fault struct {
	status int // of the answer, 0 for a task's
	code   string
	text   string
}

func (f *fault) Error() string {
	if f.code == "" {
		return fmt.Sprintf("the search server answers with status %d", f.status)
	}
	return fmt.Sprintf("the search server answers %s: %s", f.code, f.text)
}

// The codes of faults that are told apart.
const (
	codeNoSpace  = "no_space_left_on_device"
	codeExists   = "index_already_exists"
	codeNotFound = "index_not_found"
)

// told says what an error of the client means. The client's own text may hold what was sent, and does not wrap its cause.
func told(err error) error {
	var e *meilisearch.Error
	if !errors.As(err, &e) {
		if err != nil { // an answer that was cut off
			return fmt.Errorf("%w: %w", search.ErrUnavailable, err)
		}
		return nil
	}
	f := &fault{status: e.StatusCode, code: e.MeilisearchApiError.Code, text: e.MeilisearchApiError.Message}
	switch {
	case e.ErrCode == meilisearch.MeilisearchTimeoutError || e.ErrCode == meilisearch.MeilisearchCommunicationError:
		return fmt.Errorf("%w: %w", search.ErrUnavailable, e.OriginError)
	case e.ErrCode == meilisearch.ErrCodeResponseUnmarshalBody:
		return fmt.Errorf("%w: what answers speaks another language than Meilisearch (status %d)", search.ErrUnavailable, e.StatusCode)
	case f.code == codeNoSpace:
		return fmt.Errorf("%w: %w", search.ErrFull, f)
	case f.status == http.StatusTooManyRequests || f.status >= http.StatusInternalServerError || f.status == http.StatusRequestTimeout:
		return fmt.Errorf("%w: %w", search.ErrUnavailable, f)
	default:
		return f
	}
}

// hasFault tells whether an error is the server's, with the code.
func hasFault(err error, code string) bool {
	f, ok := errors.AsType[*fault](err)
	return ok && f.code == code
}

// isStatus tells whether an error is an answer of the server with the status.
func isStatus(err error, status int) bool {
	f, ok := errors.AsType[*fault](err)
	return ok && f.status == status
}
