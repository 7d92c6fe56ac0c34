package api

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/access"
	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListUsers(ctx context.Context, r ListUsersRequestObject) (ListUsersResponseObject, error) {
	users, next, err := s.access.Users(ctx, httpd.CallOf(ctx).Actor, collateral.UserFilter{}, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return ListUsers200JSONResponse{Items: each(users, userAnswer), NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateUser(ctx context.Context, r CreateUserRequestObject) (CreateUserResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	wanted := collateral.NewUser{
		Email: r.Body.Email, Name: r.Body.Name, Team: r.Body.Team,
		Roles: words[collateral.Role](r.Body.Roles), Inactive: !r.Body.Active,
	}
	user, password, err := s.access.CreateUser(ctx, &actor, wanted, r.Body.Password)
	if err != nil {
		return nil, err
	}
	answer := CreateUser201JSONResponse{
		ID: user.ID, Email: user.Email, Name: user.Name, Roles: words[Role](user.Roles), Team: user.Team, Active: user.Active,
	}
	if r.Body.Password == "" {
		answer.InitialPassword = password
	}
	return answer, nil
}

func (s *server) UpdateUser(ctx context.Context, r UpdateUserRequestObject) (UpdateUserResponseObject, error) {
	change := access.UserChange{
		Email: present(r.Body.Email), Name: present(r.Body.Name), Password: present(r.Body.Password), Active: r.Body.Active,
	}
	if r.Body.Team.IsSpecified() {
		team := orZero(r.Body.Team)
		change.Team = &team
	}
	if r.Body.Roles != nil {
		roles := words[collateral.Role](r.Body.Roles)
		change.Roles = &roles
	}
	user, err := s.access.ChangeUser(ctx, httpd.CallOf(ctx).Actor, r.ID, change)
	if err != nil {
		return nil, err
	}
	return UpdateUser200JSONResponse(userAnswer(user)), nil
}

// present returns a pointer to v, or nil for the zero value, which the contract does not let pass as a value.
func present[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// names returns the names of people, for answers that show them beside their ids.
func (s *server) names(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	users, err := s.access.UsersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[uuid.UUID]string, len(users))
	for id, u := range users {
		names[id] = u.Name
	}
	return names, nil
}
