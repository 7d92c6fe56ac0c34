package api

import (
	"bytes"
	"context"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/oapi-codegen/nullable"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/report"
)

func (s *server) ReportReviews(ctx context.Context, r ReportReviewsRequestObject) (ReportReviewsResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	asOf, err := asOfParam(p.AsOf)
	if err != nil {
		return nil, err
	}
	query := report.ReviewsQuery{
		Window: p.Window, AsOf: asOf, Stages: p.Stage, Types: words[string](p.Type), Owners: p.Owner,
		List: report.ReviewList(p.List), Signer: p.Signer, Paging: paging(p.Limit, p.Cursor),
	}
	csv := prefersCSV(call.Request.Header.Get(echo.HeaderAccept))
	if csv {
		query.Paging = collateral.Paging{} // a file has no pages
	}
	found, err := s.reports.Reviews(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if csv {
		var file bytes.Buffer
		err := report.WriteReviewsCSV(&file, found)
		return ReportReviews200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportReviews200JSONResponse(ReviewsAnswer(found)), nil
}

// ReviewsAnswer writes the report as the contract has it; the command line prints the same.
func ReviewsAnswer(r report.ReviewsReport) ReviewsReport {
	return ReviewsReport{
		AsOf:    r.AsOf,
		Window:  ReportWindow{From: r.Window.From, To: r.Window.To, Days: r.Window.Days},
		Figures: reviewFigures(r.Figures),
		Before: ReviewsBefore{
			Window:  ReportWindow{From: r.BeforeWindow.From, To: r.BeforeWindow.To, Days: r.BeforeWindow.Days},
			Figures: reviewFigures(r.Before),
		},
		Approvers: each(r.Approvers, func(a report.Approver) ReviewApprover {
			return ReviewApprover{ID: a.ID, Name: a.Name, Waiting: a.Waiting}
		}),
		PastReview: r.PastReview, Expiring: r.Expiring, OwnerGone: r.OwnerGone,
		Definitions: definitionsAnswer(r.Definitions),
		List:        ReviewList(r.List), Listed: r.Listed,
		Items:      each(r.Items, reviewItem),
		NextCursor: nextCursor(r.NextCursor),
	}
}

func reviewFigures(f report.ReviewFigures) ReviewFigures {
	return ReviewFigures{
		Decided: f.Decided, MedianSeconds: seconds(f.Median), P90Seconds: seconds(f.P90),
		Signed: f.Signed, ChangesRequested: f.ChangesRequested, Rejected: f.Rejected,
		FirstDecided: f.FirstDecided, FirstSigned: f.FirstSigned, FirstShare: deref(f.FirstShare),
		Waiting: f.Waiting, Unsignable: f.Unsignable, LongestWaitSeconds: seconds(f.LongestWait),
	}
}

// seconds writes a span in whole seconds, or null.
func seconds(span *time.Duration) nullable.Nullable[int64] {
	if span == nil {
		return nullable.NewNullNullable[int64]()
	}
	return nullable.NewNullableWithValue(int64(*span / time.Second))
}

func reviewItem(i report.ReviewItem) ReviewItem {
	item := ReviewItem{
		AssetID: i.AssetID, Title: i.Title, Type: AssetType(i.Type), Stage: i.Stage, Owner: i.OwnerID, OwnerName: i.OwnerName, OwnerGone: i.OwnerGone,
		Version: i.N, SubmittedAt: orNull(i.SubmittedAt), TookSeconds: nullable.NewNullNullable[int64](),
		Signers:  each(i.Signers, func(a report.Approver) ReviewSigner { return ReviewSigner{ID: a.ID, Name: a.Name} }),
		Decision: orNull(string(i.Decision)), DecidedAt: orNull(i.DecidedAt), First: i.First, Comment: i.Comment, ReviewBy: orNull(i.ReviewBy),
	}
	if !i.SubmittedAt.IsZero() {
		item.TookSeconds = seconds(&i.Took)
	}
	return item
}
