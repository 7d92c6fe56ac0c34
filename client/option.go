package client

import (
	"net/http"
	"time"
)

// Option changes how a client works.
type Option func(*settings)

type settings struct {
	folder      string
	capacity    int64 // bytes
	http        *http.Client
	linger      time.Duration
	first, last time.Duration // the shortest and the longest pause between attempts
	rejected    func(Use, string)
	trouble     func(error)
}

func defaults() settings {
	return settings{
		capacity: 64 << 20,
		http:     &http.Client{Timeout: time.Minute},
		linger:   time.Second,
		first:    time.Second,
		last:     5 * time.Minute,
		rejected: func(Use, string) {},
		trouble:  func(error) {},
	}
}

// InFolder keeps what is reported in a folder, which is made when it is not there. One client at a time can have it. It
// must be on a disk of the machine: over a network, neither locks nor syncs can be relied upon.
func InFolder(path string) Option { return func(s *settings) { s.folder = path } }

// Capacity is how many bytes may wait; 64 MiB when it is not given, some 250,000 uses.
func Capacity(bytes int64) Option { return func(s *settings) { s.capacity = bytes } }

// HTTP is what requests are made with. Its Timeout bounds one request; redirects are never followed.
func HTTP(client *http.Client) Option { return func(s *settings) { s.http = client } }

// Linger is how long Run waits after a use for others to send along with it; a second when it is not given.
func Linger(d time.Duration) Option { return func(s *settings) { s.linger = d } }

// Pauses bounds the time between an attempt that failed and the next; from a second to five minutes when it is not given.
// It doubles with each failure. A server that asks for more is given more, up to an hour.
func Pauses(shortest, longest time.Duration) Option {
	return func(s *settings) { s.first, s.last = shortest, longest }
}

// OnRejected is told of each use that the server refused for good, and why, in a sentence. It is not kept any more. After a
// crash it may be told again. It is called from Run and Flush and must call neither.
func OnRejected(f func(u Use, reason string)) Option { return func(s *settings) { s.rejected = f } }

// OnTrouble is told of each attempt that failed and will be made again, and of a damaged queue. It is for a log. It is called
// from New, Run and Flush.
func OnTrouble(f func(err error)) Option { return func(s *settings) { s.trouble = f } }
