package api

import (
	"context"
	"io"
	"net/http"

	"collateral/internal/httpd"
	"collateral/internal/privacy"
)

func (s *server) GetMyData(ctx context.Context, _ GetMyDataRequestObject) (GetMyDataResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	return myDataAnswer{func(to io.Writer) error { return s.privacy.WriteMine(ctx, actor, to) }}, nil
}

// myDataAnswer is the file as it is made: it may be long.
type myDataAnswer struct {
	write func(to io.Writer) error
}

// VisitGetMyDataResponse implements GetMyDataResponseObject.
func (a myDataAnswer) VisitGetMyDataResponse(w http.ResponseWriter) error {
	return httpd.ServeMade(w, mediaJSON, privacy.FileName, a.write)
}

func (s *server) AnonymiseMe(ctx context.Context, _ AnonymiseMeRequestObject) (AnonymiseMeResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	return AnonymiseMe202Response{}, s.privacy.ForgetUses(ctx, &actor, actor.UserID)
}

func (s *server) AnonymiseUser(ctx context.Context, r AnonymiseUserRequestObject) (AnonymiseUserResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	forget := s.privacy.ForgetUses
	if r.Body.Account {
		forget = s.privacy.ForgetAccount
	}
	return AnonymiseUser202Response{}, forget(ctx, &actor, r.ID)
}

func (s *server) ForgetVisitor(ctx context.Context, r ForgetVisitorRequestObject) (ForgetVisitorResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	forgotten, err := s.sharing.ForgetAddress(ctx, &actor, r.Body.Email)
	return ForgetVisitor200JSONResponse{Visitors: forgotten.Visitors, Links: forgotten.Links}, err
}
