package mail_test

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/mail"
	"collateral/internal/mail/mailtest"
)

func letter() mail.Message {
	return mail.Message{
		ID: "01a2", To: netmail.Address{Name: "Ann Größe", Address: "ann@example.com"}, Subject: "“Prices” waits for a signature",
		Text: "It waits.\n.\nAnd goes on.\n", At: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	for name, security := range map[string]mail.Security{"STARTTLS": mail.StartTLS, "TLS": mail.TLS, "none": mail.None} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &mailtest.Post{}
			s := p.Open(t, security)
			if security != mail.None {
				s.User, s.Password = "registry", mailtest.Password
			}
			if err := s.Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			if len(p.Messages()) != 1 {
				t.Fatalf("got %d messages, want one", len(p.Messages()))
			}
			got, err := netmail.ReadMessage(strings.NewReader(p.Messages()[0]))
			if err != nil {
				t.Fatal(err)
			}
			to, err := got.Header.AddressList("To")
			if err != nil || to[0].Name != "Ann Größe" || to[0].Address != "ann@example.com" {
				t.Errorf("to %v, %v", to, err)
			}
			if id := got.Header.Get("Message-Id"); id != "<01a2@example.com>" {
				t.Errorf("got the id %s", id)
			}
			if security != mail.None && !slices.Equal(p.SignIns(), []string{"registry " + mailtest.Password}) {
				t.Errorf("signed in as %q", p.SignIns())
			}
		})
	}
}

// Where TLS was asked for nothing is sent without it, and a certificate of nobody's is no certificate.
func TestWithoutTrustNothingIsSent(t *testing.T) {
	t.Parallel()
	plain, strange := &mailtest.Post{}, &mailtest.Post{}
	server := plain.Open(t, mail.None)
	server.Security, server.User, server.Password = mail.StartTLS, "registry", mailtest.Password
	wantAnotherTry(t, server.Send(t.Context(), letter()))
	untrusted := strange.Open(t, mail.StartTLS)
	untrusted.Roots, untrusted.User, untrusted.Password = nil, "registry", mailtest.Password
	wantAnotherTry(t, untrusted.Send(t.Context(), letter()))
	for _, p := range []*mailtest.Post{plain, strange} {
		if len(p.Messages()) != 0 || len(p.SignIns()) != 0 {
			t.Errorf("got %d messages, signed in %q", len(p.Messages()), p.SignIns())
		}
	}
}

func TestWhatMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	p := &mailtest.Post{}
	s := p.Open(t, mail.TLS)
	p.Refuse(451)
	wantAnotherTry(t, s.Send(t.Context(), letter()))
	p.Refuse(550)
	if err := s.Send(t.Context(), letter()); collateral.KindOf(err) != collateral.Invalid {
		t.Errorf("a person whom the server does not know: got %v, want no other try", err)
	}
	p.Refuse(0)
	s.User, s.Password = "registry", "a wrong word"
	wantAnotherTry(t, s.Send(t.Context(), letter()))
	s.Port = 1
	wantAnotherTry(t, s.Send(t.Context(), letter()))
}

func wantAnotherTry(t *testing.T, err error) {
	t.Helper()
	if err == nil || collateral.KindOf(err) == collateral.Invalid {
		t.Errorf("got %v, want an error that leaves another try", err)
	}
	if text := fmt.Sprint(err); strings.Contains(text, mailtest.Password) || strings.Contains(text, "a wrong word") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestNothingGetsIntoTheHeaders(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"Prices\r\nBcc: eve@example.com", "Prices\nBcc: eve@example.com\n\nBody", "Prices\rBcc: eve@example.com", "Prices\x00\u2028Bcc: eve@example.com"} {
		p := &mailtest.Post{}
		s := p.Open(t, mail.None)
		m := letter()
		m.Subject, m.To.Name, m.ID = evil, evil, evil
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", evil, err)
		}
		got, err := netmail.ReadMessage(strings.NewReader(p.Messages()[0]))
		if err != nil {
			t.Fatal(err)
		}
		if bcc := got.Header.Get("Bcc"); bcc != "" {
			t.Errorf("%q made a header: %s", evil, bcc)
		}
	}
	p := &mailtest.Post{}
	m := letter()
	m.To.Address = "ann@example.com>\r\nRCPT TO:<eve@example.com"
	if err := p.Open(t, mail.None).Send(t.Context(), m); collateral.KindOf(err) != collateral.Invalid || len(p.Messages()) != 0 {
		t.Errorf("an address of two lines: got %v and %d messages, want a refusal", err, len(p.Messages()))
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		address string
		want    string // host, port, user, security; "" for a refusal
	}{
		{"smtp://mail.example.com", "mail.example.com 587  0"},
		{"smtp://registry@mail.example.com:2525", "mail.example.com 2525 registry 0"},
		{"smtps://registry%40example.com@mail.example.com", "mail.example.com 465 registry@example.com 1"},
		{"smtp://[::1]:25?tls=none", "::1 25  2"},
		{"smtp://mail.example.com?tls=required", "mail.example.com 587  0"},
		{"smtp://u@mail.example.com?tls=none", ""},
		{"smtps://mail.example.com?tls=none", ""},
		{"smtp://mail.example.com?tls=maybe", ""},
		{"smtp://mail.example.com?port=25", ""},
		{"smtp://u:" + "word@mail.example.com", ""},
		{"smtp://u:word\x7f@mail.example.com", ""},
		{"http://mail.example.com", ""},
		{"mail.example.com:25", ""},
		{"smtp://", ""},
		{"smtp://mail.example.com:0", ""},
		{"smtp://mail.example.com/inbox", ""},
	}
	for _, test := range tests {
		s, err := mail.Parse(test.address)
		got := ""
		if err == nil {
			got = fmt.Sprintf("%s %d %s %d", s.Host, s.Port, s.User, s.Security)
		} else if strings.Contains(err.Error(), "word@") {
			err = errors.Join(err, errors.New("it tells the password"))
			t.Error(err)
		}
		if got != test.want {
			t.Errorf("%s: got %q, %v; want %q", test.address, got, err, test.want)
		}
	}
}
