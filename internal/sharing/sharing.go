// Package sharing holds the use cases on links that are given to buyers: making and revoking them, who gets in, and what
// is shown to whom. Two kinds of people come here: those with an account, who are actors as everywhere, and visitors, who
// have none and are known by a link's token and a key of their own. The package knows no HTTP and no page.
package sharing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"

	"golang.org/x/sync/singleflight"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/machines"
	"collateral/internal/mail"
	"collateral/internal/registry"
	"collateral/internal/store"
	"collateral/internal/usage"
	"collateral/internal/watermark"
)

// The kinds of work that follow a change.
const (
	JobShared = "link-shared" // record that the pieces of a link were shared; the key is the link's id
	JobCode   = "link-code"   // mail a code to a visitor; the key is the visitor's id
)

// Sharing holds the use cases and what they need.
type Sharing struct {
	Store    *store.Store
	Access   *access.Access
	Registry *registry.Registry
	Usage    *usage.Usage
	// Mail takes the codes by which addresses are verified; nil where that cannot be asked for.
	Mail      *mail.Server
	PublicURL string       // where buyers find the pages, without a slash at the end; "" when that is not known
	Log       *slog.Logger // hears of what nobody waits for

	// Marks writes on PDFs whom they were given to; nil where that cannot be done, and they are not given out.
	Marks *watermark.Marker

	// VisitsPerMinute is how many visits one network may begin in a minute, and so many wrong tokens it may try; 0 for any number.
	VisitsPerMinute int

	// Rules tell machines from people. nil takes for a person whoever does more than come.
	Rules *machines.Rules

	begun, unknown, told pace

	lately  burst
	marking singleflight.Group
	marks   marks
}

// Request is what the request of a stranger tells. Nothing in it is known to be right.
type Request struct {
	Token   string // in the address of the link
	Key     string // in the visitor's cookie; empty without one
	Address string // the network address it comes from

	Method    string
	UserAgent string
	Header    func(name string) string // any other header; may be nil
}

// newToken makes the secret part of a link's address: 144 random bits, which nobody finds by trying.
func newToken() string { return randomText(18) }

// newKey makes the value of a visitor's cookie.
func newKey() string { return randomText(24) }

func randomText(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// digest is what is kept of a visitor's key, and of a code.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func audit(ctx context.Context, tx *store.Store, actor collateral.Actor, action string, l *collateral.Link, detail string) error {
	return tx.Audit(ctx, collateral.AuditEntry{ActorID: actor.UserID, Action: action, SubjectKind: "link", SubjectID: l.ID.String(), Detail: detail})
}
