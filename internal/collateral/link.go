package collateral

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Bounds of what a link may hold and ask for.
const (
	MaxLinked      = 20  // pieces in one link: more is a library, and no answer to a buyer
	MaxAllowed     = 100 // addresses and domains that are let in
	MaxOpens       = 100_000
	MaxOpportunity = 100 // characters
	MinPasscode    = 6   // characters; with the limit of tries, six digits take years to guess
	MaxPasscode    = 100
)

// EmailGate says whether a link asks visitors for their e-mail address.
type EmailGate string

// The e-mail gates.
const (
	GateNone     EmailGate = "none"     // nobody is asked
	GateAsk      EmailGate = "ask"      // the address is asked for, and believed
	GateVerified EmailGate = "verified" // a code that is mailed there has to be given
)

// Link is what is given to a buyer: an address under which some published pieces are shown to people without an account. It
// has an end, it can be revoked, and it knows who came.
type Link struct {
	ID             uuid.UUID
	Token          string // the secret part of the public address; 24 characters of base64url
	CreatedBy      uuid.UUID
	CreatedAt      time.Time
	Title          string // what the buyer reads above the pieces
	Recipient      string // whom it is for; may be empty
	RecipientEmail string // may be empty
	Opportunity    string // the deal, as the company's CRM names it; may be empty
	Pieces         []LinkedPiece
	LinkTerms
	PasscodeHash string     // never shown; empty without a passcode
	PasscodeAt   *time.Time // since when that passcode holds; nil without one
	Opens        int        // visits that took one of MaxOpens
	RevokedAt    *time.Time
	RevokedBy    uuid.UUID
	Revision     int64 // counts changes; the ETag
}

// LinkedPiece is a piece in a link.
type LinkedPiece struct {
	AssetID uuid.UUID
	Title   string // when the link was made
}

// LinkTerms are the conditions of a link that whoever made it can change later.
type LinkTerms struct {
	ExpiresAt *time.Time // nil for no end
	EmailGate EmailGate
	Allowed   []string // who the e-mail gate lets in: addresses, and domains as @example.com; nobody named is everybody
	Downloads bool
	Watermark bool // every page of a PDF that is taken says whom it was given to; no other file can be taken then
	MaxOpens  int  // visits of people; 0 for any number
}

// NewLink is what somebody says of a link to be made.
type NewLink struct {
	Assets         []uuid.UUID
	Title          string // empty takes the title of the first piece
	Recipient      string
	RecipientEmail string
	Opportunity    string
	Passcode       string // empty for none
	LinkTerms
}

// Normal returns t as it is stored: an end in UTC, addresses in lower case, each once and in order.
func (t LinkTerms) Normal() LinkTerms {
	if t.ExpiresAt != nil {
		t.ExpiresAt = new(t.ExpiresAt.UTC().Truncate(time.Microsecond))
	}
	if t.EmailGate == "" {
		t.EmailGate = GateNone
	}
	allowed := make([]string, 0, len(t.Allowed))
	for _, pattern := range t.Allowed {
		if pattern = NormalEmail(pattern); pattern != "" {
			allowed = append(allowed, pattern)
		}
	}
	slices.Sort(allowed)
	t.Allowed = slices.Compact(allowed)
	return t
}

// Normal returns n as it is stored: texts without outer blanks, each piece once, and normal terms.
func (n NewLink) Normal() NewLink {
	n.Title, n.Recipient, n.Opportunity = strings.TrimSpace(n.Title), strings.TrimSpace(n.Recipient), strings.TrimSpace(n.Opportunity)
	n.RecipientEmail = NormalEmail(n.RecipientEmail)
	n.LinkTerms = n.LinkTerms.Normal()
	assets := make([]uuid.UUID, 0, len(n.Assets))
	for _, id := range n.Assets {
		if !slices.Contains(assets, id) {
			assets = append(assets, id)
		}
	}
	n.Assets = assets
	return n
}

// Check notes every fault of a normal NewLink that is made at now by a registry that can mail, or cannot.
func (n NewLink) Check(f *Faults, now time.Time, mails bool) {
	switch count := len(n.Assets); {
	case count == 0:
		f.Add("/assets", "Choose at least one piece.")
	case count > MaxLinked:
		f.Add("/assets", "A link holds %d pieces at most. Make another one for the others.", MaxLinked)
	}
	checkLine(f, "/title", n.Title, 0, 200)
	checkLine(f, "/recipient", n.Recipient, 0, 200)
	if n.RecipientEmail != "" && !IsEmail(n.RecipientEmail) {
		f.Add("/recipient_email", "This is not an e-mail address. Write it like name@company.com.")
	}
	checkLine(f, "/opportunity", n.Opportunity, 0, MaxOpportunity)
	checkPasscode(f, n.Passcode)
	n.check(f, now, mails, n.Recipient != "" || n.RecipientEmail != "")
}

// CheckTerms returns one Invalid error that names every fault of the normal terms that the link was given at now in place of those
// before. What stays as it was is not held against them. A passcode that is nil stays, too.
func (l *Link) CheckTerms(before LinkTerms, passcode *string, now time.Time, mails bool) error {
	var f Faults
	if before.ExpiresAt != nil && l.ExpiresAt != nil && l.ExpiresAt.Equal(*before.ExpiresAt) {
		now = l.ExpiresAt.Add(-time.Second)
	}
	l.check(&f, now, mails || before.EmailGate == GateVerified, l.Recipient != "" || l.RecipientEmail != "")
	if passcode != nil {
		checkPasscode(&f, *passcode)
	}
	return f.Err("The link cannot be changed as described.")
}

// check is told besides whether codes can be mailed, and whether the link says whom it is for.
func (t LinkTerms) check(f *Faults, now time.Time, mails, named bool) {
	if t.ExpiresAt != nil {
		switch {
		case !t.ExpiresAt.After(now):
			f.Add("/expires_at", "Say when the link ends, with a time in the future.")
		case t.ExpiresAt.After(now.AddDate(5, 0, 0)):
			f.Add("/expires_at", "A link ends within five years. Choose an earlier end, or none.")
		}
	}
	switch t.EmailGate {
	case GateNone:
		if len(t.Allowed) > 0 {
			f.Add("/allowed", "Only a link that asks for the e-mail address can tell who it is for. Let it ask, or name nobody.")
		}
	case GateAsk:
	case GateVerified:
		if !mails {
			f.Add("/email_gate", "This registry sends no mail, so addresses cannot be verified. Ask for the address only, or use a passcode.")
		}
	default:
		f.Add("/email_gate", "The e-mail gate is none, ask or verified.")
	}
	if len(t.Allowed) > MaxAllowed {
		f.Add("/allowed", "Name at most %d addresses and domains.", MaxAllowed)
	}
	for i, pattern := range t.Allowed {
		if !isAllowedPattern(pattern) {
			f.Add("/allowed/"+strconv.Itoa(i), "%q is neither an e-mail address nor a domain. Write it like name@company.com or @company.com.", pattern)
		}
	}
	if t.Watermark && t.EmailGate == GateNone && !named {
		f.Add("/watermark", "Say whom the link is for, or let it ask for the e-mail address: that is what is written on the pages.")
	}
	if t.MaxOpens < 0 || t.MaxOpens > MaxOpens {
		f.Add("/max_opens", "Say how often the link can be opened, between 1 and %d, or nothing for any number.", MaxOpens)
	}
}

func checkPasscode(f *Faults, passcode string) {
	if passcode != "" {
		checkLine(f, "/passcode", passcode, MinPasscode, MaxPasscode)
	}
}

// isAllowedPattern reports whether s is an address, or a domain behind an @.
func isAllowedPattern(s string) bool {
	if domain, ok := strings.CutPrefix(s, "@"); ok {
		return strings.Contains(domain, ".") && !strings.Contains(domain, "@") && IsEmail("name@"+domain)
	}
	return IsEmail(s)
}

// Admits reports whether the terms let a normal e-mail address in. A domain does not include those below it.
func (t LinkTerms) Admits(email string) bool {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return false
	}
	return len(t.Allowed) == 0 || slices.Contains(t.Allowed, email) || slices.Contains(t.Allowed, email[at:])
}

// TakenBy is what is written on the pages of a PDF that the visitor takes: the visitor's own address where it was given, else whom
// the link is for.
func (l *Link) TakenBy(v *Visitor) string {
	for _, name := range []string{v.Email, l.RecipientEmail} {
		if name != "" {
			return name
		}
	}
	return l.Recipient
}

// ForBuyers reports whether a piece that Sales signed for this audience may be given to people outside.
func (a Audience) ForBuyers() bool { return a == ForCustomer || a == ForPartner }

// LinkState is what became of a link.
type LinkState string

// The states of a link. All but the first are ends.
const (
	LinkLive    LinkState = "live"
	LinkRevoked LinkState = "revoked"
	LinkExpired LinkState = "expired"
	LinkUsedUp  LinkState = "used_up" // it was opened as often as it may be
)

// LinkStates returns every state of a link.
func LinkStates() []LinkState { return []LinkState{LinkLive, LinkRevoked, LinkExpired, LinkUsedUp} }

// State returns what became of the link until now.
func (l *Link) State(now time.Time) LinkState {
	switch {
	case l.RevokedAt != nil:
		return LinkRevoked
	case l.ExpiresAt != nil && !now.Before(*l.ExpiresAt):
		return LinkExpired
	case l.MaxOpens > 0 && l.Opens >= l.MaxOpens:
		return LinkUsedUp
	}
	return LinkLive
}
