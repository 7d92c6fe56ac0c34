package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// reviewed is the page of one version under review.
type reviewed struct {
	*registry.Reviewing
	Preview preview
	Changes *registry.Changes
	Stages  stageNames
	names   map[uuid.UUID]string
	Place   place

	// What was sent and refused.
	Fault    *collateral.Error
	Decision collateral.Decision
	Comment  string
}

// place is where a version stands among those that wait for the reader; zero when it does not.
type place struct {
	N, Of          int
	Previous, Next string // addresses; "" for none
}

// NameOf is a person's name.
func (r *reviewed) NameOf(id uuid.UUID) string {
	if name := r.names[id]; name != "" {
		return name
	}
	return "somebody who has left"
}

// Sender is the name of who submitted the version; "" while that is not known.
func (r *reviewed) Sender() string { return r.names[r.SentBy] }

// AskedFor is what Sales asked for when it sent the piece back the last time; nil when it did not, or signed since.
func (r *reviewed) AskedFor() *collateral.Review {
	if r.Before == nil || r.Before.Decision == collateral.Approve {
		return nil
	}
	return r.Before
}

// Typed is the comment that was sent with a decision.
func (r *reviewed) Typed(decision string) string {
	if string(r.Decision) == decision {
		return r.Comment
	}
	return ""
}

// Wrong is what is wrong with the comment of a decision.
func (r *reviewed) Wrong(decision string) string {
	if r.Fault == nil || string(r.Decision) != decision {
		return ""
	}
	for _, f := range r.Fault.Fields {
		if f.Pointer == "/comment" {
			return f.Detail
		}
	}
	return ""
}

// review shows a version with everything that Sales signs. That counts as having looked at it.
func (s *site) review(c echo.Context) error {
	r, err := s.reviewed(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.registry.LookedAt(ctx, actorOf(ctx), r.Version); err != nil {
		return err
	}
	return s.renderReview(c, r, http.StatusOK)
}

func (s *site) renderReview(c echo.Context, r *reviewed, status int) error {
	return s.render(c, "review", page{Title: r.Asset.Title, Area: areaReviews, Body: r, Status: status})
}

func (s *site) reviewed(c echo.Context) (*reviewed, error) {
	id, err := idOf(c)
	if err != nil {
		return nil, err
	}
	n, err := numberOf(c)
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	r := &reviewed{}
	if r.Reviewing, err = s.registry.Reviewing(ctx, actor, id, n); err != nil {
		return nil, err
	}
	if r.Changes, err = s.registry.Changes(ctx, actor, id, n); err != nil {
		return nil, err
	}
	if r.Stages, err = s.stageNames(ctx); err != nil {
		return nil, err
	}
	if r.Place, err = s.placeOf(ctx, actor, id); err != nil {
		return nil, err
	}
	people := []uuid.UUID{r.Asset.OwnerID, r.Version.UploadedBy, r.SentBy}
	if r.Review != nil {
		people = append(people, r.Review.ReviewerID)
	}
	if r.Before != nil {
		people = append(people, r.Before.ReviewerID)
	}
	if r.Preview, err = s.preview(ctx, r.Version, false); err != nil {
		return nil, err
	}
	r.names, err = s.names(ctx, people...)
	return r, err
}

// placeOf finds a piece among the first that wait for the actor.
func (s *site) placeOf(ctx context.Context, actor collateral.Actor, id uuid.UUID) (place, error) {
	waiting, _, err := s.registry.Reviews(ctx, actor, true, collateral.Paging{Limit: registry.MaxSignings})
	if err != nil || len(waiting) == 0 {
		return place{}, err
	}
	address := func(w registry.Waiting) string { return fmt.Sprintf("/reviews/%s/%d", w.Asset.ID, w.Version.N) }
	at := slices.IndexFunc(waiting, func(w registry.Waiting) bool { return w.Asset.ID == id })
	if at < 0 {
		return place{Next: address(waiting[0])}, nil
	}
	p := place{N: at + 1, Of: len(waiting)}
	if at > 0 {
		p.Previous = address(waiting[at-1])
	}
	if at+1 < len(waiting) {
		p.Next = address(waiting[at+1])
	}
	return p, nil
}

// decide records a decision and goes on to the next version that waits.
func (s *site) decide(c echo.Context) error {
	r, err := s.reviewed(c)
	if err != nil {
		return err
	}
	form := c.Request().PostForm
	r.Decision, r.Comment = collateral.Decision(form.Get("decision")), form.Get("comment")
	ctx := c.Request().Context()
	actor := actorOf(ctx)
	_, err = s.registry.ReviewSeen(ctx, actor, r.Asset.ID, r.Version.N, r.Decision, r.Comment)
	if refusal, ok := isRefusal(err); ok {
		return s.refuseDecision(c, r, refusal)
	}
	if err != nil {
		return err
	}
	did := map[collateral.Decision]string{
		collateral.Approve:        "You signed “%s”.",
		collateral.RequestChanges: "“%s” goes back with what has to change.",
		collateral.Reject:         "You rejected “%s”.",
	}[r.Decision]
	next, err := s.placeOf(ctx, actor, r.Asset.ID)
	if err != nil {
		return err
	}
	switch {
	case r.Place.Next != "":
		return s.done(c, r.Place.Next, did+" This is the next one that waits.", r.Asset.Title)
	case next.Next != "":
		return s.done(c, next.Next, did+" This one waits longest.", r.Asset.Title)
	}
	return s.done(c, "/reviews", did+" Nothing else waits for you.", r.Asset.Title)
}

// refuseDecision shows the version as it stands now, with what was typed: somebody may have been quicker.
func (s *site) refuseDecision(c echo.Context, r *reviewed, refusal *collateral.Error) error {
	now, err := s.reviewed(c)
	if err != nil {
		return err
	}
	now.Fault, now.Decision, now.Comment = refusal, r.Decision, r.Comment
	ctx := c.Request().Context()
	if err := s.registry.LookedAt(ctx, actorOf(ctx), now.Version); err != nil {
		return err
	}
	status, _ := statusOf(refusal.Kind)
	return s.renderReview(c, now, status)
}
