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
// clients that hang would hold a connection and a half-written file for ever.
func unlessStalled(w http.ResponseWriter, body io.ReadCloser, stall time.Duration) io.ReadCloser {
	if body == nil || body == http.NoBody {
		return body
	}
	return &steadyBody{ReadCloser: body, conn: http.NewResponseController(w), stall: stall}
}

type steadyBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	stall time.Duration
}

// Read implements io.Reader.
func (b *steadyBody) Read(p []byte) (int, error) {
	// A writer that knows no deadlines, as in tests, is read without them.
	_ = b.conn.SetReadDeadline(time.Now().Add(b.stall))
	n, err := b.ReadCloser.Read(p)
	if err == nil {
		return n, nil
	}
	// From here on net/http listens for the client's hanging up, for as long as the answer takes.
	_ = b.conn.SetReadDeadline(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = collateral.Errorf(collateral.Malformed, "The request stopped arriving before its end. Nothing was stored; send it again.")
	}
	return n, err
}
