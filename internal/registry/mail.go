package registry

import (
	"context"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/mail"
)

// Limits of mailing notices.
const (
	mailDelay = time.Minute        // what is read, taken back or decided meanwhile is not mailed
	mailLate  = 3 * 24 * time.Hour // what could not be mailed for so long is no news any more
)

// MailNotice mails a notice to whom it tells. One that is gone, read or old is left alone, and so is whoever wants no mail.
// A notice may be mailed twice when a server is killed in between: both have the same message id.
func (r *Registry) MailNotice(ctx context.Context, id uuid.UUID) error {
	row, err := r.Store.Notice(ctx, id)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if row.ReadAt != nil || r.Store.Now().Sub(row.At) > mailLate {
		return nil
	}
	wanted, err := r.Store.WantsMail(ctx, row.UserID)
	if err != nil || !wanted {
		return err
	}
	user, err := r.Store.User(ctx, row.UserID)
	if err != nil || !user.Active {
		return err
	}
	notices, err := r.fillNotices(ctx, []collateral.Notice{*row})
	if err != nil {
		return err
	}
	err = r.Mail.Send(ctx, mail.Message{
		ID: id.String(), To: netmail.Address{Name: user.Name, Address: user.Email}, At: row.At,
		Subject: notices[0].Sentence(), Text: r.letter(&notices[0], user.Name),
	})
	if err != nil {
		return fmt.Errorf("mailing notice %s: %w", id, err)
	}
	return nil
}

// letter is the text of the mail.
func (r *Registry) letter(n *Notice, to string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Hello %s,\n\n%s\n", to, n.Sentence())
	if n.Review != nil && n.Review.Comment != "" {
		b.WriteString("\n")
		for line := range strings.Lines(n.Review.Comment) {
			b.WriteString("> " + strings.TrimRight(line, "\r\n") + "\n")
		}
	}
	if r.PublicURL != "" {
		fmt.Fprintf(&b, "\n%s/notices/%s\n\nTo get no more of these mails: %s/account\n", r.PublicURL, n.ID, r.PublicURL)
	} else {
		b.WriteString("\nIt stands in the registry, under your notices. Your account there says whether they are mailed to you.\n")
	}
	return b.String()
}
