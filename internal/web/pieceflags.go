package web

import (
	"context"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// flagList is what people say is outdated or wrong with a piece; the part "flags" shows it.
type flagList struct {
	Asset     uuid.UUID
	Then      string // where settling one leads
	MaySettle bool
	Items     []flagView
	Refusal   flagRefusal
}

// flagRefusal is a settlement that was refused, as it was typed.
type flagRefusal struct {
	Flag    uuid.UUID
	Note    string
	Outcome string
	Fault   *collateral.Error
}

type flagView struct {
	collateral.Flag

	RaisedByName  string // "" for whom that does not concern
	SettledByName string
}

// Waiting returns how many are not settled.
func (l flagList) Waiting() int {
	n := 0
	for _, f := range l.Items {
		if f.Settled == nil {
			n++
		}
	}
	return n
}

// flagForm is what somebody says is outdated or wrong.
type flagForm struct {
	Reason string
	Fault  *collateral.Error
}

// flags makes the list of a piece's flags as far as they concern the reader.
func (s *site) flags(ctx context.Context, actor collateral.Actor, a *collateral.Asset, then string) (flagList, error) {
	l := flagList{Asset: a.ID, Then: then, MaySettle: a.IsContributor(actor.UserID) || actor.Is(collateral.Admin)}
	all, err := s.registry.Flags(ctx, actor, a.ID)
	if err != nil {
		return l, err
	}
	var people []uuid.UUID
	for _, f := range all {
		people = append(people, f.RaisedBy)
		if f.Settled != nil {
			people = append(people, f.Settled.By)
		}
	}
	names, err := s.names(ctx, people...)
	if err != nil {
		return l, err
	}
	for _, f := range all {
		view := flagView{Flag: f, RaisedByName: names[f.RaisedBy]}
		if f.Settled != nil {
			view.SettledByName = names[f.Settled.By]
		}
		l.Items = append(l.Items, view)
	}
	return l, nil
}

func (s *site) showFlags(ctx context.Context, actor collateral.Actor, v *pieceView) (err error) {
	v.Flags, err = s.flags(ctx, actor, v.Asset, v.From.of(v.Asset.ID))
	return err
}

// flagPiece tells the owner that a piece is outdated or wrong.
func (s *site) flagPiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	from := readCameFrom(form)
	_, err = s.registry.Flag(ctx, actorOf(ctx), id, form.Get("reason"))
	refusal, refused := isRefusal(err)
	switch {
	case refused:
		v, err := s.pieceView(c, from)
		if err != nil {
			return err
		}
		v.Flag = flagForm{Reason: form.Get("reason"), Fault: refusal}
		status, _ := statusOf(refusal.Kind)
		return s.renderPiece(c, v, status)
	case err != nil:
		return err
	}
	return s.done(c, from.of(id), "Thank you. The owner sees what you wrote, and you will find here what becomes of it.")
}

// settleFlag says what became of a flag. The form stands on the piece's page and on that of its makers.
func (s *site) settleFlag(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	flag, err := uuid.Parse(c.Param("flag"))
	if err != nil {
		return collateral.Errorf(collateral.NotFound, "There is nothing at this address.")
	}
	ctx, form := c.Request().Context(), c.Request().PostForm
	err = s.registry.SettleFlag(ctx, actorOf(ctx), id, flag, collateral.FlagOutcome(form.Get("outcome")), form.Get("note"))
	then := localPath(form.Get("then"))
	refusal, refused := isRefusal(err)
	switch {
	case refused:
		return s.notSettled(c, id, then, flagRefusal{Flag: flag, Note: form.Get("note"), Outcome: form.Get("outcome"), Fault: refusal})
	case err != nil:
		return err
	}
	return s.done(c, then, "Settled. Whoever flagged it is told.")
}

// notSettled shows the page again that the refused form came from.
func (s *site) notSettled(c echo.Context, id uuid.UUID, from string, refusal flagRefusal) error {
	status, _ := statusOf(refusal.Fault.Kind)
	if from == "/work/"+id.String() {
		ctx := c.Request().Context()
		a, err := s.registry.Asset(ctx, actorOf(ctx), id)
		if err != nil {
			return err
		}
		return s.showWorkPiece(c, status, a, workPiece{Flags: flagList{Refusal: refusal}})
	}
	v, err := s.pieceView(c, cameFrom{})
	if err != nil {
		return err
	}
	v.Flags.Refusal = refusal
	return s.renderPiece(c, v, status)
}
