package api

import (
	"bytes"
	"context"

	"github.com/labstack/echo/v4"

	"collateral/internal/httpd"
	"collateral/internal/usage"
)

func (s *server) ReportSearches(ctx context.Context, r ReportSearchesRequestObject) (ReportSearchesResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	asOf, err := asOfParam(p.AsOf)
	if err != nil {
		return nil, err
	}
	query := usage.SearchesQuery{Window: p.Window, AsOf: asOf, Limit: p.Limit}
	csv := prefersCSV(call.Request.Header.Get(echo.HeaderAccept))
	if csv {
		query.Limit = 0 // a file is whole
	}
	report, err := s.usage.Searches(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if csv {
		var file bytes.Buffer
		err := usage.WriteSearchesCSV(&file, report)
		return ReportSearches200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportSearches200JSONResponse(SearchesAnswer(report)), nil
}

// SearchesAnswer writes the report as the contract has it; the command line prints the same.
func SearchesAnswer(r usage.SearchesReport) SearchesReport {
	return SearchesReport{
		AsOf:     r.AsOf,
		Window:   ReportWindow{From: r.Window.From, To: r.Window.To, Days: r.Window.Days},
		Searches: r.Searches, Nothing: searchedList(r.Nothing), Unopened: searchedList(r.Unopened),
		Definitions: definitionsAnswer(r.Definitions),
	}
}

func searchedList(l usage.SearchList) SearchedList {
	return SearchedList{Times: l.Times, Queries: l.Queries, Items: each(l.Items, func(q usage.SearchedQuery) SearchedQuery {
		return SearchedQuery{Query: q.Query, Times: q.Times, People: orNull(q.People), LastOn: q.LastOn, Filters: append([]string{}, q.Filters...)}
	})}
}
