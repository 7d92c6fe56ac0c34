package api

import (
	"bytes"
	"context"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/report"
)

func (s *server) ReportAdoption(ctx context.Context, r ReportAdoptionRequestObject) (ReportAdoptionResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	asOf, err := asOfParam(p.AsOf)
	if err != nil {
		return nil, err
	}
	query := report.AdoptionQuery{
		Window: p.Window, AsOf: asOf, Stages: p.Stage, Types: words[string](p.Type), Owners: p.Owner,
		List: report.AdoptionList(p.List), Paging: paging(p.Limit, p.Cursor),
	}
	csv := prefersCSV(call.Request.Header.Get(echo.HeaderAccept))
	if csv {
		query.Paging = collateral.Paging{} // a file has no pages
	}
	found, err := s.reports.Adoption(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if csv {
		var file bytes.Buffer
		err := report.WriteAdoptionCSV(&file, found)
		return ReportAdoption200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportAdoption200JSONResponse(AdoptionAnswer(found)), nil
}

// AdoptionAnswer writes the report as the contract has it; the command line prints the same.
func AdoptionAnswer(r report.AdoptionReport) AdoptionReport {
	answer := AdoptionReport{
		AsOf:    r.AsOf,
		Window:  ReportWindow{From: r.Window.From, To: r.Window.To, Days: r.Window.Days},
		Figures: adoptionFigures(r.Figures),
		Before: AdoptionBefore{
			Window:  ReportWindow{From: r.BeforeWindow.From, To: r.BeforeWindow.To, Days: r.BeforeWindow.Days},
			Figures: adoptionFigures(r.Before),
		},
		Definitions: definitionsAnswer(r.Definitions),
		Late:        lateAnswer(r.Late),
		List:        AdoptionList(r.List), Listed: r.Listed,
		Items: each(r.Items, func(p report.NewPiece) AdoptionItem {
			return AdoptionItem{
				AssetID: p.AssetID, Title: p.Title, Type: AssetType(p.Type), Stage: p.Stage, Owner: p.OwnerID, OwnerName: p.OwnerName,
				PublishedOn: p.PublishedOn, FirstUsedOn: orNull(p.FirstUsedOn), Days: deref(p.Days), Teams: p.Teams,
			}
		}),
		NextCursor: nextCursor(r.NextCursor),
	}
	if r.Reps != nil {
		answer.Reps = AdoptionReps{Reps: orNull(r.Reps.Reps), Active: orNull(r.Reps.Active), Teams: each(r.Reps.Teams, func(t report.TeamReps) AdoptionTeam {
			return AdoptionTeam{Name: t.Name, Others: t.Others, Reps: t.Reps, Active: t.Active}
		})}
	}
	return answer
}

func adoptionFigures(f report.AdoptionFigures) AdoptionFigures {
	return AdoptionFigures{New: f.New, Used: f.Used, Without: f.Without, MedianDays: deref(f.Median), P90Days: deref(f.P90)}
}
