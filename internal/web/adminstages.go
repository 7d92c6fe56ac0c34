package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

func (s *site) stageRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/admin/stages", handler: s.stages, who: keepers()},
		{method: http.MethodPost, path: "/admin/stages", handler: s.addStage, who: keepers()},
		{method: http.MethodGet, path: "/admin/stages/new", handler: s.newStage, who: keepers()},
		{method: http.MethodGet, path: "/admin/stages/:key", handler: s.stage, who: keepers()},
		{method: http.MethodPost, path: "/admin/stages/:key", handler: s.changeStage, who: keepers()},
		{method: http.MethodPost, path: "/admin/stages/:key/move", handler: s.moveStage, who: keepers()},
		{method: http.MethodGet, path: "/admin/stages/:key/retire", handler: s.retiring, who: keepers()},
		{method: http.MethodPost, path: "/admin/stages/:key/retire", handler: s.retireStage, who: keepers()},
	}
}

// placedStage is a stage and the places beside it.
type placedStage struct {
	collateral.Stage
	Before, After int
}

func (s *site) stages(c echo.Context) error {
	stages, err := s.registry.Stages(c.Request().Context())
	if err != nil {
		return err
	}
	placed := make([]placedStage, len(stages))
	for i, stage := range stages {
		placed[i] = placedStage{stage, stage.Position - 1, stage.Position + 1}
	}
	return s.render(c, "admin-stages", page{Title: "Buying stages", Area: areaAdmin, Body: placed})
}

// stageForm is what the page shows on which a stage is added or changed.
type stageForm struct {
	typed
	Stage collateral.Stage // as it is now; zero for a new one
	Stale bool             // it is not what the form was filled from
	Mark  string           // of what the reader of the page sees
}

func (s *site) newStage(c echo.Context) error {
	return s.showStage(c, stageForm{typed: typed{Form: url.Values{}}})
}

func (s *site) showStage(c echo.Context, form stageForm) error {
	title := "New stage"
	if form.Stage.Key != "" {
		title, form.Mark = form.Stage.Name, form.Stage.Mark()
	}
	return s.render(c, "admin-stage", page{Title: title, Area: areaAdmin, Status: form.status(), Body: form})
}

func (s *site) addStage(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	change := stageChange(form)
	change.New = true
	if *change.Key == "" {
		change.Key = new(slugOf(*change.Name))
	}
	stage, err := s.registry.PutStage(ctx, actorOf(ctx), *change.Key, change)
	if refusal, ok := isRefusal(err); ok {
		return s.showStage(c, stageForm{typed: typed{form, refusal}})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/stages", "The stage %s is added. Makers of pieces can choose it now.", stage.Name)
}

// stageOf is the stage in use that the address of the page names.
func (s *site) stageOf(ctx context.Context, key string) (collateral.Stage, error) {
	stages, err := s.registry.Stages(ctx)
	if err != nil {
		return collateral.Stage{}, err
	}
	at := slices.IndexFunc(stages, func(s collateral.Stage) bool { return s.Key == key })
	if at < 0 {
		return collateral.Stage{}, collateral.Errorf(collateral.NotFound, "There is no buying stage %q in use. Its key may have been changed, or it was merged into another.", key)
	}
	return stages[at], nil
}

func (s *site) stage(c echo.Context) error {
	stage, err := s.stageOf(c.Request().Context(), c.Param("key"))
	if err != nil {
		return err
	}
	form := url.Values{
		"name": {stage.Name}, "key": {stage.Key},
		"questions": {strings.Join(stage.Questions, "\n")}, "milestones": {strings.Join(stage.Milestones, "\n")},
	}
	if stage.AlwaysOn {
		form.Set("always_on", "yes")
	}
	return s.showStage(c, stageForm{typed: typed{Form: form}, Stage: stage})
}

func (s *site) changeStage(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	change := stageChange(form)
	change.Based = form.Get("based")
	stage, err := s.registry.PutStage(ctx, actorOf(ctx), c.Param("key"), change)
	if refusal, ok := isRefusal(err); ok {
		now, err := s.stageOf(ctx, c.Param("key"))
		if err != nil {
			return err
		}
		return s.showStage(c, stageForm{typed: typed{form, refusal}, Stage: now, Stale: refusal.Kind == collateral.Stale})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/stages", "The stage %s is saved.", stage.Name)
}

// stageChange reads everything that is said of a stage.
func stageChange(form url.Values) registry.StageChange {
	return registry.StageChange{
		Key: new(strings.TrimSpace(form.Get("key"))), Name: new(strings.TrimSpace(form.Get("name"))), AlwaysOn: new(form.Get("always_on") != ""),
		Questions: new(lines(form.Get("questions"))), Milestones: new(lines(form.Get("milestones"))),
	}
}

// slugOf makes a key of a name: its words in lower case, with hyphens between.
func slugOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}

func (s *site) moveStage(c echo.Context) error {
	ctx := c.Request().Context()
	position, err := strconv.Atoi(c.Request().PostForm.Get("to"))
	if err != nil {
		return unreadable()
	}
	if _, err := s.stageOf(ctx, c.Param("key")); err != nil {
		return err
	}
	stage, err := s.registry.PutStage(ctx, actorOf(ctx), c.Param("key"), registry.StageChange{Position: &position})
	if err != nil {
		return err
	}
	return s.done(c, "/admin/stages#stage-"+stage.Key, "%s is stage %d now.", stage.Name, stage.Position)
}

// retiring is what the page shows on which a stage is merged into another.
type retiring struct {
	typed
	Stage  collateral.Stage
	Others []collateral.Stage
	Tags   registry.StageTags
}

func (s *site) retiring(c echo.Context) error { return s.showRetiring(c, typed{Form: url.Values{}}) }

func (s *site) showRetiring(c echo.Context, form typed) error {
	ctx := c.Request().Context()
	shown := retiring{typed: form}
	var err error
	if shown.Stage, err = s.stageOf(ctx, c.Param("key")); err != nil {
		return err
	}
	if shown.Others, err = s.registry.Stages(ctx); err != nil {
		return err
	}
	shown.Others = slices.DeleteFunc(shown.Others, func(o collateral.Stage) bool { return o.ID == shown.Stage.ID })
	if shown.Tags, err = s.registry.StageTags(ctx, shown.Stage.Key); err != nil {
		return err
	}
	return s.render(c, "admin-retire", page{Title: "Retire " + shown.Stage.Name, Area: areaAdmin, Status: form.status(), Body: shown})
}

func (s *site) retireStage(c echo.Context) error {
	ctx, form := c.Request().Context(), c.Request().PostForm
	kept, err := s.registry.RetireStage(ctx, actorOf(ctx), c.Param("key"), form.Get("into"))
	if refusal, ok := isRefusal(err); ok {
		return s.showRetiring(c, typed{form, refusal})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/admin/stages", "The stage is retired. Its pieces are at %s now.", kept.Name)
}
