package api

import (
	"strings"
	"testing"
)

func TestMyDataAndBeingForgotten(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		deck := w.published("Pricing deck", "prices of pumps")
		w.do(w.rita, "GET", "/search?q=pumps", nil).want(200)
		w.do(w.rita, "POST", "/usage/events", fields{"events": []fields{{"id": newID(), "kind": "present", "asset_id": deck, "occurred_at": "2020-01-01T00:00:00Z"}}}).want(200)
		w.do(w.rita, "GET", "/assets/"+deck+"/content", nil).want(200)
		w.settle()

		file := w.do(w.rita, "GET", "/me/data", nil)
		parts := make(map[string][]object)
		for _, p := range file.want(200).list("parts") {
			parts[p.text("name")] = p.list("items")
		}
		if got := file.header.Get("Content-Disposition"); !strings.Contains(got, "attachment") || file.header.Get("Cache-Control") != "no-store" {
			t.Errorf("got the headers %v, want a file that is kept nowhere", file.header)
		}
		if len(parts["uses"]) != 1 || parts["uses"][0].text("title") != "Pricing deck" || len(parts["searches"]) != 1 || parts["searches"][0].text("query") != "pumps" {
			t.Errorf("got %v and %v, want the use and the search", parts["uses"], parts["searches"])
		}

		before := w.do(w.lea, "GET", "/reports/unused", nil).want(200)
		w.do(w.rita, "POST", "/me/anonymise", nil).want(202)
		w.work()
		if got := w.do(w.rita, "GET", "/me/recent", nil).want(200).list("items"); len(got) != 0 {
			t.Errorf("got %v, want nothing that rita used", got)
		}
		if after := w.do(w.lea, "GET", "/reports/unused", nil).want(200); len(after.list("ladder")) != len(before.list("ladder")) {
			t.Error("the report changed")
		}

		w.do(w.ada, "POST", "/users/"+w.rita.id+"/anonymise", fields{"account": true}).wantProblem(409, "conflict")
		w.do(w.ada, "PATCH", "/users/"+w.rita.id, fields{"active": false}).want(200)
		w.do(w.ada, "POST", "/users/"+w.rita.id+"/anonymise", fields{"account": true}).want(202)
		w.do(w.ada, "POST", "/users/"+newID()+"/anonymise", fields{}).want(404)
		if got := string(w.do(w.ada, "GET", "/users", nil).body); strings.Contains(got, "rita") || !strings.Contains(got, "Former user") {
			t.Errorf("got %s, want a former user in place of rita", got)
		}
	})
}

func TestBuyerIsForgotten(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		deck := w.published("Pricing deck", "prices of pumps")
		link := w.do(w.rita, "POST", "/links", fields{"assets": []string{deck}, "recipient": "Jo Doe", "recipient_email": "jo@buyer.example"}).want(201)
		got := w.do(w.ada, "POST", "/visitors/forget", fields{"email": "jo@buyer.example"}).want(200)
		if got.number("links") != 1 || got.number("visitors") != 0 {
			t.Errorf("got %v, want one link", got)
		}
		if l := w.do(w.rita, "GET", "/links/"+link.text("id"), nil).want(200); l.text("recipient") != "Former recipient" || l.text("recipient_email") != "" {
			t.Errorf("got %v, want a link for nobody", l)
		}
		w.do(w.ada, "POST", "/visitors/forget", fields{"email": "jojo"}).wantProblem(422, "invalid", "/email")
	})
}
