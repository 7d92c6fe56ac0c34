package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// basePath is where the operations of the contract are.
const basePath = "/api/v1"

// client is one person's connection to a server. It costs little, since it shares the processors with the server: requests
// are written as bytes, and an answer is read and, unless it is asked for, not looked at.
type client struct {
	ctx   context.Context // of connections: one that was idle is made anew
	conn  net.Conn
	used  time.Time // last
	read  *bufio.Reader
	host  string
	token string
	buf   []byte
	body  bytes.Buffer // of the last answer
}

// idle is after how long a connection is made anew: servers close those on which nothing comes.
const idle = 5 * time.Second

func (s *server) connect(ctx context.Context, token string) (*client, error) {
	c := &client{ctx: ctx, host: s.address, token: token}
	return c, c.dial()
}

func (c *client) dial() (err error) {
	if c.conn, err = new(net.Dialer).DialContext(c.ctx, "tcp", c.host); err != nil {
		return err
	}
	c.read, c.used = bufio.NewReaderSize(c.conn, 64<<10), time.Now()
	return nil
}

func (c *client) close() {
	if c.conn != nil { // which it is after a server could not be reached again
		_ = c.conn.Close()
	}
}

// do sends a request and reads the answer, which stays in c.body until the next one.
func (c *client) do(method, path, contentType string, body []byte) (status int, err error) {
	return c.exchange(method, path, contentType, body, &c.body)
}

// exchange is do with another place for the answer's body.
func (c *client) exchange(method, path, contentType string, body []byte, to io.Writer) (status int, err error) {
	if time.Since(c.used) > idle {
		c.close()
		if err := c.dial(); err != nil {
			return 0, err
		}
	}
	c.used = time.Now()
	b := c.buf[:0]
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, path...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, c.host...)
	b = append(b, "\r\nAuthorization: Bearer "...)
	b = append(b, c.token...)
	b = append(b, "\r\nCookie: collateral_session="...) // for pages; operations ignore it
	b = append(b, c.token...)
	if contentType != "" {
		b = append(b, "\r\nContent-Type: "...)
		b = append(b, contentType...)
		b = append(b, "\r\nContent-Length: "...)
		b = strconv.AppendInt(b, int64(len(body)), 10)
	}
	b = append(b, "\r\n\r\n"...)
	c.buf = b
	buffers := net.Buffers{b, body}
	if _, err := buffers.WriteTo(c.conn); err != nil {
		return 0, err
	}
	res, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	c.body.Reset()
	_, err = io.Copy(to, res.Body)
	return res.StatusCode, err
}

// want is do for requests whose answer must have a status.
func (c *client) want(status int, method, path, contentType string, body []byte) error {
	got, err := c.do(method, path, contentType, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if got != status {
		return fmt.Errorf("%s %s: got %d, want %d: %s", method, path, got, status, c.body.Bytes())
	}
	return nil
}

// post sends JSON, or nothing, and reads JSON.
func (c *client) post(status int, path string, question, answer any) error {
	contentType, body := "", []byte(nil)
	if question != nil {
		var err error
		if body, err = json.Marshal(question); err != nil {
			return err
		}
		contentType = "application/json"
	}
	if err := c.want(status, http.MethodPost, basePath+path, contentType, body); err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(c.body.Bytes(), answer)
}

// connectAll opens n connections of one person.
func (s *server) connectAll(ctx context.Context, n int, token string) (clients []*client, _ error) {
	for range n {
		c, err := s.connect(ctx, token)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		clients = append(clients, c)
	}
	return clients, nil
}

func closeAll(clients []*client) {
	for _, c := range clients {
		c.close()
	}
}
