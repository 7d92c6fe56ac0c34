package api

import (
	"context"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) ListNotices(ctx context.Context, r ListNoticesRequestObject) (ListNoticesResponseObject, error) {
	actor := httpd.CallOf(ctx).Actor
	notices, next, err := s.registry.Notices(ctx, actor, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	unread, err := s.registry.CountNotices(ctx, actor)
	if err != nil {
		return nil, err
	}
	return ListNotices200JSONResponse{Items: each(notices, noticeAnswer), NextCursor: nextCursor(next), Unread: unread}, nil
}

func (s *server) ReadNotice(ctx context.Context, r ReadNoticeRequestObject) (ReadNoticeResponseObject, error) {
	if err := s.registry.ReadNotice(ctx, httpd.CallOf(ctx).Actor, r.ID); err != nil {
		return nil, err
	}
	return ReadNotice204Response{}, nil
}

func (s *server) ReadNotices(ctx context.Context, _ ReadNoticesRequestObject) (ReadNoticesResponseObject, error) {
	if err := s.registry.ReadNotices(ctx, httpd.CallOf(ctx).Actor); err != nil {
		return nil, err
	}
	return ReadNotices204Response{}, nil
}

func (s *server) GetMailChoice(ctx context.Context, _ GetMailChoiceRequestObject) (GetMailChoiceResponseObject, error) {
	wanted, err := s.access.Mail(ctx, httpd.CallOf(ctx).Actor)
	if err != nil {
		return nil, err
	}
	return GetMailChoice200JSONResponse{Wanted: wanted, Available: s.registry.Mail != nil}, nil
}

func (s *server) SetMailChoice(ctx context.Context, r SetMailChoiceRequestObject) (SetMailChoiceResponseObject, error) {
	if err := s.access.SetMail(ctx, httpd.CallOf(ctx).Actor, r.Body.Wanted); err != nil {
		return nil, err
	}
	return SetMailChoice204Response{}, nil
}

func noticeAnswer(n registry.Notice) Notice {
	answer := Notice{
		ID: n.ID, Kind: NoticeKind(n.Kind), AssetID: n.AssetID, Title: n.Title, By: n.By,
		Sentence: n.Sentence(), At: n.At, ReadAt: deref(n.ReadAt),
	}
	if n.Version != nil {
		answer.Version = n.Version.N
	}
	if n.Review != nil {
		answer.Comment = n.Review.Comment
	}
	if day, err := time.Parse(time.DateOnly, n.Due); err == nil {
		answer.Due = openapi_types.Date{Time: day}
	}
	return answer
}
