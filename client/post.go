package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// poster makes requests.
type poster struct {
	address string
	token   string
	http    *http.Client
}

// receipt is what the server says of a batch.
type receipt struct {
	Accepted   int       `json:"accepted"`
	Duplicates int       `json:"duplicates"`
	Rejected   []refusal `json:"rejected"`
}

// refusal says why the server did not take one use of a batch.
type refusal struct {
	Index  int    `json:"index"`
	Reason string `json:"reason"`
}

// errTooLarge says that a batch has to be sent in parts.
var errTooLarge = errors.New("the request is too large")

// laterError is a failure that may pass by itself. Nothing is known of what was sent.
type laterError struct {
	cause error
	after time.Duration // what the server asked for; 0 when it did not ask
}

// Error implements error.
func (e *laterError) Error() string { return e.cause.Error() }

// Unwrap returns what went wrong.
func (e *laterError) Unwrap() error { return e.cause }

// maxAnswer bounds what is read of an answer: a thousand refusals and to spare.
const maxAnswer = 4 << 20

// send makes one request. Without an error the server has settled every event: it keeps it, or it is among the refusals. The
// error is errTooLarge, ErrToken or a *laterError.
func (p poster) send(ctx context.Context, events [][]byte) ([]refusal, error) {
	body := bodyOf(events)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "collateral-client")
	res, err := p.http.Do(r)
	if err != nil {
		return nil, &laterError{cause: err}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, &laterError{cause: err}
	}
	switch res.StatusCode {
	case http.StatusOK:
		return readReceipt(answer, len(events))
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, fmt.Errorf("%w: %s", ErrToken, problem(res, answer))
	case http.StatusRequestEntityTooLarge:
		return nil, errTooLarge
	}
	return nil, &laterError{cause: errors.New(problem(res, answer)), after: retryAfter(res.Header.Get("Retry-After"), time.Now())}
}

// bodyOf puts events, which are JSON already, into the body of a request.
func bodyOf(events [][]byte) []byte {
	var body bytes.Buffer
	body.WriteString(`{"events":[`)
	body.Write(bytes.Join(events, []byte{','}))
	body.WriteString(`]}`)
	return body.Bytes()
}

// readReceipt believes an answer only if it accounts for each of n events: the page of a proxy has a 200 too.
func readReceipt(answer []byte, n int) ([]refusal, error) {
	var r receipt
	if err := json.Unmarshal(answer, &r); err != nil {
		return nil, &laterError{cause: errors.New("the answer is not the server's: it cannot be read")}
	}
	if r.Accepted < 0 || r.Duplicates < 0 || r.Accepted+r.Duplicates+len(r.Rejected) != n {
		return nil, &laterError{cause: fmt.Errorf("the answer is not the server's: it does not account for %d uses", n)}
	}
	for _, refused := range r.Rejected {
		if refused.Index < 0 || refused.Index >= n {
			return nil, &laterError{cause: fmt.Errorf("the answer is not the server's: there is no use %d", refused.Index)}
		}
	}
	return r.Rejected, nil
}

// problem is what an answer says of itself, in a sentence where it comes from the server.
func problem(res *http.Response, answer []byte) string {
	var p struct{ Detail string }
	if json.Unmarshal(answer, &p) != nil || p.Detail == "" {
		return "the server answers " + res.Status
	}
	return fmt.Sprintf("the server answers %s: %.300s", res.Status, p.Detail)
}

// retryAfter reads the header in both of its forms, seconds and a date; 0 when it is neither.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
