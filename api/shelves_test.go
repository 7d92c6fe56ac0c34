package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func titlesOf(list []object) []string {
	return each(list, func(o object) string { return o.text("title") })
}

func TestFavourites(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		a, b := w.published("First", "one"), w.published("Second", "two")
		w.do(w.rita, "PUT", "/favourites/"+a, nil).want(204)
		w.do(w.rita, "PUT", "/favourites/"+b, nil).want(204)
		w.do(w.rita, "PUT", "/favourites/"+a, nil).want(204)
		w.do(w.mia, "POST", "/assets/"+b+"/withdraw", fields{"reason": "It is old."}).want(200)
		got := w.do(w.rita, "GET", "/favourites", nil).want(200).list("items")
		if diff := cmp.Diff([]string{"Second", "First"}, titlesOf(got)); diff != "" || got[0].at("published").value != false || got[1].at("published").value != true {
			t.Errorf("favourites, the first one withdrawn (-want +got):\n%s\n%v", diff, got)
		}
		w.do(w.rita, "DELETE", "/favourites/"+b, nil).want(204)
		w.do(w.rita, "DELETE", "/favourites/"+b, nil).want(204)
		w.do(w.rita, "PUT", "/favourites/"+b, nil).wantProblem(404, "not-found")
		if got := w.do(w.ada, "GET", "/favourites", nil).want(200).list("items"); len(got) != 0 {
			t.Errorf("another person has the favourites %v, want none", got)
		}
	})
}

func TestCollections(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		a, b := w.published("First", "one"), w.published("Second", "two")
		id := w.do(w.rita, "POST", "/collections", fields{"name": "First calls"}).want(201).text("id")
		w.do(w.rita, "POST", "/collections", fields{"name": "First calls"}).wantProblem(409, "conflict", "/name")
		w.do(w.rita, "POST", "/collections", fields{"name": " "}).wantProblem(422, "invalid", "/name")
		w.do(w.rita, "PUT", "/collections/"+id+"/items/"+a, nil).want(200)
		w.do(w.rita, "PUT", "/collections/"+id+"/items/"+b+"?position=1", nil).want(200)
		w.do(w.rita, "PUT", "/collections/"+id+"/items/"+b+"?position=0", nil).wantProblem(400, "malformed", "?position")
		got := w.do(w.rita, "GET", "/collections/"+id, nil).want(200)
		if diff := cmp.Diff([]string{"Second", "First"}, titlesOf(got.list("items"))); diff != "" || got.number("collection", "pieces") != 2 {
			t.Errorf("collected (-want +got):\n%s\n%v", diff, got)
		}
		if n := w.do(w.rita, "DELETE", "/collections/"+id+"/items/"+b, nil).want(200).number("pieces"); n != 1 {
			t.Errorf("got %d pieces after taking one out, want 1", n)
		}
		w.do(w.rita, "PATCH", "/collections/"+id, fields{"name": "Later calls"}).want(200)
		all := w.do(w.rita, "GET", "/collections", nil).want(200).list("items")
		if len(all) != 1 || all[0].text("name") != "Later calls" {
			t.Errorf("got the collections %v, want the renamed one", all)
		}
		w.do(w.lea, "GET", "/collections/"+id, nil).wantProblem(404, "not-found")
		w.do(w.rita, "DELETE", "/collections/"+id, nil).want(204)
		w.do(w.rita, "DELETE", "/collections/"+id, nil).wantProblem(404, "not-found")
	})
}

func TestFlags(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		a := w.published("Prices", "what it costs")
		path := "/assets/" + a + "/flags"
		flag := w.do(w.rita, "POST", path, fields{"reason": "The price is old."}).want(201)
		w.do(w.rita, "POST", path, fields{"reason": "Still."}).wantProblem(409, "conflict")
		w.do(w.rita, "POST", path, fields{"reason": ""}).wantProblem(422, "invalid", "/reason")
		if seen := w.do(w.lea, "GET", path, nil).want(200).list("items"); len(seen) != 1 || seen[0].at("raised_by").value != nil {
			t.Errorf("a reader sees %v, want one flag and not who raised it", seen)
		}
		settle := path + "/" + flag.text("id") + "/settle"
		w.do(w.rita, "POST", settle, fields{"outcome": "fixed"}).wantProblem(403, "forbidden")
		w.do(w.mia, "POST", settle, fields{"outcome": "ignored"}).wantProblem(400, "malformed", "/outcome")
		w.do(w.mia, "POST", settle, fields{"outcome": "kept"}).wantProblem(422, "invalid", "/note")
		w.do(w.mia, "POST", settle, fields{"outcome": "fixed", "note": "Version 2 has the new one."}).want(204)
		w.do(w.mia, "POST", settle, fields{"outcome": "fixed"}).wantProblem(409, "conflict")
		if own := w.do(w.rita, "GET", path, nil).want(200).list("items"); len(own) != 1 || own[0].text("outcome") != "fixed" {
			t.Errorf("who raised it sees %v, want what became of it", own)
		}
		var actions []string
		for _, e := range w.do(w.ada, "GET", "/audit?subject_id="+a, nil).want(200).list("items")[:2] {
			actions = append(actions, e.text("action"))
		}
		if diff := cmp.Diff([]string{"asset.flag_settled", "asset.flagged"}, actions); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

func TestRecent(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		a := w.published("First", "one")
		w.do(w.rita, "POST", "/usage/events", fields{"events": []fields{
			{"id": newID(), "kind": "share", "asset_id": a, "occurred_at": w.pieces.Store.Now().Format("2006-01-02T15:04:05Z07:00")},
		}}).want(200)
		got := w.do(w.rita, "GET", "/me/recent", nil).want(200).list("items")
		if len(got) != 1 || got[0].text("asset_id") != a || got[0].list("uses")[0].text("kind") != "share" {
			t.Errorf("got %v, want the piece that was shared", got)
		}
		if others := w.do(w.ada, "GET", "/me/recent", nil).want(200).list("items"); len(others) != 0 {
			t.Errorf("an admin sees %v, want nothing of what others did", others)
		}
	})
}
