// Package mail hands plain-text messages to an SMTP server. It knows no notice and no person: who is written to, and what,
// is said by whoever calls it.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"collateral/internal/collateral"
)

// Server is an SMTP server that takes our mail.
type Server struct {
	Host     string
	Port     int
	User     string // "" signs in as nobody
	Password string
	Security Security
	From     netmail.Address
	Roots    *tls.Config // how certificates are checked; nil for those that the machine trusts
	Timeout  time.Duration
}

// Security is how the connection is kept from others.
type Security int

// The kinds of security. None is never taken where another one was asked for.
const (
	StartTLS Security = iota // TLS from the first command on that would tell anything, or no mail at all
	TLS                      // TLS from the first byte on
	None                     // for a server on the same machine or network
)

// Ports of SMTP where an address names none (RFC 6409 and RFC 8314).
const (
	submissionPort  = 587
	submissionsPort = 465
)

// timeout bounds each step of a conversation with a server.
const timeout = 30 * time.Second

// Parse reads the address of a server: smtp://USER@HOST:PORT, smtps://USER@HOST:PORT, or smtp://HOST:PORT?tls=none. A password
// has no place in it.
func Parse(address string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("write the address of the mail server as smtp://USER@HOST:PORT or smtps://USER@HOST:PORT") // its text may hold a password
	}
	s := &Server{Host: u.Hostname(), User: u.User.Username(), Timeout: timeout}
	switch u.Scheme {
	case "smtp":
		s.Port, s.Security = submissionPort, StartTLS
	case "smtps":
		s.Port, s.Security = submissionsPort, TLS
	default:
		return nil, errors.New("the address of a mail server begins with smtp:// or smtps://")
	}
	if _, told := u.User.Password(); told {
		return nil, errors.New("the address must not hold the password: give it as SMTP_PASSWORD")
	}
	if s.Host == "" || (u.Path != "" && u.Path != "/") || u.Fragment != "" {
		return nil, errors.New("the address of a mail server is smtp://USER@HOST:PORT, and nothing behind it")
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return nil, fmt.Errorf("%s is no port", port)
		}
	}
	switch tls := u.Query().Get("tls"); {
	case tls == "" && u.RawQuery == "", tls == "required":
	case tls == "none" && s.Security == StartTLS && s.User == "":
		s.Security = None
	case tls == "none":
		return nil, errors.New("tls=none is for smtp:// without a user: a password is sent over TLS only")
	default:
		return nil, errors.New("the address may end in ?tls=required or ?tls=none")
	}
	return s, nil
}

// Message is a mail to one person.
type Message struct {
	ID      string // the same for the same message, also when it is sent twice
	To      netmail.Address
	Subject string
	Text    string
	At      time.Time
}

// Send hands a message to the server. A message that the server will never take is Invalid; after any other error another try
// may succeed.
func (s *Server) Send(ctx context.Context, m Message) error {
	letter, err := s.letter(m)
	if err != nil {
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Invalid, "This message cannot be sent."), err)
	}
	client, err := s.client()
	if err != nil {
		return fmt.Errorf("preparing to mail by %s: %w", s.Host, err)
	}
	err = client.DialAndSendWithContext(ctx, letter)
	if refusal, ok := errors.AsType[*gomail.SendError](err); ok && !refusal.IsTemp() && refusal.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", collateral.Errorf(collateral.Invalid, "The mail server does not take this message."), err)
	}
	if err != nil {
		return fmt.Errorf("mailing by %s: %w", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), err)
	}
	return nil
}

func (s *Server) letter(m Message) (*gomail.Msg, error) {
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := letter.FromFormat(oneLine(s.From.Name), s.From.Address); err != nil {
		return nil, err
	}
	if err := letter.AddToFormat(oneLine(m.To.Name), m.To.Address); err != nil {
		return nil, err
	}
	letter.Subject(oneLine(m.Subject))
	letter.SetDateWithValue(m.At)
	_, domain, _ := strings.Cut(s.From.Address, "@")
	letter.SetMessageIDWithValue(oneLine(m.ID) + "@" + domain)
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no absence note answers it
	letter.SetBodyString(gomail.TypeTextPlain, m.Text)
	return letter, nil
}

// oneLine makes a text fit for a header: nothing in it can begin another one.
func oneLine(text string) string {
	blank := func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(blank, text)), " ")
}

func (s *Server) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.Port), gomail.WithTimeout(s.Timeout)}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.Roots != nil {
		roots := s.Roots.Clone()
		roots.ServerName = s.Host
		options = append(options, gomail.WithTLSConfig(roots))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(s.Host, options...)
}
