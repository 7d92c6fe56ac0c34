package collateral

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notice.
const (
	NoticeWaits            NoticeKind = "waits"             // to approvers: a version could be signed; it goes when that is over
	NoticeChangesRequested NoticeKind = "changes_requested" // to those who make the piece, as all that follow
	NoticeRejected         NoticeKind = "rejected"
	NoticeSigned           NoticeKind = "signed"
	NoticePublished        NoticeKind = "published"
	NoticeWithdrawn        NoticeKind = "withdrawn"
	NoticeFlagged          NoticeKind = "flagged"     // somebody takes it to be outdated
	NoticeFlagFixed        NoticeKind = "flag_fixed"  // to who flagged it: it was put right
	NoticeFlagKept         NoticeKind = "flag_kept"   // to who flagged it: it stays as it is
	NoticeReviewSoon       NoticeKind = "review_soon" // its review date is near
	NoticeReviewDue        NoticeKind = "review_due"  // its review date has come
	NoticeWebhookOff       NoticeKind = "webhook_off" // to admins: a webhook was switched off; it is about no piece
)

// Notice tells one person of something that happened, mostly to a piece, and leads there. It holds ids only: what it says is made
// of what they lead to.
type Notice struct {
	ID        uuid.UUID
	UserID    uuid.UUID // whom it tells
	Kind      NoticeKind
	AssetID   uuid.UUID // uuid.Nil when it is about no piece
	VersionID uuid.UUID // uuid.Nil when it is about no version
	By        uuid.UUID // who did it; uuid.Nil when nobody did
	Due       string    // YYYY-MM-DD, of what is about a date; else empty
	At        time.Time
	ReadAt    *time.Time // nil for unread
}

// SoonDays is how many days before a piece's review date its owner is told that it is near.
const SoonDays = 14

// Sentence says what the notice tells. by is the name of who did it.
func (n *Notice) Sentence(title, by string) string {
	if by == "" {
		by = "Somebody"
	}
	switch n.Kind {
	case NoticeWaits:
		return fmt.Sprintf("“%s” waits for a signature. %s sent it.", title, by)
	case NoticeChangesRequested:
		return fmt.Sprintf("%s asks for changes of “%s”.", by, title)
	case NoticeRejected:
		return fmt.Sprintf("%s rejected “%s”.", by, title)
	case NoticeSigned:
		return fmt.Sprintf("%s signed “%s”. It can be published.", by, title)
	case NoticePublished:
		return fmt.Sprintf("%s published “%s”.", by, title)
	case NoticeWithdrawn:
		return fmt.Sprintf("%s withdrew “%s”.", by, title)
	case NoticeFlagged:
		return fmt.Sprintf("%s takes “%s” to be outdated.", by, title)
	case NoticeFlagFixed:
		return fmt.Sprintf("%s has put right what you flagged in “%s”.", by, title)
	case NoticeFlagKept:
		return fmt.Sprintf("%s keeps “%s” as it is and says why.", by, title)
	case NoticeReviewSoon:
		return fmt.Sprintf("“%s” is to be looked at again by %s.", title, dayInWords(n.Due))
	case NoticeReviewDue:
		return fmt.Sprintf("“%s” was to be looked at again by %s.", title, dayInWords(n.Due))
	case NoticeWebhookOff:
		return "A webhook was switched off, because its receiver takes nothing. It is not told of anything until it is switched on again."
	}
	return title
}

func dayInWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("2 January 2006")
}
