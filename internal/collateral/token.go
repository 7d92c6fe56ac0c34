package collateral

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// TokenScope is what a token is taken for.
type TokenScope string

// The scopes.
const (
	AllRolesAllow TokenScope = "all"         // whatever its roles allow
	ReportUses    TokenScope = "report-uses" // to report uses and nothing else: it reads nothing, so pages may show it
)

// Token is a key that a program uses in a person's name. Its secret is shown once and kept only as a hash.
type Token struct {
	ID         uuid.UUID
	UserID     uuid.UUID
	Name       string // what it is for, in the person's words
	Scope      TokenScope
	Roles      []Role // at most these of the person's roles hold for it; none for ReportUses
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time // to the minute; nil before the first use
}

// NewToken is what a person says of a token to be made.
type NewToken struct {
	Name      string
	Scope     TokenScope // AllRolesAllow when it is empty
	Roles     []Role
	ExpiresAt time.Time
}

// Normal returns n as it is stored: the name without outer blanks, each role once.
func (n NewToken) Normal() NewToken {
	n.Name = strings.TrimSpace(n.Name)
	n.Roles = NormalRoles(n.Roles)
	if n.Scope == "" {
		n.Scope = AllRolesAllow
	}
	return n
}

// Check returns one Invalid error that names every fault of a normal NewToken that a person with the roles held asks
// for at now.
func (n NewToken) Check(held []Role, now time.Time) error {
	var f Faults
	checkLine(&f, "/name", n.Name, 1, 100)
	switch {
	case n.Scope != AllRolesAllow && n.Scope != ReportUses:
		f.Add("/scope", "A token is for all that its roles allow, or for report-uses.")
	case n.Scope == ReportUses && len(n.Roles) > 0:
		f.Add("/roles", "A token that only reports uses has no role. Leave the roles out.")
	case n.Scope == AllRolesAllow && len(n.Roles) == 0:
		f.Add("/roles", "Give the token at least one of your roles.")
	}
	for _, r := range n.Roles {
		if !slices.Contains(held, r) {
			f.Add("/roles", "You do not hold the role %q, so your token cannot either.", r)
		}
	}
	switch {
	case !n.ExpiresAt.After(now):
		f.Add("/expires_at", "Say when the token ends, with a time in the future.")
	case n.ExpiresAt.After(now.AddDate(1, 0, 0)):
		f.Add("/expires_at", "A token lives for one year at most. Choose an earlier end.")
	}
	return f.Err("This token cannot be made as described.")
}
