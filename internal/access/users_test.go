package access_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
)

func TestCreateUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		if has, err := h.HasUsers(t.Context()); has || err != nil {
			t.Errorf("HasUsers at first: got %v, %v", has, err)
		}
		admin := h.add(t, "root@example.com", collateral.Admin)
		if has, err := h.HasUsers(t.Context()); !has || err != nil {
			t.Errorf("HasUsers: got %v, %v", has, err)
		}
		actor := actorOf(admin)
		ada, made, err := h.CreateUser(t.Context(), &actor, collateral.NewUser{Email: " ADA@example.com", Name: "Ada ", Team: " North", Roles: []collateral.Role{collateral.Rep}}, "")
		if err != nil {
			t.Fatal(err)
		}
		want := collateral.User{ID: ada.ID, Email: "ada@example.com", Name: "Ada", Team: "North", Roles: []collateral.Role{collateral.Rep}, Active: true, CreatedAt: h.Now()}
		if diff := cmp.Diff(want, ada); diff != "" {
			t.Errorf("person (-want +got):\n%s", diff)
		}
		if _, err := h.SignIn(t.Context(), "ada@example.com", made, home); err != nil {
			t.Errorf("signing in with the password made: %v", err)
		}
		users, _, err := h.Users(t.Context(), actor, collateral.UserFilter{}, collateral.Paging{Limit: 10})
		if diff := cmp.Diff([]collateral.User{ada, admin}, users); diff != "" || err != nil {
			t.Errorf("list: %v (-want +got):\n%s", err, diff)
		}
		entries, _, err := h.AuditLog(t.Context(), actor, collateral.AuditFilter{Action: "user.created"}, collateral.Paging{Limit: 10})
		if err != nil || len(entries) != 2 || entries[0].ActorID != admin.ID || entries[0].SubjectID != ada.ID.String() || entries[1].ActorID != (collateral.Actor{}).UserID {
			t.Errorf("audit log: got %+v, %v, want ada by the admin, the admin by nobody", entries, err)
		}
	})
}

func TestCreateUserPreparedOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.add(t, "root@example.com", collateral.Admin)
		ada, _, err := h.CreateUser(t.Context(), nil, collateral.NewUser{Email: "ada@example.com", Name: "Ada", Roles: []collateral.Role{collateral.Rep}, Inactive: true}, password)
		if err != nil || ada.Active {
			t.Fatalf("got %+v, %v, want an account that is not active", ada, err)
		}
		_, err = h.SignIn(t.Context(), ada.Email, password, home)
		checkKind(t, "before it is activated", err, collateral.Unauthenticated)
		if _, err := h.ChangeUser(t.Context(), actorOf(admin), ada.ID, change{Active: new(true)}); err != nil {
			t.Fatal(err)
		}
		h.signIn(t, ada.Email)
	})
}

func TestCreateUserRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep)
		good := collateral.NewUser{Email: "new@example.com", Name: "New", Roles: []collateral.Role{collateral.Rep}}
		_, _, err := h.CreateUser(t.Context(), nil, collateral.NewUser{Roles: []collateral.Role{collateral.Marketer, collateral.Approver}}, password)
		checkKind(t, "faulty person", err, collateral.Invalid)
		checkFields(t, "faulty person", err, "/email", "/name", "/roles")
		_, _, err = h.CreateUser(t.Context(), nil, good, "short")
		checkFields(t, "short password", err, "/password")
		taken := good
		taken.Email = "Ada@Example.com"
		_, _, err = h.CreateUser(t.Context(), nil, taken, password)
		checkKind(t, "address taken", err, collateral.Conflict)
		checkFields(t, "address taken", err, "/email")
		users, _, err := h.store.Users(t.Context(), collateral.UserFilter{}, collateral.Paging{Limit: 10})
		if diff := cmp.Diff([]collateral.User{ada}, users); diff != "" || err != nil {
			t.Errorf("people after refusals: %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestOnlyAdminsKeepPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		ada := h.add(t, "ada@example.com", collateral.Rep, collateral.Leader)
		for _, role := range collateral.Roles() {
			actor := collateral.Actor{UserID: ada.ID, Roles: []collateral.Role{role}}
			_, _, listErr := h.Users(t.Context(), actor, collateral.UserFilter{}, collateral.Paging{Limit: 1})
			_, _, auditErr := h.AuditLog(t.Context(), actor, collateral.AuditFilter{}, collateral.Paging{Limit: 1})
			_, _, createErr := h.CreateUser(t.Context(), &actor, collateral.NewUser{Email: string(role) + "@example.com", Name: "New", Roles: []collateral.Role{role}}, password)
			_, changeErr := h.ChangeUser(t.Context(), actor, ada.ID, change{Team: new("South")})
			for what, err := range map[string]error{"Users": listErr, "AuditLog": auditErr, "CreateUser": createErr, "ChangeUser": changeErr} {
				if role == collateral.Admin {
					if err != nil {
						t.Errorf("%s by an admin: %v", what, err)
					}
					continue
				}
				checkKind(t, what+" by a "+string(role), err, collateral.Forbidden)
			}
		}
	})
}

func TestChangeUser(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.add(t, "root@example.com", collateral.Admin)
		ada := h.add(t, "ada@example.com", collateral.Rep, collateral.Marketer)
		session := h.signIn(t, ada.Email)
		before := len(h.audited(t))
		h.pass(time.Hour)
		got, err := h.ChangeUser(t.Context(), actorOf(admin), ada.ID, change{
			Email: new(" Countess@Example.com"), Team: new("South"), Roles: new([]collateral.Role{collateral.Approver, collateral.Rep}),
		})
		if err != nil {
			t.Fatal(err)
		}
		want := ada
		want.Email, want.Team, want.Roles = "countess@example.com", "South", []collateral.Role{collateral.Rep, collateral.Approver}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("person (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want.Roles, h.actor(t, session).Roles); diff != "" {
			t.Errorf("roles of the next request (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"user.changed email team", "role.ended marketer", "role.granted approver"}, h.audited(t)[before:]); diff != "" {
			t.Errorf("audit log (-want +got):\n%s", diff)
		}
		for _, entry := range h.audited(t) {
			if strings.Contains(entry, "@") || strings.Contains(entry, "South") {
				t.Errorf("the audit log tells about the person: %s", entry)
			}
		}
		if got, err = h.ChangeUser(t.Context(), actorOf(admin), ada.ID, change{}); err != nil || !cmp.Equal(got, want) {
			t.Errorf("a change of nothing: got %+v, %v", got, err)
		}
		if n := len(h.audited(t)); n != before+3 {
			t.Errorf("a change of nothing was recorded: %v", h.audited(t))
		}
	})
}

func TestChangeUserRefusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := actorOf(h.add(t, "root@example.com", collateral.Admin))
		ada := h.add(t, "ada@example.com", collateral.Marketer)
		tests := map[string]struct {
			change change
			kind   collateral.Kind
			fields []string
		}{
			"no name":               {change{Name: new(" ")}, collateral.Invalid, []string{"/name"}},
			"no roles":              {change{Roles: new([]collateral.Role{})}, collateral.Invalid, []string{"/roles"}},
			"marketer and approver": {change{Roles: new([]collateral.Role{collateral.Marketer, collateral.Approver})}, collateral.Invalid, []string{"/roles"}},
			"address taken":         {change{Email: new("ROOT@example.com")}, collateral.Conflict, []string{"/email"}},
			"short password":        {change{Password: new("short")}, collateral.Invalid, []string{"/password"}},
		}
		for name, tt := range tests {
			_, err := h.ChangeUser(t.Context(), admin, ada.ID, tt.change)
			checkKind(t, name, err, tt.kind)
			checkFields(t, name, err, tt.fields...)
		}
		_, err := h.ChangeUser(t.Context(), admin, h.store.NewID(), change{Name: new("X")})
		checkKind(t, "unknown person", err, collateral.NotFound)
		if got, err := h.User(t.Context(), ada.ID); err != nil || !cmp.Equal(got, ada) {
			t.Errorf("after refusals: got %+v, %v, want %+v", got, err, ada)
		}
	})
}

func TestDeactivate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.add(t, "root@example.com", collateral.Admin)
		ada := h.add(t, "ada@example.com", collateral.Rep)
		session := h.signIn(t, ada.Email)
		_, secret, err := h.CreateToken(t.Context(), actorOf(ada), collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		for _, active := range []bool{false, true} {
			if _, err := h.ChangeUser(t.Context(), actorOf(admin), ada.ID, change{Active: new(active)}); err != nil {
				t.Fatal(err)
			}
			if h.holds(t, session) || h.holds(t, secret) {
				t.Errorf("active %v: the session or the token from before holds", active)
			}
		}
		h.signIn(t, ada.Email)
		audited := h.audited(t)
		if diff := cmp.Diff([]string{"user.deactivated", "user.activated", "session.started"}, audited[len(audited)-3:]); diff != "" {
			t.Errorf("audit log (-want +got):\n%s", diff)
		}
	})
}

func TestLastAdminStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		root := h.add(t, "root@example.com", collateral.Admin)
		other := h.add(t, "other@example.com", collateral.Admin)
		actor := actorOf(root)
		toRep := change{Roles: new([]collateral.Role{collateral.Rep})}
		h.pass(time.Minute)
		if _, err := h.ChangeUser(t.Context(), actor, other.ID, change{Active: new(false)}); err != nil {
			t.Fatalf("deactivating one of two: %v", err)
		}
		for name, c := range map[string]change{"losing the role": toRep, "deactivated": {Active: new(false)}} {
			_, err := h.ChangeUser(t.Context(), actor, root.ID, c)
			checkKind(t, name, err, collateral.Conflict)
		}
		if _, err := h.ChangeUser(t.Context(), actor, root.ID, change{Name: new("Root"), Roles: new([]collateral.Role{collateral.Rep, collateral.Admin})}); err != nil {
			t.Errorf("a change that keeps the role: %v", err)
		}
		if _, err := h.ChangeUser(t.Context(), actor, other.ID, toRep); err != nil {
			t.Errorf("the role of an admin who is not active: %v", err)
		}
	})
}

// Two admins who take the role from each other at the same moment: one of them stays.
func TestLastAdminStaysAmongConcurrent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		one, two := h.add(t, "one@example.com", collateral.Admin), h.add(t, "two@example.com", collateral.Admin)
		for round := range 5 {
			h.pass(time.Minute)
			var wg sync.WaitGroup
			for _, pair := range [][2]collateral.User{{one, two}, {two, one}} {
				c := change{Roles: new([]collateral.Role{collateral.Rep})}
				if round%2 == 1 {
					c = change{Active: new(false)}
				}
				wg.Go(func() {
					if _, err := h.ChangeUser(t.Context(), actorOf(pair[0]), pair[1].ID, c); err != nil {
						checkKind(t, "the loser", err, collateral.Conflict)
					}
				})
			}
			wg.Wait()
			h.pass(time.Minute)
			if n, err := h.store.ActiveUsersWith(t.Context(), collateral.Admin); n != 1 || err != nil {
				t.Fatalf("round %d: got %d admins, %v, want 1", round, n, err)
			}
			for _, u := range []collateral.User{one, two} {
				back := change{Roles: new([]collateral.Role{collateral.Admin}), Active: new(true)}
				if _, err := h.ChangeUser(t.Context(), actorOf(one), u.ID, back); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.Limits.PerAccount = 3
		ada := h.add(t, "ada@example.com", collateral.Rep)
		mine, other := h.signIn(t, ada.Email), h.signIn(t, ada.Email)
		_, secret, err := h.CreateToken(t.Context(), actorOf(ada), collateral.NewToken{Name: "export"})
		if err != nil {
			t.Fatal(err)
		}
		actor := h.actor(t, mine)
		const next = "battery staple"
		checkFields(t, "wrong current password", h.ChangePassword(t.Context(), actor, "wrong", next, mine), "/current_password")
		checkFields(t, "short new password", h.ChangePassword(t.Context(), actor, password, "short", mine), "/new_password")
		if !h.holds(t, other) {
			t.Error("a refused change ended a session")
		}
		if err := h.ChangePassword(t.Context(), actor, password, next, mine); err != nil {
			t.Fatal(err)
		}
		if !h.holds(t, mine) || h.holds(t, other) || !h.holds(t, secret) {
			t.Errorf("got mine %v, other %v, token %v, want all but the other session", h.holds(t, mine), h.holds(t, other), h.holds(t, secret))
		}
		_, err = h.SignIn(t.Context(), ada.Email, password, home)
		checkKind(t, "the old password", err, collateral.Unauthenticated)
		if _, err := h.SignIn(t.Context(), ada.Email, next, home); err != nil {
			t.Errorf("the new password: %v", err)
		}
		for range 2 {
			checkKind(t, "guessing", h.ChangePassword(t.Context(), actor, "wrong", next, mine), collateral.Invalid)
		}
		checkKind(t, "guessing on", h.ChangePassword(t.Context(), actor, next, password, mine), collateral.TooMany)
	})
}

func TestPasswordSetByAnAdmin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		admin := h.add(t, "root@example.com", collateral.Admin)
		ada := h.add(t, "ada@example.com", collateral.Rep)
		session := h.signIn(t, ada.Email)
		const next = "battery staple"
		if _, err := h.ChangeUser(t.Context(), actorOf(admin), ada.ID, change{Password: new(next)}); err != nil {
			t.Fatal(err)
		}
		if h.holds(t, session) {
			t.Error("the session from before holds")
		}
		if _, err := h.SignIn(t.Context(), ada.Email, next, home); err != nil {
			t.Errorf("the new password: %v", err)
		}
		audited := h.audited(t)
		if got, want := audited[len(audited)-2], "user.changed password"; got != want {
			t.Errorf("audit log: got %q, want %q", got, want)
		}
	})
}
