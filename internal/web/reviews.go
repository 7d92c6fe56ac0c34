package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) reviewRoutes() []route {
	approvers := []collateral.Role{collateral.Approver}
	return []route{
		{method: http.MethodGet, path: "/reviews", handler: s.reviews, who: approvers},
		{method: http.MethodPost, path: "/reviews", handler: s.signMany, who: approvers},
		{method: http.MethodGet, path: "/reviews/:id/:n", handler: s.review, who: approvers},
		{method: http.MethodPost, path: "/reviews/:id/:n", handler: s.decide, who: approvers},
	}
}

// queuePage bounds how many versions the queue shows at once: as many as can be signed at once.
const queuePage = registry.MaxSignings / 2

// queue is the page of what is under review.
type queue struct {
	All     bool   // not only what waits for the reader
	Batch   string // only this one; "" for any
	Rows    []queued
	Next    string // the address of the next page; "" for none
	Batches []registry.WaitingBatch
	Stages  stageNames
	Fault   *collateral.Error
	Signed  []signing // after signing many at once
}

// queued is a version in the queue.
type queued struct {
	registry.Waiting
	SentByName string
	Refusal    *collateral.Error // why the reader cannot sign it; nil when they can
}

// Key names the version in a form.
func (q queued) Key() string { return fmt.Sprintf("%s/%d", q.Asset.ID, q.Version.N) }

// signing is what became of a version that was to be signed with others.
type signing struct {
	registry.Signing
	Title string
}

func (s *site) reviews(c echo.Context) error {
	q, err := s.queue(c)
	if err != nil {
		return err
	}
	return s.renderQueue(c, q, http.StatusOK)
}

func (s *site) renderQueue(c echo.Context, q *queue, status int) error {
	return s.render(c, "reviews", page{Title: "Sign off", Area: areaReviews, Body: q, Status: status})
}

// queue loads what the address of the page asks for.
func (s *site) queue(c echo.Context) (*queue, error) {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	q := &queue{All: c.QueryParam("show") == "all", Batch: c.QueryParam("batch")}
	batch := uuid.Nil
	if q.Batch != "" {
		var err error
		if batch, err = uuid.Parse(q.Batch); err != nil {
			return nil, collateral.Errorf(collateral.NotFound, "There is no such batch.")
		}
	}
	waiting, next, err := s.registry.BatchReviews(ctx, actor, batch, !q.All, collateral.Paging{Limit: queuePage, Cursor: c.QueryParam("cursor")})
	if err != nil {
		return nil, err
	}
	if next != "" {
		values := c.Request().URL.Query()
		values.Set("cursor", next)
		q.Next = "/reviews?" + values.Encode()
	}
	if q.Batches, err = s.registry.WaitingBatches(ctx, actor, !q.All); err != nil {
		return nil, err
	}
	if q.Stages, err = s.stageNames(ctx); err != nil {
		return nil, err
	}
	var senders []uuid.UUID
	for _, w := range waiting {
		senders = append(senders, w.SentBy)
	}
	names, err := s.names(ctx, senders...)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		row := queued{Waiting: w, SentByName: names[w.SentBy]}
		row.Refusal, _ = collateral.CanReview(actor, w.Asset, w.Version).(*collateral.Error) //nolint:errorlint // a rule wraps nothing
		q.Rows = append(q.Rows, row)
	}
	return q, nil
}

// Tab is the address of the queue with this much in it.
func (q *queue) Tab(show, batch string) string {
	values := url.Values{}
	if show != "" {
		values.Set("show", show)
	}
	if batch != "" {
		values.Set("batch", batch)
	}
	if len(values) == 0 {
		return "/reviews"
	}
	return "/reviews?" + values.Encode()
}

// Show is what the address of this queue says of how much is in it.
func (q *queue) Show() string {
	if q.All {
		return "all"
	}
	return ""
}

// CanSignSome reports whether a row can be chosen.
func (q *queue) CanSignSome() bool {
	for _, row := range q.Rows {
		if row.Refusal == nil && row.OpenedAt != nil {
			return true
		}
	}
	return false
}

// signMany signs the versions that were chosen, and shows the queue with what became of each.
func (s *site) signMany(c echo.Context) error {
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	chosen, err := chosenVersions(c.Request().PostForm["version"])
	if err != nil {
		return err
	}
	signed, err := s.registry.SignSeen(ctx, actor, chosen)
	refusal, refused := isRefusal(err)
	if err != nil && !refused {
		return err
	}
	q, err := s.queue(c)
	if err != nil {
		return err
	}
	if refused {
		status, _ := statusOf(refusal.Kind)
		q.Fault = refusal
		return s.renderQueue(c, q, status)
	}
	for _, done := range signed {
		title := "A piece that is not for you to see"
		if a, err := s.registry.Asset(ctx, actor, done.Asset); err == nil {
			title = a.Title
		} else if collateral.KindOf(err) != collateral.NotFound {
			return err
		}
		q.Signed = append(q.Signed, signing{done, title})
	}
	return s.renderQueue(c, q, http.StatusOK)
}

// chosenVersions reads the keys of queued versions.
func chosenVersions(keys []string) ([]registry.VersionRef, error) {
	var chosen []registry.VersionRef
	for _, key := range keys {
		asset, number, _ := strings.Cut(key, "/")
		id, err := uuid.Parse(asset)
		n, numberErr := strconv.Atoi(number)
		if err != nil || numberErr != nil {
			return nil, unreadable()
		}
		chosen = append(chosen, registry.VersionRef{Asset: id, N: n})
	}
	return chosen, nil
}
