// Package mailtest runs an SMTP server for tests, which keeps what it takes.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"collateral/internal/mail"
)

// Password is the one that the server takes of whoever signs in.
const Password = "very secret word"

// Post is the server. Its zero value takes everything.
type Post struct {
	mu       sync.Mutex
	messages []string
	signIns  []string
	code     int
}

// Messages returns what was taken, as it came.
func (p *Post) Messages() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.messages...)
}

// SignIns returns who signed in or tried to, each with the password.
func (p *Post) SignIns() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.signIns...)
}

// Refuse has the server answer with the code to everybody who is written to; 0 takes everything again.
func (p *Post) Refuse(code int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.code = code
}

// Open serves on a free port until the test ends, and returns the server as it is to be reached, by nobody who signs in.
func (p *Post) Open(tb testing.TB, security mail.Security) *mail.Server {
	tb.Helper()
	certificates, roots := borrowed()
	server := smtp.NewServer(p)
	server.Domain = "post.example"
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		tb.Fatalf("listening at %v, want an address of TCP", listener.Addr())
	}
	if security != mail.None {
		server.TLSConfig = &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS12}
	}
	if security == mail.TLS {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // until it is closed
	}()
	tb.Cleanup(func() {
		_ = listener.Close() // the server may not know it yet
		_ = server.Close()
		<-ended
	})
	return &mail.Server{
		Host: "127.0.0.1", Port: address.Port, Security: security, Timeout: 5 * time.Second,
		From:  netmail.Address{Name: "The registry", Address: "registry@example.com"},
		Roots: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}
}

// borrowed returns the certificate of the standard library's test server, which is for 127.0.0.1.
func borrowed() ([]tls.Certificate, *x509.CertPool) {
	lender := httptest.NewUnstartedServer(nil)
	lender.StartTLS()
	defer lender.Close()
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	return lender.TLS.Certificates, roots
}

var _ smtp.Backend = (*Post)(nil)

// NewSession implements smtp.Backend.
func (p *Post) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{post: p}, nil }

// session is one connection.
type session struct{ post *Post }

var _ smtp.AuthSession = (*session)(nil)

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.post.mu.Lock()
		defer s.post.mu.Unlock()
		s.post.signIns = append(s.post.signIns, user+" "+password)
		if password != Password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.code != 0 {
		return &smtp.SMTPError{Code: s.post.code, Message: "not now, or never"}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.messages = append(s.post.messages, string(content))
	return err
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
