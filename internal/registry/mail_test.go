package registry_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/jobs"
	"collateral/internal/mail"
	"collateral/internal/mail/mailtest"
	"collateral/internal/registry"
)

// mailer is a runner of the mails of a world, which loses no time.
func (w *world) mailer(log *slog.Logger) *jobs.Runner {
	r := jobs.New(w.Store, map[string]jobs.Handler{registry.JobMail: w.MailNotice}, log)
	r.Poll, r.Backoff = 10*time.Millisecond, func(int) time.Duration { return 0 }
	return r
}

// later has the clock of the world go on, so that mails are due.
func (w *world) later(d time.Duration) {
	present := w.Store.Now
	w.Store.Now = func() time.Time { return present().Add(d) }
}

func (w *world) drain(r *jobs.Runner) {
	w.t.Helper()
	if err := r.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func TestNoticesAreMailed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		post := &mailtest.Post{}
		w.Mail, w.PublicURL = post.Open(t, mail.StartTLS), "https://collateral.example.com"
		if err := w.access.SetMail(ctx, w.abe, false); err != nil {
			t.Fatal(err)
		}
		a := w.created("Prices — “new”", "one")
		w.submit(w.mia, a.ID)
		gone := w.created("Taken back", "two")
		w.submit(w.mia, gone.ID)
		must(w.Unsubmit(ctx, w.mia, gone.ID))(t)
		w.later(2 * time.Minute)
		w.drain(w.mailer(w.Log))
		sent := post.Messages()
		if len(sent) != 1 {
			t.Fatalf("got %d mails, want one: abe wants none, and the other piece was taken back\n%s", len(sent), strings.Join(sent, "\n"))
		}
		letter, err := netmail.ReadMessage(strings.NewReader(sent[0]))
		if err != nil {
			t.Fatal(err)
		}
		subject := must(new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject")))(t)
		if want := "“Prices — “new”” waits for a signature. mia sent it."; subject != want || !strings.Contains(letter.Header.Get("To"), "ann@example.com") {
			t.Errorf("got %q to %s, want %q to ann", subject, letter.Header.Get("To"), want)
		}
		told, _, err := w.Notices(ctx, w.ann, collateral.Paging{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		text := string(must(io.ReadAll(quotedprintable.NewReader(letter.Body)))(t))
		if link := "https://collateral.example.com/notices/" + told[0].ID.String(); !strings.Contains(text, link) {
			t.Errorf("the mail lacks %s:\n%s", link, text)
		}

		// What was read, what is old and what is gone is no news.
		for _, id := range []uuid.UUID{told[0].ID, uuid.New()} {
			if err := w.ReadNotices(ctx, w.ann); err != nil {
				t.Fatal(err)
			}
			if err := w.MailNotice(ctx, id); err != nil {
				t.Error(err)
			}
		}
		must(w.Review(ctx, w.ann, a.ID, 1, collateral.RequestChanges, "The price is old.\nMend it."))(t)
		w.later(4 * 24 * time.Hour)
		w.drain(w.mailer(w.Log))
		if n := len(post.Messages()); n != 1 {
			t.Errorf("got %d mails in all, want the one", n)
		}
	})
}

// A server that is away holds up nothing: the mail comes when it is back. Nobody reads the password in the log.
func TestMailWaitsForItsServer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		post := &mailtest.Post{}
		w.Mail = post.Open(t, mail.TLS)
		w.Mail.User, w.Mail.Password = "registry", mailtest.Password
		port := w.Mail.Port
		w.Mail.Port = 1 // nobody is there
		w.submit(w.mia, w.created("Deck", "one").ID)
		w.later(2 * time.Minute)
		var log bytes.Buffer
		tried := 0
		r := w.mailer(slog.New(slog.NewTextHandler(&log, nil)))
		r.Workers = 1
		r.Attempted = func(_, outcome string, _ time.Duration) {
			if tried++; tried == 2 {
				w.Mail.Port = port
			}
			if outcome != "done" && outcome != "failed" {
				t.Errorf("attempt %d: %s", tried, outcome)
			}
		}
		w.drain(r)
		if n := len(post.Messages()); n != 2 {
			t.Errorf("got %d mails, want one for each approver", n)
		}
		if !strings.Contains(log.String(), "job failed") || strings.Contains(log.String(), mailtest.Password) {
			t.Errorf("the log lacks the failure, or tells the password:\n%s", log.String())
		}
	})
}
