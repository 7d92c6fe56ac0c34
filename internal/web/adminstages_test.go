package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"collateral/internal/collateral"
)

// A leader adds a stage, moves it, says more about it, changes its key, and merges it into another.
func TestStagesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.lea.get("/admin/stages/new")
	w.lea.submit(p, "[data-stage]", url.Values{"name": {"Validation"}, "key": {""}}).wantStatus(http.StatusConflict).wantText("#key-wrong", "taken")
	refused := w.lea.submit(p, "[data-stage]", url.Values{"name": {"Going live"}, "key": {"Going Live"}, "questions": {"Who trains us?\r\n\r\nno"}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("#key-wrong", "lower-case").wantText("#questions-wrong", "3")
	if got := refused.Find("[name=questions]").Text(); got != "Who trains us?\r\n\r\nno" && got != "Who trains us?\n\nno" {
		t.Errorf("after a refusal the questions are %q, want what was typed", got)
	}
	p = w.lea.submit(refused, "[data-stage]", url.Values{"key": {""}, "questions": {"Who trains us?\r\n\r\n Who is liable? "}, "milestones": {"The buyer names a project lead"}, "always_on": {"yes"}})
	p.wantText("[role=status]", "Going live is added").wantText("#stage-going-live", "7. Going live always on").wantText("#stage-going-live", "Who is liable?")

	p = w.lea.submit(p, "form[action='/admin/stages/going-live/move']", nil).wantText("#stage-going-live", "6. Going live")
	if p.Find("#stage-going-live form").Length() != 2 {
		t.Error("a stage in the middle has no two ways to move")
	}
	edit := w.lea.get("/admin/stages/going-live")
	w.lea.submit(edit, "[data-stage]", url.Values{"key": {"onboarding"}, "always_on": {}}).wantText("#stage-onboarding", "6. Going live")
	w.lea.get("/admin/stages/going-live").wantStatus(http.StatusNotFound)

	p = w.lea.get("/admin/stages/onboarding/retire").wantText("main", "No piece is tagged")
	w.lea.submit(p, "[data-retire]", url.Values{"into": {"onboarding"}}).wantStatus(http.StatusUnprocessableEntity).wantText("#into-wrong", "into itself")
	w.lea.submit(p, "[data-retire]", url.Values{"into": {"validation"}}).wantText("[role=status]", "is retired")
	if p := w.lea.get("/admin/stages"); p.Find(".stage-list > li").Length() != 6 || strings.Contains(p.text("main"), "Going live") {
		t.Error("the retired stage is still shown")
	}
}

func TestRetiringSaysWhatMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.pieces.Create(t.Context(), w.mia.actor(), collateral.Details{
		Title: "Pricing deck", Type: "deck", Audience: collateral.ForCustomer, Language: "en",
		Stages: []collateral.StageTag{{Stage: "validation", Role: "Shows the buyer what it costs.", Primary: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.lea.get("/admin/stages/validation/retire").wantText("main", "1 piece is tagged to it and moves")
}

// What somebody else saved meanwhile stands beside what was typed; saving again replaces it.
func TestStageIsChangedByTwo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leas, adas := w.lea.get("/admin/stages/validation"), w.ada.get("/admin/stages/validation")
	w.lea.submit(leas, "[data-stage]", url.Values{"name": {"Lea's name"}}).wantText("[role=status]", "saved")
	p := w.ada.submit(adas, "[data-stage]", url.Values{"name": {"Ada's name"}}).
		wantStatus(http.StatusConflict).wantText("[role=alert]", "while you did").wantText("aside", "Lea's name")
	if got := p.Find("[name=name]").AttrOr("value", ""); got != "Ada's name" {
		t.Errorf("the name is %q, want what was typed", got)
	}
	w.ada.submit(p, "[data-stage]", nil).wantText("#stage-validation", "Ada's name")
}
