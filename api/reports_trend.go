package api

import (
	"bytes"
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"collateral/internal/httpd"
	"collateral/internal/usage"
)

func (s *server) ReportUnusedTrend(ctx context.Context, r ReportUnusedTrendRequestObject) (ReportUnusedTrendResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	asOf, err := asOfParam(p.AsOf)
	if err != nil {
		return nil, err
	}
	query := usage.UnusedQuery{Window: p.Window, AsOf: asOf, Stages: p.Stage, Types: words[string](p.Type), Owners: p.Owner}
	points, err := s.usage.UnusedTrend(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if prefersCSV(call.Request.Header.Get(echo.HeaderAccept)) {
		var file bytes.Buffer
		err := usage.WriteTrendCSV(&file, points)
		return ReportUnusedTrend200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportUnusedTrend200JSONResponse{Points: each(points, func(p usage.TrendPoint) TrendPoint {
		return TrendPoint{AsOf: p.AsOf, Eligible: p.Eligible, Strict: shareAnswer(p.Strict), Lenient: shareAnswer(p.Lenient)}
	})}, nil
}

// asOfParam reads the time of a report; none is now.
func asOfParam(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return usage.ParseAsOf(text)
}

func definitionsAnswer(definitions []usage.Definition) map[string]string {
	answer := make(map[string]string, len(definitions))
	for _, d := range definitions {
		answer[d.Term] = d.Text
	}
	return answer
}
