package sharing_test

import (
	"io"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/mail"
	"collateral/internal/mail/mailtest"
	"collateral/internal/sharing"
)

// mailed does the mails that wait and returns the code in the last one of n.
func (w *world) mailed(post *mailtest.Post, n int) string {
	w.t.Helper()
	r := jobs.New(w.Store, map[string]jobs.Handler{sharing.JobCode: w.MailCode}, w.Log)
	if err := r.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	sent := post.Messages()
	if len(sent) != n {
		w.t.Fatalf("got %d mails, want %d", len(sent), n)
	}
	letter := must(netmail.ReadMessage(strings.NewReader(sent[n-1])))(w.t)
	text := string(must(io.ReadAll(quotedprintable.NewReader(letter.Body)))(w.t))
	found := regexp.MustCompile(`Your code is ([0-9]{6})\.`).FindStringSubmatch(text)
	if found == nil || !strings.Contains(letter.Header.Get("To"), "jo@example.com") {
		w.t.Fatalf("got no code for jo in:\n%s", sent[n-1])
	}
	return found[1]
}

// wrong is a code that is not the one given.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestAddressIsVerified(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		post := &mailtest.Post{}
		w.Mail = post.Open(t, mail.StartTLS)
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}, LinkTerms: collateral.LinkTerms{EmailGate: collateral.GateVerified}})
		b := w.browser(l)
		b.sees(collateral.AskEmail)
		if ask, err := b.email("jo@example.com"); err != nil || ask != collateral.AskCode {
			t.Fatalf("got asked for %q and error %v, want the code", ask, err)
		}
		_, err := b.code("000000")
		wantKind(t, "before the mail", err, collateral.Forbidden, "/code")
		code := w.mailed(post, 1)
		for range collateral.CodeTries {
			_, err := b.code(wrong(code))
			wantKind(t, "a wrong code", err, collateral.Forbidden, "/code")
		}
		_, err = b.code(code)
		wantKind(t, "the code after too many tries", err, collateral.Forbidden, "/code")
		_, err = b.email("jo@example.com")
		if err != nil {
			t.Fatal(err)
		}
		w.later(time.Minute)
		code = w.mailed(post, 2)
		w.later(16 * time.Minute)
		_, err = b.code(code)
		wantKind(t, "a code that ended", err, collateral.Forbidden, "/code")
		if _, err = b.email("jo@example.com"); err != nil {
			t.Fatal(err)
		}
		code = w.mailed(post, 3)
		other := w.browser(l)
		if _, err = other.email("jo@example.com"); err != nil {
			t.Fatal(err)
		}
		_, err = other.code(code)
		wantKind(t, "the code of another visitor", err, collateral.Forbidden, "/code")
		b.passes(b.code(code[:3] + " " + code[3:]))
		b.sees(collateral.AskNothing)
		if f := w.reload(l.ID).Figures; f.Counted != 1 {
			t.Errorf("got %+v, want one counted visit", f)
		}
	})
}

func TestCodesAreLimited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		post := &mailtest.Post{}
		w.Mail = post.Open(t, mail.StartTLS)
		l := w.made(collateral.NewLink{Assets: []uuid.UUID{w.published("Deck")}, LinkTerms: collateral.LinkTerms{EmailGate: collateral.GateVerified}})
		b := w.browser(l)
		b.sees(collateral.AskEmail)
		for range 5 {
			if _, err := b.email("jo@example.com"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := b.email("jo@example.com")
		wantKind(t, "a sixth mail", err, collateral.TooMany)
		w.later(16 * time.Minute)
		w.mailless(post) // what was asked for so long ago is not mailed
	})
}

func (w *world) mailless(post *mailtest.Post) {
	w.t.Helper()
	r := jobs.New(w.Store, map[string]jobs.Handler{sharing.JobCode: w.MailCode}, w.Log)
	if err := r.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if sent := post.Messages(); len(sent) != 0 {
		w.t.Errorf("got %d mails, want none", len(sent))
	}
}
