// Package webhook posts signed messages to other systems, as Standard Webhooks describes it, and only where it may. It knows
// no event and no database: what is told, to whom, and whether it is tried again is said by whoever calls it.
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"code.dny.dev/ssrf"
)

// Bounds of one post.
const (
	timeout    = 10 * time.Second // for all of it, from the name's look-up to the last byte that is read
	maxHeaders = 16 << 10         // bytes of the answer's headers
	maxAnswer  = 200              // bytes of the answer that are read, and kept of an answer that is an error
)

// Sender posts messages. Its fields may be set before first use.
type Sender struct {
	Timeout time.Duration
	Roots   *tls.Config // how certificates are checked; nil for those that the machine trusts

	hosts Hosts
}

// New returns a sender that posts to these hosts only.
func New(hosts Hosts) *Sender { return &Sender{Timeout: timeout, hosts: hosts} }

// Message is what is posted. The same message keeps its ID and its body however often it is posted.
type Message struct {
	ID      string
	At      time.Time // of this attempt, by which receivers refuse what somebody recorded and sends again
	Body    []byte    // JSON
	Secrets []string  // each signs
}

// ErrNotAllowed says that nothing was sent, because this server may not post there.
var ErrNotAllowed = errors.New("posts may not go there")

// Check says whether posts may go to the address, as far as the address itself tells: ErrNotAllowed if not. Where its name
// leads is looked at when something is sent.
func (s *Sender) Check(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: it is no address", ErrNotAllowed)
	}
	return s.hosts.check(u)
}

// Post sends a message and returns the status that the receiver answers with; 0 when it gives none. Any answer but 200 to
// 299 is an error, which tells the first bytes of it. Redirections are not followed: who may be posted to is configured.
func (s *Sender) Post(ctx context.Context, address string, m Message) (status int, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, fmt.Errorf("%w: it is no address", ErrNotAllowed)
	}
	if err := s.hosts.check(u); err != nil {
		return 0, err
	}
	signatures, err := signatures(m)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(m.Body))
	if err != nil {
		return 0, fmt.Errorf("preparing the post: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "collateral-webhooks")
	request.Header.Set("Webhook-Id", m.ID)
	request.Header.Set("Webhook-Timestamp", strconv.FormatInt(m.At.Unix(), 10))
	request.Header.Set("Webhook-Signature", signatures)

	answer, err := s.client(s.hosts.isTrusted(u)).Do(request)
	if err != nil {
		return 0, s.explain(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 200 && answer.StatusCode <= 299 {
		return answer.StatusCode, nil
	}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // what came is enough
	return answer.StatusCode, refused(answer.StatusCode, text)
}

// client makes a client for one post. It uses no proxy, which would look up the name itself, and keeps no connection, so that
// every post is checked where it really goes. Trusted are addresses whose place is not looked at.
func (s *Sender) client(trusted bool) *http.Client {
	dialer := &net.Dialer{}
	if !trusted {
		// The network card is told the address that the name was looked up to: a name that leads elsewhere the second time is
		// no way in.
		dialer.Control = ssrf.New(ssrf.WithAnyPort()).Safe
	}
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: s.Roots,
			DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxHeaders,
		},
	}
}

// explain says why nothing was answered, without the address: it may hold a key.
func (s *Sender) explain(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		if wrapped.Timeout() {
			return fmt.Errorf("no answer within %s", s.Timeout)
		}
		err = wrapped.Err
	}
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrInvalidHostPort) {
		return fmt.Errorf("%w: its name leads to an address that is not public", ErrNotAllowed)
	}
	return err
}

// refused is an answer that is an error.
func refused(status int, text []byte) error {
	said := strconv.Itoa(status)
	if name := http.StatusText(status); name != "" {
		said += " " + name
	}
	switch {
	case status >= 300 && status <= 399:
		return fmt.Errorf("answered %s: redirections are not followed", said)
	case len(oneLine(text)) > 0:
		return fmt.Errorf("answered %s: %s", said, oneLine(text))
	}
	return fmt.Errorf("answered %s", said)
}

// oneLine makes what somebody else wrote fit to be shown.
func oneLine(text []byte) string {
	blank := func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(blank, strings.ToValidUTF8(string(text), ""))), " ")
}
