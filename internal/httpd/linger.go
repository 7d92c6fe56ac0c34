package httpd

import (
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// How much of a refused upload is thrown away, and for how long, after it was answered.
const (
	lingerBytes = 64 << 20
	lingerTime  = 10 * time.Second
)

// maxShort is how long a body may be, in bytes, that net/http reads to its end by itself.
const maxShort = 256 << 10

// Linger lets a client learn why its upload is refused. Many clients read the answer only when they have sent everything;
// if the connection were closed on them meanwhile they would report a broken pipe instead. The answer goes out at once,
// then what still comes is read and dropped, within limits and only for people who are signed in. It is called before
// the answer is written, and what it returns after it.
func Linger(w http.ResponseWriter, c *Call) (drop func()) {
	r := c.Request
	unread := r.ContentLength < 0 || r.ContentLength > maxShort
	if c.Actor.UserID == uuid.Nil || !unread {
		return func() {}
	}
	conn := http.NewResponseController(w)
	// Otherwise net/http reads up to 256 kB of the body before it sends the first byte, and nothing after it.
	if err := conn.EnableFullDuplex(); err != nil {
		return func() {}
	}
	w.Header().Set("Connection", "close")
	return func() {
		if conn.Flush() != nil || conn.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, r.Body, lingerBytes) // an error means that the client is gone or done
	}
}
