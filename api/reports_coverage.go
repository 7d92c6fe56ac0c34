package api

import (
	"bytes"
	"context"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/usage"
)

func (s *server) ReportCoverage(ctx context.Context, r ReportCoverageRequestObject) (ReportCoverageResponseObject, error) {
	p, call := r.Params, httpd.CallOf(ctx)
	asOf, err := asOfParam(p.AsOf)
	if err != nil {
		return nil, err
	}
	query := usage.CoverageQuery{
		Window: p.Window, AsOf: asOf, Stages: p.Stage, Personas: p.Persona, Types: words[string](p.Type), Owners: p.Owner,
		Paging: paging(p.Limit, p.Cursor),
	}
	csv := prefersCSV(call.Request.Header.Get(echo.HeaderAccept))
	if csv {
		query.Paging = collateral.Paging{} // a file has no pages
	}
	report, err := s.usage.Coverage(ctx, call.Actor, query)
	if err != nil {
		return nil, err
	}
	if csv {
		var file bytes.Buffer
		err := usage.WriteCoverageCSV(&file, report)
		return ReportCoverage200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, err
	}
	return ReportCoverage200JSONResponse(CoverageAnswer(report)), nil
}

// CoverageAnswer writes the report as the contract has it; the command line prints the same.
func CoverageAnswer(r usage.CoverageReport) CoverageReport {
	return CoverageReport{
		AsOf:     r.AsOf,
		Window:   ReportWindow{From: r.Window.From, To: r.Window.To, Days: r.Window.Days},
		Personas: r.Personas,
		Rows: each(r.Rows, func(row usage.CoverageRow) CoverageRow {
			return CoverageRow{Stage: row.Stage, Name: row.Name, Cells: each(row.Cells, coverageCell), Total: coverageCell(row.Total)}
		}),
		Definitions: definitionsAnswer(r.Definitions),
		Items:       each(r.Items, coverageItem),
		NextCursor:  nextCursor(r.NextCursor),
	}
}

func coverageCell(c usage.CoverageCell) CoverageCell {
	return CoverageCell{
		Persona: c.Persona, State: CoverageState(c.State),
		Pieces: c.Pieces, Used: c.Used, Unused: c.Unused, TooNew: c.TooNew, Stale: c.Stale,
	}
}

func coverageItem(p usage.CoveredPiece) CoverageItem {
	return CoverageItem{
		AssetID: p.AssetID, Title: p.Title, Type: AssetType(p.Type), Stages: p.Stages, Personas: append([]string{}, p.Personas...),
		State: CoverageState(p.State), ReviewBy: orNull(p.ReviewBy), Owner: p.OwnerID, OwnerName: p.OwnerName,
		Step: int(p.Step), Uses: p.Uses, LastUseOn: orNull(p.LastUseOn),
	}
}
