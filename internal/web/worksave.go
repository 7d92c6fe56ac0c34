package web

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) saveNewPiece(c echo.Context) error { return s.save(c, uuid.Nil) }

func (s *site) savePiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	return s.save(c, id)
}

// saving is a form on its way into the registry: first the texts, then what the piece consists of, then the button that was
// pressed, in the order in which a browser sends them.
type saving struct {
	ctx   context.Context
	actor collateral.Actor
	files *filesForm
	file  *filePart // nil when none was chosen, and once it is stored
	form  pieceForm
	piece *collateral.Asset // once there is one
	shown workEdit
	fault *collateral.Error  // the first refusal
	faced []collateral.Field // of all refusals
}

func (s *site) save(c echo.Context, id uuid.UUID) error {
	files, err := openFiles(c, maxForm)
	if err != nil {
		return err
	}
	file, err := files.next()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	w := &saving{ctx: ctx, actor: actorOf(ctx), files: files, file: file, form: typedForm(files.texts)}
	w.form.New = id == uuid.Nil
	if !w.form.New {
		w.form.ID = id
	}
	if file == nil && files.texts.Get("do") == "row" {
		return s.anotherRow(c, w)
	}
	if err := s.saveTexts(w); err != nil {
		return err
	}
	if w.piece != nil {
		if err := s.saveContent(w); err != nil {
			return err
		}
	}
	if w.file == nil { // else it was refused, and is not worth reading to its end
		if err := files.rest(); err != nil {
			return err
		}
	}
	done := "Saved."
	if w.fault == nil && files.texts.Get("do") == "submit" {
		done = "Handed to Sales."
		if err := s.saveSubmitted(w); err != nil {
			return err
		}
	}
	if w.fault != nil {
		return s.showSaving(c, w)
	}
	return s.done(c, "/work/"+w.piece.ID.String(), "%s", sentences(done, w.shown.Warnings))
}

func (s *site) anotherRow(c echo.Context, w *saving) error {
	w.form.addRows(1)
	if !w.form.New {
		a, err := s.registry.Asset(w.ctx, w.actor, w.form.ID)
		if err != nil {
			return err
		}
		w.shown.Piece = a
	}
	w.shown.Form = w.form
	return s.showForm(c, http.StatusOK, w.shown)
}

// refused keeps a refusal that the form can be mended for; any other error is returned.
func (w *saving) refused(err error) error {
	refusal, ok := isRefusal(err)
	if !ok {
		return err
	}
	if w.fault == nil {
		w.fault = refusal
	}
	w.faced = append(w.faced, refusal.Fields...)
	return nil
}

// saveTexts stores what is said of the piece. A new one is made even when some of it cannot be stored, as long as it has a
// name and a kind: then its file is not sent in vain.
func (s *site) saveTexts(w *saving) error {
	details, _ := w.form.details()
	if !w.form.New {
		return s.changeTexts(w, details)
	}
	a, made, err := s.registry.CreateOnce(w.ctx, w.actor, w.form.ID, details)
	if err == nil && made {
		w.piece = a
		return nil
	}
	if err == nil { // the same form once more
		w.form.Revision = a.Revision
		return s.changeTexts(w, details)
	}
	if err := w.refused(err); err != nil {
		return err
	}
	rest, enough := withoutFaulty(details.Normal(), w.faced)
	if !enough || w.file == nil && w.form.URL == "" {
		return nil
	}
	a, _, err = s.registry.CreateOnce(w.ctx, w.actor, w.form.ID, rest)
	if err == nil {
		w.piece, w.shown.Kept = a, true
		return nil
	}
	return w.refused(err)
}

// changeTexts changes a piece, based on the revision that the form was filled in upon.
func (s *site) changeTexts(w *saving, details collateral.Details) error {
	now, err := s.registry.Asset(w.ctx, w.actor, w.form.ID)
	if err != nil {
		return err
	}
	if now.Revision == w.form.Revision {
		if chosen, any := takeTheirs(details, now.Details, w.files.texts); any {
			details = chosen
			w.form.fill(details.Normal())
		}
	}
	changed, err := s.registry.Change(w.ctx, w.actor, now.ID, &w.form.Revision, func(d *collateral.Details) error {
		*d = details
		return nil
	})
	if err == nil {
		w.piece = changed
		return nil
	}
	if collateral.KindOf(err) == collateral.Stale {
		w.shown.Conflict = differences(details, now.Details)
		if len(w.shown.Conflict) == 0 { // both say the same
			w.piece = now
			return nil
		}
	}
	w.piece = now
	return w.refused(err)
}

// saveContent stores the file, or the address of a link where it is another one.
func (s *site) saveContent(w *saving) error {
	var v *collateral.Version
	var err error
	switch {
	case w.file != nil:
		v, w.shown.Warnings, err = s.registry.Upload(w.ctx, w.actor, w.piece.ID, registry.File{Name: w.files.name, Note: w.form.Note, Content: w.file})
	case w.form.URL != "" && (w.piece.Newest == nil || w.piece.Newest.URL != w.form.URL):
		v, w.shown.Warnings, err = s.registry.AddLink(w.ctx, w.actor, w.piece.ID, w.form.URL, w.form.Note)
	default:
		return nil
	}
	if err != nil {
		return w.refused(err)
	}
	w.shown.Taken, w.form.Note, w.file = v, "", nil
	return nil
}

// saveSubmitted hands the piece to Sales, unless the same form did before.
func (s *site) saveSubmitted(w *saving) error {
	if w.shown.Taken != nil && w.shown.Taken.State == collateral.Submitted {
		return nil
	}
	_, warnings, err := s.registry.Submit(w.ctx, w.actor, w.piece.ID)
	if err != nil {
		return w.refused(err)
	}
	w.shown.Warnings = append(w.shown.Warnings, warnings...)
	return nil
}

// showSaving shows the form again with all that was typed, and what is wrong beside it.
func (s *site) showSaving(c echo.Context, w *saving) error {
	status, _ := statusOf(w.fault.Kind)
	if w.piece != nil {
		now, err := s.registry.Asset(w.ctx, w.actor, w.piece.ID)
		if err != nil {
			return err
		}
		w.shown.Piece, w.form.New, w.form.Revision = now, false, now.Revision
	}
	_, rowOf := w.form.details()
	w.shown.Form, w.shown.Wrong = w.form, wrong(w.faced, rowOf)
	w.shown.Fault = &collateral.Error{Kind: w.fault.Kind, Message: w.fault.Message, Fields: w.faced}
	if len(w.shown.Conflict) > 0 {
		w.shown.Fault = &collateral.Error{Kind: collateral.Stale, Message: "Somebody else changed the piece while you did. Nothing of yours is lost: choose below what shall hold, and save again."}
	}
	drop := func() {}
	if w.file != nil {
		drop = lingering(c)
	}
	defer drop()
	return s.showForm(c, status, w.shown)
}

// sentences puts warnings behind a sentence, as many as a cookie surely carries.
func sentences(first string, warnings []string) string {
	const room = 1000 // bytes, of which each may take three
	for _, w := range warnings {
		if len(first)+len(w) > room {
			break
		}
		first += " " + w
	}
	return first
}
