package extract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// answer is what a child writes to its standard output: one JSON object.
type answer struct {
	Result  Result  `json:"result"`
	Failure Failure `json:"failure,omitempty"` // the document's fault
	Fault   string  `json:"fault,omitempty"`   // anybody else's
	Detail  string  `json:"detail,omitempty"`
}

// maxChildStack stops runaway recursion long before the runtime's own limit of 1 GB would.
const maxChildStack = 64 << 20

// ChildMain is the whole of a child process that a Runner starts. It reads the document from in, which must be a
// file and not a pipe, and writes its answer to out. The arguments are the media type and the limits. When it returns
// an error, the process must exit with status 1, which the Runner takes for a fault that is not the document's.
//
// It lowers the memory limit of the process for good: call it in no other.
func ChildMain(args []string, in *os.File, out io.Writer) error {
	if len(args) != 2 {
		return fmt.Errorf("want a media type and limits, got %d arguments", len(args))
	}
	var lim Limits
	if err := json.Unmarshal([]byte(args[1]), &lim); err != nil {
		return fmt.Errorf("reading limits: %w", err)
	}
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("looking at the document: %w", err)
	}
	// The soft limit makes the collector work harder before the hard one ends the process.
	debug.SetMemoryLimit(lim.Memory * 3 / 4)
	debug.SetMaxStack(maxChildStack)
	if err := limitMemory(lim.Memory); err != nil {
		return err
	}

	res, err := Extract(context.Background(), args[0], in, info.Size(), lim)
	a := answer{Result: res}
	if reason, ok := ReasonFor(err); ok {
		a.Failure, a.Detail = reason, err.Error()
	} else if err != nil {
		a.Fault = err.Error()
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return fmt.Errorf("answering: %w", err)
	}
	return nil
}

func readAnswer(raw []byte) (Result, error) {
	var a answer
	switch err := json.Unmarshal(raw, &a); {
	case err != nil:
		return Result{}, fmt.Errorf("reading the answer of the reading process: %w", err)
	case a.Failure != "":
		return Result{}, &childError{a.Failure, a.Detail}
	case a.Fault != "":
		return Result{}, errors.New(a.Fault)
	}
	return a.Result, nil
}

// childError is a child's error with the text it had there.
type childError struct {
	failure Failure
	text    string
}

func (e *childError) Error() string { return e.text }
func (e *childError) Unwrap() error { return e.failure }
