package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What can be told apart with errors.Is.
var (
	// ErrFull is returned by Report: so much waits already that no more is taken.
	ErrFull = errors.New("the queue is full: nothing more is taken until some of it was sent")
	// ErrClosed is returned after Close.
	ErrClosed = errors.New("the client is closed")
	// ErrInUse is returned by New: another client, of this process or another, has the folder.
	ErrInUse = errors.New("the folder is in use by another client")
	// ErrToken is returned by Run and Flush: the server does not take the token. What waits is kept.
	ErrToken = errors.New("the server refuses the token: make a new one, and start again with it")
)

// Client reports uses to one server. Its methods may be called at the same time.
type Client struct {
	settings settings
	queue    queue
	post     poster

	turn   chan struct{} // held by who sends, so that nobody sends the same at the same time
	more   chan struct{} // filled when something was reported
	closed chan struct{}
	close  func() error

	limit int // uses in a request; guarded by turn
}

// New returns a client for the server at baseURL, such as https://collateral.example.com, that reports in the name of
// the token's person. It sends nothing before Run or Flush.
func New(baseURL, token string, options ...Option) (*Client, error) {
	address, err := eventsAddress(baseURL)
	if err != nil {
		return nil, err
	}
	if token == "" || strings.ContainsAny(token, " \r\n") {
		return nil, errors.New("the token is empty or has blanks in it: make one on the account page")
	}
	c := &Client{settings: defaults(), turn: make(chan struct{}, 1), more: make(chan struct{}, 1), closed: make(chan struct{}), limit: maxBatch}
	for _, option := range options {
		option(&c.settings)
	}
	if c.queue, err = c.openQueue(); err != nil {
		return nil, err
	}
	web := *c.settings.http
	// A server that has moved is for people to notice: following would turn the POST into a GET, or show the token elsewhere.
	web.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.post = poster{address: address, token: token, http: &web}
	c.close = sync.OnceValue(func() error {
		close(c.closed)
		return c.queue.close()
	})
	return c, nil
}

func (c *Client) openQueue() (queue, error) {
	if c.settings.folder == "" {
		return &memoryQueue{capacity: c.settings.capacity}, nil
	}
	q, damage, err := openFileQueue(c.settings.folder, c.settings.capacity)
	if damage != nil {
		c.settings.trouble(damage)
	}
	return q, err
}

// eventsAddress is where uses are reported to, below the address of a server.
func eventsAddress(baseURL string) (string, error) {
	u, err := url.Parse(baseURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not the address of a server: write it like https://collateral.example.com", baseURL)
	}
	return u.JoinPath("api", "v1", "usage", "events").String(), nil
}

// Report keeps a use, to be sent by Run. Once it returns nil the use is on disk, or in memory for a client without a
// folder. After any other error than ErrFull and ErrClosed the use may be sent nevertheless: whoever reports it again then
// gives it an ID, the same each time. A full queue is ErrFull: nothing that was reported before is dropped for it.
func (c *Client) Report(ctx context.Context, u Use) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	raw, err := u.encode(time.Now())
	if err != nil {
		return err
	}
	if err := c.queue.put(raw); err != nil {
		return err
	}
	select {
	case c.more <- struct{}{}:
	default:
	}
	return nil
}

// Waiting returns how many uses were reported and are not known to have arrived.
func (c *Client) Waiting() int { return c.queue.waiting() }

// Close ends Run and lets the folder go. What was not sent stays in the folder, for the next client on it; without a
// folder it is lost, and the error says how much. Who wants it sent calls Flush first.
func (c *Client) Close() error { return c.close() }
