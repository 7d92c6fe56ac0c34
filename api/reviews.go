package api

import (
	"context"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

func (s *server) ListReviews(ctx context.Context, r ListReviewsRequestObject) (ListReviewsResponseObject, error) {
	waiting, next, err := s.waiting(ctx, r.Params)
	if err != nil {
		return nil, err
	}
	var owners []uuid.UUID
	for _, w := range waiting {
		owners = append(owners, w.Asset.OwnerID)
	}
	names, err := s.names(ctx, owners)
	if err != nil {
		return nil, err
	}
	items := make([]Waiting, len(waiting))
	for i, w := range waiting {
		items[i] = waitingAnswer(w.Asset, w.Version, names)
		items[i].Opened = w.OpenedAt != nil
	}
	return ListReviews200JSONResponse{Items: items, NextCursor: nextCursor(next)}, nil
}

func (s *server) waiting(ctx context.Context, p ListReviewsParams) ([]registry.Waiting, string, error) {
	actor, waitingForMe, page := httpd.CallOf(ctx).Actor, p.WaitingFor == ListReviewsParamsWaitingForMe, paging(p.Limit, p.Cursor)
	if p.Batch != uuid.Nil {
		return s.registry.BatchReviews(ctx, actor, p.Batch, waitingForMe, page)
	}
	return s.registry.Reviews(ctx, actor, waitingForMe, page)
}

func (s *server) CreateReview(ctx context.Context, r CreateReviewRequestObject) (CreateReviewResponseObject, error) {
	n := int(r.Body.Version)
	review, err := s.registry.Review(ctx, httpd.CallOf(ctx).Actor, r.ID, n, collateral.Decision(r.Body.Decision), r.Body.Comment)
	if err != nil {
		return nil, err
	}
	return CreateReview201JSONResponse(reviewAnswer(review, n)), nil
}

func (s *server) SignVersions(ctx context.Context, r SignVersionsRequestObject) (SignVersionsResponseObject, error) {
	versions := make([]registry.VersionRef, len(r.Body.Versions))
	for i, v := range r.Body.Versions {
		versions[i] = registry.VersionRef{Asset: v.AssetID, N: int(v.Version)}
	}
	signed, err := s.registry.SignSeen(ctx, httpd.CallOf(ctx).Actor, versions)
	if err != nil {
		return nil, err
	}
	return SignVersions200JSONResponse{Items: each(signed, signingAnswer)}, nil
}

func signingAnswer(s registry.Signing) Signing {
	answer := Signing{AssetID: s.Asset, Version: s.N, Signed: s.Review != nil}
	if s.Review != nil {
		answer.Review = reviewAnswer(s.Review, s.N)
	} else {
		answer.Refusal = s.Refusal.Message
	}
	return answer
}

// waitingAnswer shows what was submitted: the version's own tags and audience, not those of the asset as it is now.
func waitingAnswer(a *collateral.Asset, v *collateral.Version, names map[uuid.UUID]string) Waiting {
	return Waiting{
		AssetID: a.ID, Version: v.N, Title: a.Title, Type: AssetType(a.Type), Audience: Audience(v.Audience),
		Owner: a.OwnerID, OwnerName: names[a.OwnerID], Stages: each(v.Stages, tagAnswer),
		FileName: v.FileName, MediaType: v.MediaType, Size: v.Size, Sha256: v.SHA256, SubmittedAt: *v.SubmittedAt,
	}
}

func reviewAnswer(r *collateral.Review, version int) Review {
	return Review{
		ID: r.ID, AssetID: r.AssetID, Version: version, Reviewer: r.ReviewerID,
		Decision: Decision(r.Decision), Comment: r.Comment, At: r.At,
	}
}
