package web

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// useForm is what somebody says of having used a piece.
type useForm struct {
	Label       string
	ID          string // made with the page, so that a form that is sent twice counts once
	Kind        collateral.UseKind
	Reaction    string
	Opportunity string
	Fault       *collateral.Error
}

// useForms are the forms of a page, each with an id of its own.
func useForms() []useForm {
	return []useForm{
		{Kind: collateral.Present, Label: "I used it in a call", ID: uuid.Must(uuid.NewV7()).String()},
		{Kind: collateral.Share, Label: "I sent it to a buyer", ID: uuid.Must(uuid.NewV7()).String()},
	}
}

// recordUse records that the piece was presented in a call, or sent to a buyer.
func (s *site) recordUse(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	from := readCameFrom(form)
	use := useForm{
		ID: form.Get("use"), Kind: collateral.UseKind(form.Get("kind")),
		Reaction: form.Get("reaction"), Opportunity: strings.TrimSpace(form.Get("opportunity")),
	}
	outcome, err := s.usage.Record(ctx, actorOf(ctx), []usage.Incoming{{
		ID: use.ID, Kind: string(use.Kind), AssetID: id.String(), OccurredAt: s.now().Format(time.RFC3339Nano),
		SearchID: from.Search, Opportunity: use.Opportunity, Reaction: use.Reaction,
	}})
	if err == nil && len(outcome.Rejected) > 0 {
		err = collateral.Errorf(collateral.Invalid, "%s", outcome.Rejected[0].Reason)
	}
	refusal, refused := isRefusal(err)
	switch {
	case refused:
		v, err := s.pieceView(c, from)
		if err != nil {
			return err
		}
		v.refuseUse(use, refusal)
		status, _ := statusOf(refusal.Kind)
		return s.renderPiece(c, v, status)
	case err != nil:
		return err
	case use.Kind == collateral.Present:
		return s.done(c, from.of(id), "Noted: you presented it in a call.")
	}
	return s.done(c, from.of(id), "Noted: you sent it to a buyer.")
}

// refuseUse shows what was typed in its form again, with what is wrong. What is of no kind that the page offers is shown as a
// presentation.
func (v *pieceView) refuseUse(typed useForm, fault *collateral.Error) {
	at := max(slices.IndexFunc(v.Uses, func(f useForm) bool { return f.Kind == typed.Kind }), 0)
	form := &v.Uses[at]
	form.Reaction, form.Opportunity, form.Fault = typed.Reaction, typed.Opportunity, fault
	if _, err := uuid.Parse(typed.ID); err == nil { // it may have been recorded although nobody could say so
		form.ID = typed.ID
	}
}

// setFavourite stars a piece or takes the star away.
func (s *site) setFavourite(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	to := readCameFrom(form).of(id)
	if then := form.Get("then"); then != "" {
		to = localPath(then)
	}
	if form.Get("on") == "1" {
		if err := s.registry.AddFavourite(ctx, actorOf(ctx), id); err != nil {
			return err
		}
		return s.done(c, to, "It is among your favourites.")
	}
	if err := s.registry.RemoveFavourite(ctx, actorOf(ctx), id); err != nil {
		return err
	}
	return s.done(c, to, "It is no longer among your favourites.")
}
