package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"collateral/internal/registry"
)

func file(name, text string) registry.File {
	return registry.File{Name: name, Content: strings.NewReader(text)}
}

func TestShelfOfFavourites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.live("Fleet deck", "how a pilot is planned", nil)
	path := "/pieces/" + id.String()
	w.rita.get("/favourites").wantText(".empty", "No favourites yet")
	star := "form[action$='/favourite']"
	starred := w.rita.submit(w.rita.get(path), star, nil).wantText(".notice.good", "among your favourites")
	if starred.Find(star+" button").AttrOr("aria-pressed", "") != "true" {
		t.Error("the star is not pressed")
	}
	w.rita.get("/favourites").wantAll("[data-hit]", "Fleet deck")
	if w.rita.get("/").Find(".card-star").Length() != 1 {
		t.Error("the result does not show that the piece is a favourite")
	}
	if _, err := w.pieces.Withdraw(t.Context(), w.mia.actor(), id, "The price is old."); err != nil {
		t.Fatal(err)
	}
	shelf := w.rita.get("/favourites").wantText("li", "not published any more").wantText("li", "Fleet deck")
	w.rita.submit(shelf, star, nil).wantText(".empty", "No favourites yet")
}

func TestShelfOfCollections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := []string{}
	for _, title := range []string{"One", "Two"} {
		ids = append(ids, w.live(title, title+" pilot", nil).String())
	}
	empty := w.rita.get("/collections").wantText(".empty", "No collections yet")
	made := w.rita.submit(empty, "form[action='/collections']", url.Values{"name": {"First calls"}}).wantText("h1", "First calls")
	address := made.at.Path
	taken := w.rita.submit(w.rita.get("/collections"), "form[action='/collections']", url.Values{"name": {"First calls"}})
	taken.wantStatus(http.StatusConflict).wantText("[role=alert]", "already")
	if got := taken.Find("input[name=name]").AttrOr("value", ""); got != "First calls" {
		t.Errorf("got %q in the refused form, want what was typed", got)
	}

	for _, id := range ids {
		page := w.rita.get("/pieces/" + id)
		collection, _ := page.Find("select[name=collection] option").Attr("value")
		w.rita.submit(page, "form[action$='/collections']:has(select)", url.Values{"collection": {collection}}).wantText(".notice.good", "First calls")
	}
	w.rita.get(address).wantAll("[data-hit]", "One", "Two")
	up := w.rita.get(address).Find("form[action$='/items']:has(button[value='1']):has(button:not([disabled]))").Last()
	asset, _ := up.Find("input[name=asset]").Attr("value")
	token, _ := up.Find("input[name=token]").Attr("value")
	moved := w.rita.post(address+"/items", url.Values{"token": {token}, "asset": {asset}, "place": {"1"}})
	moved.wantAll("[data-hit]", "Two", "One")
	w.rita.post(address+"/items", url.Values{"token": {token}, "asset": {asset}, "place": {"out"}}).wantAll("[data-hit]", "One")
	w.rita.post(address+"/items", url.Values{"token": {token}, "asset": {asset}, "place": {"x"}}).wantStatus(http.StatusBadRequest)

	w.lea.get(address).wantStatus(http.StatusNotFound)
	w.rita.submit(w.rita.get(address), "form[action$='/rename']", url.Values{"name": {" "}}).
		wantStatus(http.StatusUnprocessableEntity).wantText("[role=alert]", "Give the collection a name")
	w.rita.submit(w.rita.get(address), "form[action$='/rename']", url.Values{"name": {"Later calls"}}).wantText("h1", "Later calls")
	w.rita.submit(w.rita.get("/pieces/"+ids[1]), "form[action$='/collections']:has(input[name=name])", url.Values{"name": {"Another"}}).
		wantText(".notice.good", "Another")
	w.rita.submit(w.rita.get(address), "form[action$='/delete']", nil).wantAll(".hit-title", "Another")
}
