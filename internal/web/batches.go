package web

import (
	"encoding/base64"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// batches is what the page shows on which a library is brought in.
type batches struct {
	Batches []batchRow
	More    string
	Name    string
	Plan    *registry.Plan // after the list was looked at
	Kept    string         // the list once more, in base64; empty when it has to be chosen again
	Fault   *collateral.Error
	Wrong   map[string]string
	Columns []string
	MaxCSV  int64
}

type batchRow struct {
	*collateral.Batch
	All, Awaiting, Open int64 // rows: all, those without a file, and those with a piece that is not with Sales yet
}

const (
	batchesOfPage = 20

	// maxKeptCSV is how long a list may be, in bytes, to be carried by the page that shows what is wrong with it.
	maxKeptCSV = 1 << 20
)

func (s *site) batches(c echo.Context) error {
	return s.showBatches(c, http.StatusOK, batches{Name: "Library of " + s.now().Format("2 January 2006")})
}

func (s *site) showBatches(c echo.Context, status int, body batches) error {
	ctx := c.Request().Context()
	all, next, err := s.registry.Batches(ctx, actorOf(ctx), collateral.Paging{Limit: batchesOfPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	for _, b := range all {
		body.Batches = append(body.Batches, newBatchRow(b))
	}
	if next != "" {
		body.More = "/work/batches?cursor=" + next
	}
	body.Columns, body.MaxCSV = collateral.ImportColumns(), registry.MaxLibraryCSV
	return s.render(c, "batches", page{Title: "Bring a library in", Area: areaWork, Status: status, Body: body})
}

func newBatchRow(b *collateral.Batch) batchRow {
	return batchRow{
		Batch: b, All: int64(b.Rows()), Awaiting: int64(b.Counts[collateral.ItemAwaiting]),
		Open: int64(b.Counts[collateral.ItemIncomplete] + b.Counts[collateral.ItemDraft]),
	}
}

// startBatch looks at a list, and makes a batch of it when that is asked for.
func (s *site) startBatch(c echo.Context) error {
	lib, start, err := readLibrary(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor, body := actorOf(ctx), batches{Name: lib.Name}
	if len(lib.CSV) == 0 {
		err := collateral.Fault("/csv", "Choose the list, a CSV file.")
		return s.notStarted(c, body, err)
	}
	if len(lib.CSV) <= maxKeptCSV {
		body.Kept = base64.StdEncoding.EncodeToString(lib.CSV)
	}
	if !start {
		if body.Plan, err = s.registry.PlanImport(ctx, actor, lib); err != nil {
			return s.notStarted(c, body, err)
		}
		return s.showBatches(c, http.StatusOK, body)
	}
	batch, plan, made, err := s.registry.StartImport(ctx, actor, lib)
	if err != nil {
		body.Plan = plan
		return s.notStarted(c, body, err)
	}
	// Links have all they need.
	if _, err := s.registry.ImportFiles(ctx, actor, batch, nil, func(registry.Imported) {}); err != nil {
		return err
	}
	sentence := "The batch is there. Now send its files."
	if !made {
		sentence = "This goes on with the batch of this name."
	}
	return s.done(c, "/work/batches/"+batch.ID.String(), "%s", sentence)
}

func (s *site) notStarted(c echo.Context, body batches, err error) error {
	refusal, ok := isRefusal(err)
	if !ok {
		return err
	}
	status, _ := statusOf(refusal.Kind)
	body.Wrong = wrong(refusal.Fields, nil)
	if body.Plan == nil { // else its faults stand in a table
		body.Fault = refusal
	}
	return s.showBatches(c, status, body)
}

// readLibrary reads the form of a list: its name, and the list as a file or as the page carried it.
func readLibrary(c echo.Context) (lib registry.Library, start bool, err error) {
	files, err := openFiles(c, 2*maxKeptCSV)
	if err != nil {
		return lib, false, err
	}
	file, err := files.next()
	if err != nil {
		return lib, false, err
	}
	if file != nil {
		lib.CSV, err = io.ReadAll(io.LimitReader(file, registry.MaxLibraryCSV+1))
		switch {
		case err != nil:
			return lib, false, unreadable()
		case len(lib.CSV) > registry.MaxLibraryCSV:
			return lib, false, collateral.FileTooLarge("/csv", registry.MaxLibraryCSV)
		}
	}
	if err := files.rest(); err != nil {
		return lib, false, err
	}
	if len(lib.CSV) == 0 {
		if lib.CSV, err = base64.StdEncoding.DecodeString(files.texts.Get("kept")); err != nil {
			return lib, false, unreadable()
		}
	}
	lib.Name = strings.TrimSpace(files.texts.Get("name"))
	return lib, files.texts.Get("do") == "start", nil
}

// libraryTemplate is a list to begin with: its columns, a piece with a file and a link.
func (s *site) libraryTemplate(c echo.Context) error {
	stages, err := s.registry.Stages(c.Request().Context())
	if err != nil {
		return err
	}
	if len(stages) == 0 {
		return errors.New("there is no buying stage")
	}
	primary := []collateral.StageTag{{Stage: stages[0].Key, Role: "Puts a price on doing nothing, in the buyer's own figures.", Primary: true}}
	rows := []collateral.ImportRow{
		{File: "decks/first-call.pptx", Details: collateral.Details{Title: "The first call", Summary: "What we say first, in ten slides.", Type: "deck", Audience: collateral.ForCustomer,
			Stages: primary, Personas: []string{"cfo", "operations"}, Language: "en", Cost: &collateral.Cost{Amount: "1250.00", Currency: "EUR"}}},
		{URL: "https://example.com/calculator", Details: collateral.Details{Title: "What a breakdown costs", Type: "calculator", Audience: collateral.ForCustomer, Stages: primary}},
	}
	csvHeaders(c, "library.csv")
	out, columns := csv.NewWriter(c.Response()), collateral.ImportColumns()
	lines := [][]string{columns}
	for _, row := range rows {
		cells, line := row.Cells(), make([]string, len(columns))
		for i, column := range columns {
			line[i] = cells[column]
		}
		lines = append(lines, line)
	}
	return out.WriteAll(lines)
}

// exportLibrary writes the pieces that the actor may take along as a list that can be brought in again.
func (s *site) exportLibrary(c echo.Context) error {
	ctx := c.Request().Context()
	export, err := s.registry.Export(ctx, actorOf(ctx))
	if err != nil {
		return err
	}
	csvHeaders(c, "library.csv")
	return export.WriteCSV(c.Response())
}

func csvHeaders(c echo.Context, name string) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	h.Set(echo.HeaderCacheControl, "no-store")
}
