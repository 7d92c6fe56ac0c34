package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListTokens(ctx context.Context, r ListTokensRequestObject) (ListTokensResponseObject, error) {
	tokens, next, err := s.access.Tokens(ctx, httpd.CallOf(ctx).Actor, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	return ListTokens200JSONResponse{Items: each(tokens, tokenAnswer), NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateToken(ctx context.Context, r CreateTokenRequestObject) (CreateTokenResponseObject, error) {
	wanted := collateral.NewToken{Name: r.Body.Name, Scope: collateral.TokenScope(r.Body.Scope), ExpiresAt: r.Body.ExpiresAt.UTC()}
	if r.Body.Roles != nil {
		wanted.Roles = words[collateral.Role](r.Body.Roles)
	}
	token, secret, err := s.access.CreateToken(ctx, httpd.CallOf(ctx).Actor, wanted)
	if err != nil {
		return nil, err
	}
	return CreateToken201JSONResponse{
		ID: token.ID, Name: token.Name, Scope: TokenScope(token.Scope), Roles: words[Role](token.Roles),
		CreatedAt: token.CreatedAt, ExpiresAt: token.ExpiresAt, Token: secret,
	}, nil
}

func (s *server) DeleteToken(ctx context.Context, r DeleteTokenRequestObject) (DeleteTokenResponseObject, error) {
	if err := s.access.DeleteToken(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return DeleteToken204Response{}, nil
}

func tokenAnswer(t collateral.Token) Token {
	return Token{
		ID: t.ID, Name: t.Name, Scope: TokenScope(t.Scope), Roles: words[Role](t.Roles),
		CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, LastUsedAt: deref(t.LastUsedAt),
	}
}
