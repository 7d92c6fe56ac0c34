package api

import (
	"context"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

func (s *server) ListVersions(ctx context.Context, r ListVersionsRequestObject) (ListVersionsResponseObject, error) {
	versions, next, err := s.registry.Versions(ctx, httpd.CallOf(ctx).Actor, r.ID, paging(r.Params.Limit, r.Params.Cursor))
	if err != nil {
		return nil, err
	}
	reviews, err := s.registry.ReviewsOf(ctx, versions)
	if err != nil {
		return nil, err
	}
	items := each(versions, versionAnswer)
	for i, v := range versions {
		if review := reviews[v.ID]; review != nil {
			items[i].Review = reviewAnswer(review, v.N)
		}
	}
	return ListVersions200JSONResponse{Items: items, NextCursor: nextCursor(next)}, nil
}

func (s *server) CreateVersion(ctx context.Context, r CreateVersionRequestObject) (CreateVersionResponseObject, error) {
	version, warnings, err := s.addVersion(ctx, r)
	if err != nil {
		return nil, err
	}
	answer := versionAnswer(version)
	answer.Warnings = warnings
	return CreateVersion201JSONResponse(answer), nil
}

func (s *server) addVersion(ctx context.Context, r CreateVersionRequestObject) (*collateral.Version, []string, error) {
	actor := httpd.CallOf(ctx).Actor
	if r.MultipartBody != nil {
		return s.upload(ctx, r.ID, r.MultipartBody)
	}
	switch body := r.JSONBody; {
	case body.URL != "" && body.From == 0:
		return s.registry.AddLink(ctx, actor, r.ID, body.URL, body.Note)
	case body.From != 0 && body.URL == "":
		return s.registry.CopyVersion(ctx, actor, r.ID, int(body.From), body.Note)
	}
	return nil, nil, &collateral.Error{
		Kind:    collateral.Invalid,
		Message: "Say what the version consists of: either url, the address of a link, or from, the number of an earlier version. A file is sent as multipart/form-data.",
		Fields: []collateral.Field{
			{Pointer: "/url", Detail: "Give either this or /from."},
			{Pointer: "/from", Detail: "Give either this or /url."},
		},
	}
}

func (s *server) PurgeVersion(ctx context.Context, r PurgeVersionRequestObject) (PurgeVersionResponseObject, error) {
	version, err := s.registry.Purge(ctx, httpd.CallOf(ctx).Actor, r.ID, int(r.N), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return PurgeVersion200JSONResponse(versionAnswer(version)), nil
}

func versionAnswer(v *collateral.Version) Version {
	answer := Version{
		ID: v.ID, AssetID: v.AssetID, N: v.N, State: VersionState(v.State),
		FileName: v.FileName, MediaType: v.MediaType, Size: v.Size, Sha256: v.SHA256, URL: orNull(v.URL), Note: v.Note,
		UploadedBy: v.UploadedBy, Contributors: append([]ID{}, v.Contributors...),
		CreatedAt: v.CreatedAt, SubmittedAt: deref(v.SubmittedAt), Audience: orNull(string(v.Audience)),
		Stages: each(v.Stages, tagAnswer), Purged: v.Purged,
	}
	if e := v.Extraction; e != nil {
		answer.Extraction = Extraction{State: ExtractionState(e.State), Reason: e.Reason, Engine: e.Engine, Pages: e.Pages}
	}
	return answer
}
