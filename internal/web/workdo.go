package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// deed is what a maker does with a piece by a form. It returns a sentence about what was done.
type deed func(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error)

// deeds are they by the last part of the form's address.
func (s *site) deeds() map[string]deed {
	return map[string]deed{
		"submit":    s.submitPiece,
		"unsubmit":  s.takeBackPiece,
		"publish":   s.publishPiece,
		"withdraw":  s.withdrawPiece,
		"delete":    s.deletePiece,
		"copy":      s.copyVersion,
		"owner":     s.handPiece,
		"coauthors": s.addCoauthor,
		"part":      s.removeCoauthor,
	}
}

func (s *site) doWithPiece(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	do, ok := s.deeds()[c.Param("do")]
	if !ok || isMultipart(c.Request()) {
		return collateral.Errorf(collateral.NotFound, "There is nothing at this address.")
	}
	ctx := c.Request().Context()
	sentence, err := do(ctx, actorOf(ctx), id, c.Request().PostForm)
	if err != nil {
		return s.notDone(c, id, err, c.Request().PostForm)
	}
	to := "/work/" + id.String()
	if _, err := s.registry.Asset(ctx, actorOf(ctx), id); collateral.KindOf(err) == collateral.NotFound {
		to = "/work" // deleted, or handed to somebody else
	}
	return s.done(c, to, "%s", sentence)
}

// notDone shows the piece again with the refusal and what was typed.
func (s *site) notDone(c echo.Context, id uuid.UUID, err error, typed url.Values) error {
	refusal, ok := isRefusal(err)
	if !ok {
		return err
	}
	ctx := c.Request().Context()
	a, err := s.registry.Asset(ctx, actorOf(ctx), id)
	if err != nil {
		return err
	}
	status, _ := statusOf(refusal.Kind)
	shown := workPiece{Fault: refusal, Wrong: wrong(refusal.Fields, nil), Typed: map[string]string{}}
	for name := range typed {
		shown.Typed[name] = typed.Get(name)
	}
	return s.showWorkPiece(c, status, a, shown)
}

func (s *site) submitPiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, _ url.Values) (string, error) {
	_, warnings, err := s.registry.Submit(ctx, actor, id)
	return sentences("Handed to Sales.", warnings), err
}

func (s *site) takeBackPiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, _ url.Values) (string, error) {
	_, err := s.registry.Unsubmit(ctx, actor, id)
	return "Taken back from Sales. It is a draft again.", err
}

func (s *site) publishPiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, _ url.Values) (string, error) {
	_, err := s.registry.Publish(ctx, actor, id)
	return "Published. Reps find it within seconds.", err
}

func (s *site) withdrawPiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error) {
	_, err := s.registry.Withdraw(ctx, actor, id, form.Get("reason"))
	return "Withdrawn. Reps do not find it any more.", err
}

func (s *site) deletePiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, _ url.Values) (string, error) {
	return "The draft is deleted.", s.registry.Delete(ctx, actor, id)
}

func (s *site) copyVersion(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error) {
	from, err := strconv.Atoi(form.Get("from"))
	if err != nil {
		return "", collateral.Fault("/from", "Choose a version.")
	}
	v, _, err := s.registry.CopyVersion(ctx, actor, id, from, form.Get("note"))
	if err != nil {
		return "", err
	}
	return "Version " + strconv.Itoa(v.N) + " has the same content. Submit it with the tags as they are now.", nil
}

func (s *site) handPiece(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error) {
	to, err := s.access.Colleague(ctx, "/owner", form.Get("owner"))
	if err != nil {
		return "", err
	}
	_, err = s.registry.SetOwner(ctx, actor, id, to.ID)
	return "The piece belongs to " + to.Name + " now.", err
}

func (s *site) addCoauthor(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error) {
	who, err := s.access.Colleague(ctx, "/coauthor", form.Get("coauthor"))
	if err != nil {
		return "", err
	}
	_, err = s.registry.AddCoauthor(ctx, actor, id, who.ID)
	return who.Name + " works on the piece too, and cannot sign it.", err
}

func (s *site) removeCoauthor(ctx context.Context, actor collateral.Actor, id uuid.UUID, form url.Values) (string, error) {
	who, err := uuid.Parse(form.Get("user"))
	if err != nil {
		return "", collateral.Fault("/user", "Choose a co-author.")
	}
	_, err = s.registry.RemoveCoauthor(ctx, actor, id, who)
	return "No longer a co-author of what comes next.", err
}

// addVersion takes a file, or the address of a link, as the next version.
func (s *site) addVersion(c echo.Context) error {
	id, err := idOf(c)
	if err != nil {
		return err
	}
	files, err := openFiles(c, maxForm)
	if err != nil {
		return err
	}
	file, err := files.next()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	note, address := files.texts.Get("note"), files.texts.Get("url")
	var v *collateral.Version
	var warnings []string
	switch {
	case file != nil:
		v, warnings, err = s.registry.Upload(ctx, actorOf(ctx), id, registry.File{Name: files.name, Note: note, Content: file})
	case address != "":
		v, warnings, err = s.registry.AddLink(ctx, actorOf(ctx), id, address, note)
	default:
		err = collateral.Fault("/file", "Choose a file, or give the address of a link.")
	}
	if err != nil {
		if file != nil {
			defer lingering(c)()
		}
		return s.notDone(c, id, err, files.texts)
	}
	if err := files.rest(); err != nil {
		return err
	}
	return s.done(c, "/work/"+id.String(), "%s", sentences("Stored as version "+strconv.Itoa(v.N)+".", warnings))
}

// likePieces answers a script that asks, while somebody types or chooses a file, which pieces are there already: with a title
// that says nearly the same, or with the same bytes.
func (s *site) likePieces(c echo.Context) error {
	ctx := c.Request().Context()
	except, _ := uuid.Parse(c.QueryParam("except")) // none of that id is excepted else
	var alike []*collateral.Asset
	var err error
	if digest := c.QueryParam("sha256"); digest != "" {
		alike, err = s.registry.SameContent(ctx, actorOf(ctx), digest, except)
	} else {
		alike, err = s.registry.LikeTitles(ctx, actorOf(ctx), c.QueryParam("title"), except)
	}
	if err != nil {
		return err
	}
	type like struct {
		Title string `json:"title"`
		Path  string `json:"path"`
		State string `json:"state"`
	}
	answer := make([]like, len(alike))
	for i, a := range alike {
		answer[i] = like{Title: a.Title, Path: "/pieces/" + a.ID.String(), State: words(a.State())}
		if a.IsContributor(actorOf(ctx).UserID) {
			answer[i].Path = "/work/" + a.ID.String()
		}
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.JSON(http.StatusOK, answer)
}
