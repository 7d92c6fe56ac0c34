package collateral

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Role is what a person may do in the registry. A person may hold several, but never Marketer with Approver:
// otherwise Marketing would sign for Sales.
type Role string

// The roles.
const (
	Rep      Role = "rep"      // finds and uses collateral
	Marketer Role = "marketer" // makes and submits it
	Approver Role = "approver" // signs off for Sales
	Leader   Role = "leader"   // reads the reports, keeps the buying stages
	Admin    Role = "admin"    // keeps people and the machine
)

// Roles returns every role, in the order in which they are listed.
func Roles() []Role { return []Role{Rep, Marketer, Approver, Leader, Admin} }

// User is a person with an account.
type User struct {
	ID        uuid.UUID
	Email     string // lower case, unique
	Name      string
	Team      string // may be empty
	Roles     []Role // held now, in the order of Roles()
	Active    bool
	CreatedAt time.Time
}

// NewUser is what an admin says of a person.
type NewUser struct {
	Email string
	Name  string
	Team  string
	Roles []Role
	// Inactive prepares an account that nobody can sign in to yet.
	Inactive bool
}

// UserFilter narrows a list of people. Zero fields do not narrow.
type UserFilter struct {
	Text   string // within the address, the name or the team, in either case
	Role   Role   // held now
	Active *bool
}

// Normal returns n as it is stored: the address in lower case, texts without outer blanks, each role once.
func (n NewUser) Normal() NewUser {
	n.Email = NormalEmail(n.Email)
	n.Name = strings.TrimSpace(n.Name)
	n.Team = strings.TrimSpace(n.Team)
	n.Roles = NormalRoles(n.Roles)
	return n
}

// Check returns one Invalid error that names every fault of a normal NewUser.
func (n NewUser) Check() error {
	var f Faults
	checkEmail(&f, n.Email)
	checkLine(&f, "/name", n.Name, 1, 200)
	checkLine(&f, "/team", n.Team, 0, 100)
	CheckRoles(&f, "/roles", n.Roles)
	return f.Err("This person cannot be saved as described.")
}

// NormalEmail is how addresses are stored and compared.
func NormalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// IsEmail reports whether s can be the address of an account.
func IsEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

func checkEmail(f *Faults, s string) {
	if !IsEmail(s) {
		f.Add("/email", "This is not an e-mail address. Write it like name@company.com.")
	}
}

// NormalRoles returns each role once, in the order of Roles(), unknown ones at the end.
func NormalRoles(roles []Role) []Role {
	out := make([]Role, 0, len(roles))
	for _, r := range Roles() {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// CheckRoles notes a missing role, unknown roles and the pair that no person may hold.
func CheckRoles(f *Faults, pointer string, roles []Role) {
	if len(roles) == 0 {
		f.Add(pointer, "Give at least one role. To shut somebody out, deactivate the account.")
	}
	for _, r := range roles {
		if !slices.Contains(Roles(), r) {
			f.Add(pointer, "There is no role %q. The roles are rep, marketer, approver, leader and admin.", r)
		}
	}
	if slices.Contains(roles, Marketer) && slices.Contains(roles, Approver) {
		f.Add(pointer, "Nobody can be marketer and approver at once: Sales signs what Marketing made. Give one of the two.")
	}
}

// MinPassword and MaxPassword bound a password's length in characters; the lower bound is that of NIST SP 800-63B,
// section 5.1.1.1.
const (
	MinPassword = 8
	MaxPassword = 200
)

// CheckPassword refuses what is too short to protect an account, or too long to hash.
func CheckPassword(pointer, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return Fault(pointer, "The password is too short: use at least %d characters.", MinPassword)
	case n > MaxPassword:
		return Fault(pointer, "The password is too long: use at most %d characters.", MaxPassword)
	}
	return nil
}

// Actor is who asks: a person, with the roles that hold for this request. A token may carry fewer than the person has.
type Actor struct {
	UserID uuid.UUID
	Roles  []Role
	// TokenID is the API token by which the person came; uuid.Nil for a session.
	TokenID uuid.UUID
	// OnlyReports is a token of the scope ReportUses.
	OnlyReports bool
}

// Is reports whether the actor holds one of the roles.
func (a Actor) Is(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}
