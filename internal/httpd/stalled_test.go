package httpd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"collateral/internal/collateral"
)

// A body that stands still is given up; one that comes slowly is not, nor is an answer that takes longer than that.
func TestStalledBodies(t *testing.T) {
	t.Parallel()
	const stall = 400 * time.Millisecond
	read := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, answered := unlessStalled(w, r.Body, stall)
		defer answered()
		_, err := io.Copy(io.Discard, body)
		read <- err
		select {
		case <-r.Context().Done():
			read <- context.Cause(r.Context())
		case <-time.After(2 * stall):
			read <- nil
		}
	}))
	t.Cleanup(server.Close)

	send := func(body string, pauses time.Duration, missing int) net.Conn {
		t.Helper()
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(body)+missing); err != nil {
			t.Fatal(err)
		}
		for i := range body {
			<-time.After(pauses)
			if _, err := io.WriteString(conn, body[i:i+1]); err != nil {
				t.Fatal(err)
			}
		}
		return conn
	}
	send("slowly, but it comes", stall/10, 0)
	if err := <-read; err != nil {
		t.Errorf("a slow body: got %v, want it read", err)
	}
	if err := <-read; err != nil {
		t.Errorf("an answer that takes long: its request was ended by %v", err)
	}
	send("half", 0, 4)
	if err := <-read; collateral.KindOf(err) != collateral.Malformed {
		t.Errorf("a body that stands still: got %v, want a refusal", err)
	}
}

// Whoever stands still is answered and let go, also where the body is not read at all: net/http looks for its end before it
// answers.
func TestStalledRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	const stall = 400 * time.Millisecond
	for name, handle := range map[string]func(w io.Writer, body io.Reader){
		"read":                      func(_ io.Writer, body io.Reader) { _, _ = io.Copy(io.Discard, body) },
		"not read":                  func(io.Writer, io.Reader) {},
		"not read, and much to say": func(w io.Writer, _ io.Reader) { _, _ = io.WriteString(w, strings.Repeat("much ", 10_000)) },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, answered := unlessStalled(w, r.Body, stall)
			defer answered()
			w.WriteHeader(http.StatusTeapot)
			handle(w, body)
		}))
		t.Cleanup(server.Close)
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf"); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(20 * stall)); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: got %v, want an answer", name, err)
			continue
		}
		if answer.Body.Close(); answer.StatusCode != http.StatusTeapot || !answer.Close {
			t.Errorf("%s: got status %d, connection closed: %v, want 418 and the end of it", name, answer.StatusCode, answer.Close)
		}
	}
}
