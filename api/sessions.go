package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) SignIn(ctx context.Context, r SignInRequestObject) (SignInResponseObject, error) {
	session, err := s.access.SignIn(ctx, r.Body.Email, r.Body.Password, httpd.CallOf(ctx).Address)
	if err != nil {
		return nil, err
	}
	return SignIn201JSONResponse{Token: session.Token, ExpiresAt: session.ExpiresAt, User: userAnswer(session.User)}, nil
}

func (s *server) SignOut(ctx context.Context, _ SignOutRequestObject) (SignOutResponseObject, error) {
	if err := s.access.SignOut(ctx, httpd.CallOf(ctx).Token); err != nil {
		return nil, err
	}
	return SignOut204Response{}, nil
}

func (s *server) GetMe(ctx context.Context, _ GetMeRequestObject) (GetMeResponseObject, error) {
	me, err := s.access.Me(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return GetMe200JSONResponse(userAnswer(me)), nil
}

func (s *server) ChangePassword(ctx context.Context, r ChangePasswordRequestObject) (ChangePasswordResponseObject, error) {
	call := httpd.CallOf(ctx)
	err := s.access.ChangePassword(ctx, call.Actor, r.Body.CurrentPassword, r.Body.NewPassword, call.Token)
	if err != nil {
		return nil, err
	}
	return ChangePassword204Response{}, nil
}

func userAnswer(u collateral.User) User {
	return User{ID: u.ID, Email: u.Email, Name: u.Name, Roles: words[Role](u.Roles), Team: u.Team, Active: u.Active}
}
