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

// The pauses between two looks at a task: the first, and the longest.
const (
	firstLook   = 5 * time.Millisecond
	longestLook = time.Second
)

// do has the server do something, and waits until it is done. A task that fails is a fault with the task's code.
func (x *Index) do(ctx context.Context, request func(context.Context) (*meilisearch.TaskInfo, error)) error {
	var taken *meilisearch.TaskInfo
	err := x.call(ctx, func(ctx context.Context) (err error) {
		taken, err = request(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return x.wait(ctx, taken.TaskUID)
}

// wait returns when the task is done. The client's own wait has no end, and takes a failed task for a success.
func (x *Index) wait(ctx context.Context, uid int64) error {
	ctx, cancel := context.WithTimeout(ctx, x.Patience.Task)
	defer cancel()
	for pause := firstLook; ; pause = min(2*pause, longestLook) {
		var task *meilisearch.Task
		err := x.call(ctx, func(ctx context.Context) (err error) {
			task, err = x.client.GetTaskWithContext(ctx, uid)
			return err
		})
		switch {
		case isStatus(err, http.StatusNotFound):
			// Old tasks are deleted. What it did may be sent again.
			return fmt.Errorf("%w: the search server has forgotten task %d, which was waited for", search.ErrUnavailable, uid)
		case err != nil:
			return fmt.Errorf("waiting for task %d: %w", uid, err)
		}
		switch task.Status {
		case meilisearch.TaskStatusSucceeded:
			return nil
		case meilisearch.TaskStatusCanceled:
			return fmt.Errorf("%w: somebody has canceled task %d of the search server", search.ErrUnavailable, uid)
		case meilisearch.TaskStatusFailed:
			return failure(task)
		case meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing, meilisearch.TaskStatusUnknown:
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: task %d was not done in %s", search.ErrUnavailable, uid, x.Patience.Task)
		case <-time.After(pause):
		}
	}
}

// kindInvalid is the kind of a task's error that blames what was sent.
const kindInvalid = "invalid_request"

// errBlamed marks the failure of a task for what was sent, and not for anything about the server.
var errBlamed = errors.New("what was sent is at fault")

func failure(task *meilisearch.Task) error {
	f := &fault{code: task.Error.Code, text: task.Error.Message}
	switch {
	case f.code == codeNoSpace:
		return fmt.Errorf("%w: %w", search.ErrFull, f)
	case task.Error.Type == kindInvalid:
		return fmt.Errorf("%w: %w", errBlamed, f)
	default:
		return f
	}
}
