package s3test

import (
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
)

// Line leads to a server, and can be cut.
type Line struct {
	URL string // http://127.0.0.1:PORT

	up, down atomic.Int64 // bytes that a connection passes in each direction before it is cut; 0 for any number
}

// NewLine lays a line to the server. Whoever signs requests does so for the line's address.
func (s *Server) NewLine(t testing.TB) *Line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &Line{URL: "http://" + listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go l.pass(conn, strings.TrimPrefix(s.URL, "http://"))
		}
	}()
	return l
}

// CutUploads cuts each connection from now on after so many bytes from the client; 0 mends the line.
func (l *Line) CutUploads(after int64) { l.up.Store(after) }

// CutDownloads cuts each connection from now on after so many bytes from the server; 0 mends the line.
func (l *Line) CutDownloads(after int64) { l.down.Store(after) }

func (l *Line) pass(client net.Conn, to string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	ended := make(chan struct{}, 2)
	go func() { copyUntil(server, client, &l.up); ended <- struct{}{} }()
	go func() { copyUntil(client, server, &l.down); ended <- struct{}{} }()
	<-ended // and with it the other direction
}

// copyUntil copies until the end, or the limit that holds at that moment.
func copyUntil(to io.Writer, from io.Reader, limit *atomic.Int64) {
	buffer := make([]byte, 32<<10)
	for passed := int64(0); ; {
		n, err := from.Read(buffer)
		if most := limit.Load(); most > 0 && passed+int64(n) > most {
			return
		}
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
		passed += int64(n)
	}
}
