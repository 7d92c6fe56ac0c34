package collateral

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// pointers returns the pointers of the faulty fields that err lists.
func pointers(err error) []string {
	var out []string
	if e, ok := errors.AsType[*Error](err); ok {
		for _, f := range e.Fields {
			out = append(out, f.Pointer)
		}
	}
	return out
}

func TestNewUserNormal(t *testing.T) {
	t.Parallel()
	got := NewUser{Email: " Ada@Example.COM ", Name: " Ada ", Team: "\tNorth\n", Roles: []Role{Admin, Rep, Admin}}.Normal()
	want := NewUser{Email: "ada@example.com", Name: "Ada", Team: "North", Roles: []Role{Rep, Admin}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Normal (-want +got):\n%s", diff)
	}
}

func TestNewUserCheck(t *testing.T) {
	t.Parallel()
	good := NewUser{Email: "ada@example.com", Name: "Ada", Team: "North", Roles: []Role{Rep}}
	with := func(change func(*NewUser)) NewUser {
		n := good
		change(&n)
		return n
	}
	tests := map[string]struct {
		user NewUser
		want []string
	}{
		"good":                  {good, nil},
		"no team":               {with(func(n *NewUser) { n.Team = "" }), nil},
		"address without at":    {with(func(n *NewUser) { n.Email = "ada" }), []string{"/email"}},
		"address with name":     {with(func(n *NewUser) { n.Email = "Ada <ada@example.com>" }), []string{"/email"}},
		"two addresses":         {with(func(n *NewUser) { n.Email = "a@example.com, b@example.com" }), []string{"/email"}},
		"address with zero":     {with(func(n *NewUser) { n.Email = "a\x00@example.com" }), []string{"/email"}},
		"address not UTF-8":     {with(func(n *NewUser) { n.Email = "a\xff@example.com" }), []string{"/email"}},
		"address too long":      {with(func(n *NewUser) { n.Email = strings.Repeat("a", 250) + "@b.de" }), []string{"/email"}},
		"no name":               {with(func(n *NewUser) { n.Name = "" }), []string{"/name"}},
		"name of two lines":     {with(func(n *NewUser) { n.Name = "Ada\nB" }), []string{"/name"}},
		"name not UTF-8":        {with(func(n *NewUser) { n.Name = "Ad\xff" }), []string{"/name"}},
		"name too long":         {with(func(n *NewUser) { n.Name = strings.Repeat("ä", 201) }), []string{"/name"}},
		"longest name":          {with(func(n *NewUser) { n.Name = strings.Repeat("ä", 200) }), nil},
		"team too long":         {with(func(n *NewUser) { n.Team = strings.Repeat("t", 101) }), []string{"/team"}},
		"no role":               {with(func(n *NewUser) { n.Roles = nil }), []string{"/roles"}},
		"unknown role":          {with(func(n *NewUser) { n.Roles = []Role{"boss"} }), []string{"/roles"}},
		"marketer and approver": {with(func(n *NewUser) { n.Roles = []Role{Marketer, Approver} }), []string{"/roles"}},
		"all faults together":   {NewUser{Team: "a\x01"}, []string{"/email", "/name", "/team", "/roles"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.user.Check()
			if diff := cmp.Diff(tt.want, pointers(err)); diff != "" {
				t.Errorf("faulty fields (-want +got):\n%s", diff)
			}
			if tt.want != nil && KindOf(err) != Invalid {
				t.Errorf("got kind %v, want Invalid", KindOf(err))
			}
		})
	}
}

// Every set of roles is possible but those with marketer and approver.
func TestCheckRolesEverySet(t *testing.T) {
	t.Parallel()
	all := Roles()
	for set := 1; set < 1<<len(all); set++ {
		var roles []Role
		for i, r := range all {
			if set&(1<<i) != 0 {
				roles = append(roles, r)
			}
		}
		var f Faults
		CheckRoles(&f, "/roles", roles)
		want := !(slices.Contains(roles, Marketer) && slices.Contains(roles, Approver))
		if got := len(f) == 0; got != want {
			t.Errorf("roles %v: got allowed %v, want %v", roles, got, want)
		}
	}
}

func TestNormalRoles(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want []Role }{
		{nil, []Role{}},
		{[]Role{Admin, Rep}, []Role{Rep, Admin}},
		{[]Role{Rep, Rep}, []Role{Rep}},
		{[]Role{"boss", Admin, "boss"}, []Role{Admin, "boss"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, NormalRoles(tt.in)); diff != "" {
			t.Errorf("NormalRoles(%v) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	tests := []struct {
		password string
		want     bool
	}{
		{"", false},
		{strings.Repeat("ä", MinPassword-1), false},
		{strings.Repeat("ä", MinPassword), true},
		{strings.Repeat("ä", MaxPassword), true},
		{strings.Repeat("ä", MaxPassword+1), false},
	}
	for _, tt := range tests {
		err := CheckPassword("/new_password", tt.password)
		if got := err == nil; got != tt.want {
			t.Errorf("CheckPassword(%q): got allowed %v, want %v", tt.password, got, tt.want)
		}
		if err != nil && !slices.Equal(pointers(err), []string{"/new_password"}) {
			t.Errorf("CheckPassword(%q): got fields %v, want /new_password", tt.password, pointers(err))
		}
	}
}

func TestNewTokenCheck(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	held := []Role{Rep, Leader}
	tests := map[string]struct {
		token NewToken
		want  []string
	}{
		"good":                {NewToken{"export", AllRolesAllow, []Role{Leader}, now.Add(time.Hour)}, nil},
		"one year":            {NewToken{"export", AllRolesAllow, []Role{Rep}, now.AddDate(1, 0, 0)}, nil},
		"more than a year":    {NewToken{"export", AllRolesAllow, []Role{Rep}, now.AddDate(1, 0, 0).Add(time.Second)}, []string{"/expires_at"}},
		"ends now":            {NewToken{"export", AllRolesAllow, []Role{Rep}, now}, []string{"/expires_at"}},
		"role not held":       {NewToken{"export", AllRolesAllow, []Role{Rep, Admin}, now.Add(time.Hour)}, []string{"/roles"}},
		"only reports":        {NewToken{"CRM", ReportUses, nil, now.Add(time.Hour)}, nil},
		"reports, and a role": {NewToken{"CRM", ReportUses, []Role{Rep}, now.Add(time.Hour)}, []string{"/roles"}},
		"another scope":       {NewToken{"CRM", "everything", []Role{Rep}, now.Add(time.Hour)}, []string{"/scope"}},
		"all faults at once":  {NewToken{Scope: AllRolesAllow}, []string{"/name", "/roles", "/expires_at"}},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, pointers(tt.token.Check(held, now))); diff != "" {
			t.Errorf("%s: faulty fields (-want +got):\n%s", name, diff)
		}
	}
}

func TestActorIs(t *testing.T) {
	t.Parallel()
	for _, held := range Roles() {
		actor := Actor{Roles: []Role{held}}
		for _, asked := range Roles() {
			if got, want := actor.Is(asked), held == asked; got != want {
				t.Errorf("a %s: Is(%s) = %v, want %v", held, asked, got, want)
			}
		}
		if !actor.Is(Roles()...) {
			t.Errorf("a %s holds none of all roles", held)
		}
		if actor.Is() {
			t.Errorf("a %s holds one of no roles", held)
		}
	}
}

func TestScopeOf(t *testing.T) {
	t.Parallel()
	me := uuid.New()
	want := map[Role]Scope{
		Rep:      {UserID: me},
		Marketer: {UserID: me},
		Approver: {UserID: me, UnderReview: true},
		Leader:   {UserID: me},
		Admin:    {UserID: me, All: true},
	}
	for _, role := range Roles() {
		if got := ScopeOf(Actor{UserID: me, Roles: []Role{role}}); got != want[role] {
			t.Errorf("scope of a %s: got %+v, want %+v", role, got, want[role])
		}
	}
}
