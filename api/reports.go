package api

import (
	"bytes"
	"context"
	"mime"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/usage"
)

const mediaCSV = "text/csv"

func (s *server) ReportUnused(ctx context.Context, r ReportUnusedRequestObject) (ReportUnusedResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	query := usage.UnusedQuery{Window: p.Window, Stages: p.Stage, Types: words[string](p.Type), Owners: p.Owner, Paging: paging(p.Limit, p.Cursor)}
	csv := prefersCSV(call.Request.Header.Get(echo.HeaderAccept))
	if csv {
		query.Paging = collateral.Paging{} // a file is whole
	}
	var err error
	if query.AsOf, err = asOfParam(p.AsOf); err != nil {
		return nil, err
	}
	report, err := s.usage.Unused(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if csv {
		var file bytes.Buffer
		err := usage.WriteUnusedCSV(&file, report)
		return ReportUnused200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportUnused200JSONResponse(UnusedAnswer(report)), nil
}

// prefersCSV reports whether an Accept header asks for CSV before JSON.
func prefersCSV(accept string) bool {
	return quality(accept, mediaCSV) > quality(accept, mediaJSON)
}

// quality is the weight that an Accept header gives a media type by name (RFC 9110, section 12.5.1); wildcards mean no
// preference between the two that are there.
func quality(accept, mediaType string) float64 {
	for item := range strings.SplitSeq(accept, ",") {
		name, params, err := mime.ParseMediaType(strings.TrimSpace(item))
		if err != nil || name != mediaType {
			continue
		}
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			return q
		}
		return 1
	}
	return 0
}

// UnusedAnswer writes the report as the contract has it; the command line prints the same.
func UnusedAnswer(r usage.UnusedReport) UnusedReport {
	return UnusedReport{
		AsOf:     r.AsOf,
		Window:   ReportWindow{From: r.Window.From, To: r.Window.To, Days: r.Window.Days},
		Eligible: r.Eligible, Strict: shareAnswer(r.Strict), Lenient: shareAnswer(r.Lenient),
		Ladder: each(r.Ladder, func(l usage.Rung) StepCount {
			return StepCount{Step: int(l.Step), Name: l.Name, Count: l.Count}
		}),
		ByStage: each(r.ByStage, func(g usage.Group) UnusedByStage {
			return UnusedByStage{Stage: g.Key, Name: g.Name, Eligible: g.Eligible, Strict: shareAnswer(g.Strict), Lenient: shareAnswer(g.Lenient)}
		}),
		ByType: each(r.ByType, func(g usage.Group) UnusedByType {
			return UnusedByType{Type: AssetType(g.Key), Eligible: g.Eligible, Strict: shareAnswer(g.Strict), Lenient: shareAnswer(g.Lenient)}
		}),
		ByOwner:     each(r.ByOwner, ownerAnswer),
		TooNew:      each(r.TooNew, tooNewAnswer),
		Benchmark:   Benchmark{Low: r.Benchmark.Low, High: r.Benchmark.High, Source: r.Benchmark.Source},
		Definitions: definitionsAnswer(r.Definitions),
		Items:       each(r.Items, unusedItem),
		NextCursor:  nextCursor(r.NextCursor),
		Late:        lateAnswer(r.Late),
	}
}

func lateAnswer(l *usage.Late) LateUses {
	if l == nil {
		return LateUses{}
	}
	return LateUses{Days: l.Days, LastReportedAt: l.At, Note: l.Note}
}

func shareAnswer(s usage.Share) Share {
	return Share{Unused: s.Unused, Share: deref(s.Share), Note: s.Note}
}

func ownerAnswer(g usage.Group) UnusedByOwner {
	owner, _ := uuid.Parse(g.Key) // the report's own key
	return UnusedByOwner{Owner: owner, OwnerName: g.Name, Eligible: g.Eligible, Strict: shareAnswer(g.Strict), Lenient: shareAnswer(g.Lenient)}
}

func tooNewAnswer(p usage.Piece) TooNew {
	return TooNew{
		AssetID: p.AssetID, Title: p.Title, Type: AssetType(p.Type), Stage: p.Stage, Owner: p.OwnerID, OwnerName: p.OwnerName,
		Step: int(p.Step), FirstPublishedOn: p.FirstPublishedOn, EligibleOn: p.EligibleOn,
	}
}

func unusedItem(p usage.Piece) UnusedItem {
	return UnusedItem{
		AssetID: p.AssetID, Title: p.Title, Type: AssetType(p.Type), Stage: p.Stage, Owner: p.OwnerID, OwnerName: p.OwnerName,
		Step: int(p.Step), LastUseOn: orNull(p.LastUseOn), Uses: p.Uses, Cost: costAnswer(p.Cost),
	}
}
