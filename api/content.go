package api

import (
	"context"
	"net/http"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) GetAssetContent(ctx context.Context, r GetAssetContentRequestObject) (GetAssetContentResponseObject, error) {
	call := httpd.CallOf(ctx)
	content, err := s.registry.Content(ctx, call.Actor, r.ID)
	if err != nil {
		return nil, err
	}
	kind := collateral.View
	if r.Params.Download == GetAssetContentParamsDownloadN1 {
		kind = collateral.Download
	}
	return contentAnswer{
		Request:  call.Request,
		Content:  content,
		Download: kind == collateral.Download,
		Used:     func() { s.registry.Opened(ctx, call.Actor, content.Version, kind) },
	}, nil
}

// GetVersionContent records no use: looking at what waits for review is none in the field. That an approver looked is noted.
func (s *server) GetVersionContent(ctx context.Context, r GetVersionContentRequestObject) (GetVersionContentResponseObject, error) {
	call := httpd.CallOf(ctx)
	content, err := s.registry.VersionContent(ctx, call.Actor, r.ID, int(r.N))
	if err != nil {
		return nil, err
	}
	return contentAnswer{
		Request:  call.Request,
		Content:  content,
		Download: r.Params.Download == GetVersionContentParamsDownloadN1,
		Used:     func() { s.registry.Looked(ctx, call.Actor, content.Version) },
	}, nil
}

// contentAnswer answers both operations.
type contentAnswer httpd.Content

func (a contentAnswer) VisitGetAssetContentResponse(w http.ResponseWriter) error {
	return httpd.Content(a).Serve(w)
}

func (a contentAnswer) VisitGetVersionContentResponse(w http.ResponseWriter) error {
	return httpd.Content(a).Serve(w)
}
