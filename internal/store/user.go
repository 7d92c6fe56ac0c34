package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"collateral/internal/collateral"
)

// userRow is a row of users.
type userRow struct {
	ID           uuid.UUID
	Email        string
	Name         string
	Team         string
	PasswordHash string
	Active       bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

func (userRow) TableName() string { return "users" }

// Credentials is what a sign-in is checked against.
type Credentials struct {
	UserID       uuid.UUID
	PasswordHash string
	Active       bool
}

// CreateUser stores a new person, with grants of u.Roles from u.CreatedAt on. An address that somebody has is a
// Conflict. It runs inside Tx.
func (s *Store) CreateUser(ctx context.Context, u collateral.User, passwordHash string) error {
	if err := s.emailFree(ctx, u.Email, u.ID); err != nil {
		return err
	}
	row := userRow{
		ID: u.ID, Email: u.Email, Name: u.Name, Team: u.Team, PasswordHash: passwordHash, Active: u.Active,
		CreatedAt: u.CreatedAt, UpdatedAt: u.CreatedAt,
	}
	if err := s.writer(ctx).Create(&row).Error; err != nil {
		return translateEmail(err)
	}
	return s.grantRoles(ctx, u.ID, u.Roles, u.CreatedAt)
}

// emailFree refuses an address that somebody other than the user has.
func (s *Store) emailFree(ctx context.Context, email string, user uuid.UUID) error {
	var taken int64
	err := s.reader(ctx).Raw("SELECT count(*) FROM users WHERE email = ? AND id <> ?", email, user).Scan(&taken).Error
	if err == nil && taken > 0 {
		return emailTaken()
	}
	return translate(err)
}

// translateEmail is translate for writes whose one key besides the id is the address: of two at the same moment, both
// find it free and the key refuses the second.
func translateEmail(err error) error {
	err = translate(err)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return emailTaken()
	}
	return err
}

func emailTaken() error {
	const detail = "Somebody with this e-mail address has an account already."
	return &collateral.Error{Kind: collateral.Conflict, Message: detail, Fields: []collateral.Field{{Pointer: "/email", Detail: detail}}}
}

// User returns one person.
func (s *Store) User(ctx context.Context, id uuid.UUID) (collateral.User, error) {
	users, err := s.usersWhere(ctx, s.reader(ctx).Where("id = ?", id))
	if err != nil {
		return collateral.User{}, err
	}
	if len(users) == 0 {
		return collateral.User{}, collateral.Errorf(collateral.NotFound, "There is no such person.")
	}
	return users[0], nil
}

// UsersByID returns those of the people who exist, by id.
func (s *Store) UsersByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]collateral.User, error) {
	byID := make(map[uuid.UUID]collateral.User, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	users, err := s.usersWhere(ctx, s.reader(ctx).Where("id IN ?", ids))
	for _, u := range users {
		byID[u.ID] = u
	}
	return byID, err
}

// UsersByEmail returns those of the people who exist, by address.
func (s *Store) UsersByEmail(ctx context.Context, emails []string) (map[string]collateral.User, error) {
	byEmail := make(map[string]collateral.User, len(emails))
	for some := range slices.Chunk(emails, 500) { // what one statement takes
		users, err := s.usersWhere(ctx, s.reader(ctx).Where("email IN ?", some))
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			byEmail[u.Email] = u
		}
	}
	return byEmail, nil
}

// Users returns one page of the people whom the filter lets through, in the order of their addresses, and the next page's
// cursor.
func (s *Store) Users(ctx context.Context, filter collateral.UserFilter, paging collateral.Paging) ([]collateral.User, string, error) {
	after, err := paging.After("users", 1)
	if err != nil {
		return nil, "", err
	}
	query := s.usersLike(ctx, filter).Order("email").Limit(paging.Limit + 1)
	if after != nil {
		query = query.Where("email > ?", after[0])
	}
	users, err := s.usersWhere(ctx, query)
	if err != nil {
		return nil, "", err
	}
	users, next := pageOf(users, paging.Limit, func(u collateral.User) string { return collateral.Cursor("users", u.Email) })
	return users, next, nil
}

// containing is the pattern of a LIKE for texts with words in them. It needs ESCAPE '\'.
func containing(words string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(words) + "%"
}

// usersLike is the filter as the condition of a query. On SQLite only the letters of English have a lower case.
func (s *Store) usersLike(ctx context.Context, filter collateral.UserFilter) *gorm.DB {
	query := s.reader(ctx)
	if filter.Text != "" {
		like := containing(filter.Text)
		query = query.Where(`(lower(email) LIKE lower(?) ESCAPE '\' OR lower(name) LIKE lower(?) ESCAPE '\' OR lower(team) LIKE lower(?) ESCAPE '\')`, like, like, like)
	}
	if filter.Role != "" {
		now := s.Now()
		query = query.Where("id IN (SELECT g.user_id FROM role_grants g WHERE g.role = ? AND "+grantHolds+")", string(filter.Role), now, now)
	}
	if filter.Active != nil {
		query = query.Where("active = ?", *filter.Active)
	}
	return query
}

// usersWhere loads the people that the query finds, with the roles they hold now.
func (s *Store) usersWhere(ctx context.Context, query *gorm.DB) ([]collateral.User, error) {
	var rows []userRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	roles, err := s.rolesAt(ctx, ids, s.Now())
	if err != nil {
		return nil, err
	}
	users := make([]collateral.User, len(rows))
	for i, r := range rows {
		users[i] = collateral.User{
			ID: r.ID, Email: r.Email, Name: r.Name, Team: r.Team, Roles: collateral.NormalRoles(roles[r.ID]),
			Active: r.Active, CreatedAt: r.CreatedAt,
		}
	}
	return users, nil
}

// HasUsers reports whether anybody has an account.
func (s *Store) HasUsers(ctx context.Context) (bool, error) {
	var ids []uuid.UUID
	err := s.reader(ctx).Raw("SELECT id FROM users LIMIT 1").Scan(&ids).Error
	return len(ids) > 0, translate(err)
}

// ActiveUsersWith counts the active people who hold the role now.
func (s *Store) ActiveUsersWith(ctx context.Context, role collateral.Role) (int, error) {
	now := s.Now()
	var n int
	err := s.reader(ctx).Raw(`SELECT count(DISTINCT u.id) FROM users u JOIN role_grants g ON g.user_id = u.id
		WHERE u.active AND g.role = ? AND `+grantHolds, string(role), now, now).Scan(&n).Error
	return n, translate(err)
}

// CredentialsOf returns what the sign-in of an address is checked against. An unknown address is NotFound.
func (s *Store) CredentialsOf(ctx context.Context, email string) (Credentials, error) {
	return s.credentialsWhere(ctx, "email = ?", email)
}

// CredentialsByID is CredentialsOf for a known person.
func (s *Store) CredentialsByID(ctx context.Context, id uuid.UUID) (Credentials, error) {
	return s.credentialsWhere(ctx, "id = ?", id)
}

func (s *Store) credentialsWhere(ctx context.Context, condition string, arg any) (Credentials, error) {
	var rows []userRow
	if err := s.reader(ctx).Where(condition, arg).Limit(1).Find(&rows).Error; err != nil {
		return Credentials{}, translate(err)
	}
	if len(rows) == 0 {
		return Credentials{}, collateral.Errorf(collateral.NotFound, "There is no such person.")
	}
	return Credentials{UserID: rows[0].ID, PasswordHash: rows[0].PasswordHash, Active: rows[0].Active}, nil
}

// ChangeUser loads the person, lets change alter address, name, team, roles and whether active, and writes what it
// altered. Changes of people wait for each other, so that what a change finds about others (the last admin) still holds
// when it is written. It runs inside Tx.
func (s *Store) ChangeUser(ctx context.Context, id uuid.UUID, change func(*collateral.User) error) (collateral.User, error) {
	if err := s.LockPeople(ctx); err != nil {
		return collateral.User{}, err
	}
	before, err := s.User(ctx, id)
	if err != nil {
		return collateral.User{}, err
	}
	after := before
	after.Roles = slices.Clone(before.Roles)
	if err := change(&after); err != nil {
		return collateral.User{}, err
	}
	if err := s.emailFree(ctx, after.Email, id); err != nil {
		return collateral.User{}, err
	}
	err = s.writer(ctx).Exec("UPDATE users SET email = ?, name = ?, team = ?, active = ?, updated_at = ? WHERE id = ?",
		after.Email, after.Name, after.Team, after.Active, s.Now(), id).Error
	if err != nil {
		return collateral.User{}, translateEmail(err)
	}
	if slices.Equal(before.Roles, after.Roles) {
		return after, nil
	}
	return after, s.changeRoles(ctx, id, after.Roles)
}

// peopleLock is the key of PostgreSQL's advisory lock for changes of people; any constant that nothing else uses does.
const peopleLock = 0x70656f706c65

// LockPeople keeps other changes of people waiting until the transaction ends. SQLite has one writer at a time anyway.
func (s *Store) LockPeople(ctx context.Context) error {
	if s.Dialect() != Postgres {
		return nil
	}
	return translate(s.writer(ctx).Exec("SELECT pg_advisory_xact_lock(?)", peopleLock).Error)
}

// SetPassword replaces the person's password hash, if it still is the one that was checked; else it reports false. An
// empty one was not checked and is replaced whatever it is.
func (s *Store) SetPassword(ctx context.Context, id uuid.UUID, checked, hash string) (bool, error) {
	return found(s.writer(ctx).Exec("UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ? AND (password_hash = ? OR ? = '')",
		hash, s.Now(), id, checked, checked))
}
