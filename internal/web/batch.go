package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// batch is what the page of one batch shows.
type batch struct {
	batchRow
	Mine       bool // only who made it sends its files
	Ready      bool // some rows can be submitted
	States     []batchState
	State      string // that was asked for
	Items      []registry.BatchItem
	More       string
	Duplicates []registry.Duplicate
	Looked     bool // for duplicates
	Unread     int
	GoOn       string // cursor behind what was submitted
	Failed     []failedFile
	Strange    []string // files that no row waits for
}

type batchState struct {
	State collateral.ItemState
	Count int64
	Link  string
	Here  bool
}

type failedFile struct{ Name, Detail string }

const itemsOfPage = 100

func (s *site) batch(c echo.Context) error {
	return s.showBatch(c, http.StatusOK, batch{GoOn: c.QueryParam("go_on")})
}

func (s *site) showBatch(c echo.Context, status int, body batch) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	b, err := s.registry.Batch(ctx, actor, id)
	if err != nil {
		return err
	}
	body.batchRow, body.Mine, body.Ready = newBatchRow(b), b.MadeBy == actor.UserID, b.Counts[collateral.ItemDraft] > 0
	address, asked := "/work/batches/"+id.String(), c.QueryParam("state")
	body.State, body.Looked = asked, asked == "duplicates"
	for _, state := range collateral.ItemStates() {
		if n := b.Counts[state]; n > 0 {
			body.States = append(body.States, batchState{state, int64(n), address + "?state=" + url.QueryEscape(string(state)), asked == string(state)})
		}
	}
	if body.Looked {
		if body.Duplicates, body.Unread, err = s.registry.Duplicates(ctx, actor, id); err != nil {
			return err
		}
		return s.render(c, "batch", page{Title: b.Name, Area: areaWork, Status: status, Body: body})
	}
	var states []collateral.ItemState
	if asked != "" {
		states = []collateral.ItemState{collateral.ItemState(asked)}
	}
	items, next, err := s.registry.BatchItems(ctx, actor, id, states, collateral.Paging{Limit: itemsOfPage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return err
	}
	body.Items = items
	if next != "" {
		body.More = address + "?" + url.Values{"state": {asked}, "cursor": {next}}.Encode()
	}
	return s.render(c, "batch", page{Title: b.Name, Area: areaWork, Status: status, Body: body})
}

// submitTime bounds how long one request submits the pieces of a batch; the next one goes on.
const submitTime = 15 * time.Second

func (s *site) submitBatch(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	began, submitted, warning := s.now(), 0, ""
	paging := collateral.Paging{Limit: itemsOfPage, Cursor: c.Request().PostForm.Get("cursor")}
	for {
		rows, next, err := s.registry.SubmitBatch(ctx, actorOf(ctx), id, paging)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Submitted {
				submitted++
			}
			for _, text := range row.Warnings {
				warning = " " + text
			}
		}
		if paging.Cursor = next; next == "" || s.now().Sub(began) > submitTime {
			break
		}
	}
	to := "/work/batches/" + id.String()
	if paging.Cursor != "" {
		to += "?go_on=" + url.QueryEscape(paging.Cursor)
		return s.done(c, to, "%s handed to Sales so far.", plural(submitted, "piece", "pieces"))
	}
	return s.done(c, to, "%s handed to Sales.%s", plural(submitted, "piece", "pieces"), warning)
}

// awaitedSources lists the files that rows of a batch wait for.
func (s *site) awaitedSources(ctx context.Context, id uuid.UUID) (awaited, error) {
	wanted := newAwaited()
	for paging := (collateral.Paging{Limit: 500}); ; {
		items, next, err := s.registry.BatchItems(ctx, actorOf(ctx), id, []collateral.ItemState{collateral.ItemAwaiting}, paging)
		if err != nil {
			return wanted, err
		}
		for _, item := range items {
			if !item.IsLink {
				wanted.add(item.Source)
			}
		}
		if paging.Cursor = next; next == "" {
			return wanted, nil
		}
	}
}
