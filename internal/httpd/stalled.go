package httpd

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"collateral/internal/collateral"
)

// stallTime is how long the body of a request may stand still. As a whole it may take any time: files are large and lines
// are slow.
const stallTime = time.Minute

// unlessStalled returns the body of a request so that reading it fails when nothing of it arrives for so long. Otherwise
// clients that hang would hold a connection and a half-written file for ever. answered is to be called after the handler.
func unlessStalled(w http.ResponseWriter, body io.ReadCloser, stall time.Duration) (_ io.ReadCloser, answered func()) {
	if body == nil || body == http.NoBody {
		return body, func() {}
	}
	b := &steadyBody{ReadCloser: body, conn: http.NewResponseController(w), stall: stall}
	b.wait() // net/http looks for the end of a body before a long answer, also of one that nobody reads
	return b, b.answered
}

type steadyBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	stall time.Duration
	ended bool // nothing more of it is read
}

// Read implements io.Reader.
func (b *steadyBody) Read(p []byte) (int, error) {
	b.wait()
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	b.ended = true
	if errors.Is(err, os.ErrDeadlineExceeded) {
		// The time stays over: net/http looks for the end of the body before it answers, and would wait for it without end.
		return n, collateral.Errorf(collateral.Malformed, "The request stopped arriving before its end. Nothing was stored; send it again.")
	}
	// From here on net/http listens for the client's hanging up, for as long as the answer takes.
	_ = b.conn.SetReadDeadline(time.Time{})
	return n, err
}

// answered bounds how long net/http waits for the end of a body that the handler left.
func (b *steadyBody) answered() {
	if !b.ended {
		b.wait()
	}
}

// wait begins the time within which something has to arrive. A writer that knows no deadlines, as in tests, is read without them.
func (b *steadyBody) wait() { _ = b.conn.SetReadDeadline(time.Now().Add(b.stall)) }
