package api

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		deck, prices := w.published("Deck", "one"), w.published("Prices", "two")
		made := w.do(w.rita, "POST", "/links", fields{
			"assets": []string{deck, prices}, "recipient": "Jo Doe", "recipient_email": "Jo@Example.com", "opportunity": "OPP-1", "passcode": "open sesame",
			"expires_at": time.Now().Add(time.Hour), "email_gate": "ask", "allowed": []string{"@example.com"}, "downloads": true, "watermark": true, "max_opens": 2,
		})
		link := made.want(201)
		id, path := link.text("id"), "/links/"+link.text("id")
		if made.header.Get("Location") != BasePath+path || made.header.Get("ETag") != `"1"` || strings.Contains(string(made.body), "argon2") {
			t.Errorf("got Location %q, ETag %q and %s", made.header.Get("Location"), made.header.Get("ETag"), made.body)
		}
		token, ok := strings.CutPrefix(link.text("address"), "https://collateral.example.com/s/")
		if !ok || len(token) != 24 || link.text("title") != "Deck" || link.text("state") != "live" || link.at("has_passcode").value != true || link.at("watermark").value != true || link.text("created_by_name") != "rita" {
			t.Errorf("got %v", link)
		}

		// A buyer comes by it.
		request := sharing.Request{Token: token, Address: "198.51.100.1"}
		door, err := w.links.GivePasscode(t.Context(), request, "open sesame")
		if err != nil {
			t.Fatal(err)
		}
		request.Key = door.Key
		if _, err := w.links.GiveEmail(t.Context(), request, "jo@example.com"); err != nil {
			t.Fatal(err)
		}
		visit := w.do(w.rita, "GET", path+"/visits", nil).want(200).list("items")[0]
		version := w.do(w.mia, "GET", "/assets/"+deck+"/versions", nil).want(200).list("items")[0].text("id")
		err = w.links.Attend(t.Context(), request, collateral.Beats{
			VisitID: uuid.MustParse(visit.text("id")), AssetID: uuid.MustParse(deck), VersionID: uuid.MustParse(version),
			Beats: []collateral.Beat{{Until: 4 * time.Second, Inputs: 1, Pages: map[int]time.Duration{1: 3 * time.Second}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		visit = w.do(w.rita, "GET", path+"/visits", nil).want(200).list("items")[0]
		looked := visit.number("visible_ms")
		if look := visit.list("looks")[0]; looked <= 0 || looked > 4000 || look.text("asset_id") != deck || look.number("visible_ms") != looked {
			t.Errorf("got visit %v, want what the page told of, as far as it has passed", visit)
		}
		outcome := w.do(w.rita, "GET", path, nil).want(200).at("outcome")
		if p := outcome.list("pieces")[0]; p.number("visits") != 1 || p.number("median_ms") != looked || p.at("trimmed_mean_ms").value != nil {
			t.Errorf("got %v, want one visit", outcome)
		}
		if visit.text("email") != "jo@example.com" || visit.at("counted").value != true || visit.at("verified").value != false {
			t.Errorf("got visit %v", visit)
		}
		seen := w.do(w.mia, "GET", path, nil).want(200)
		if seen.at("address").value != nil || seen.number("figures", "counted") != 1 || seen.number("figures", "persons") != 1 || seen.number("opens") != 1 {
			t.Errorf("the owner of the pieces sees %v, want no address and one counted visit", seen)
		}
		for name, p := range map[string]*person{"a leader": w.lea, "another marketer": w.max} {
			w.do(p, "GET", path, nil).wantProblem(404, "not-found")
			w.do(p, "GET", path+"/visits", nil).wantProblem(404, "not-found")
			if items := w.do(p, "GET", "/links", nil).want(200).list("items"); len(items) != 0 {
				t.Errorf("%s sees %v, want no link", name, items)
			}
		}
		for _, query := range []string{"", "?mine=true", "?asset=" + deck} {
			if items := w.do(w.rita, "GET", "/links"+query, nil).want(200).list("items"); len(items) != 1 || items[0].text("id") != id {
				t.Errorf("%q: got %v, want the link", query, items)
			}
		}
		for _, query := range []string{"?mine=true", "?asset=" + newID()} {
			if items := w.do(w.ada, "GET", "/links"+query, nil).want(200).list("items"); len(items) != 0 {
				t.Errorf("an admin, %q: got %v, want none", query, items)
			}
		}
		w.work()
		if uses := w.do(w.rita, "GET", "/me/recent", nil).want(200).list("items"); len(uses) != 2 || uses[0].list("uses")[0].text("kind") != "share" {
			t.Errorf("got uses %v, want a share of each piece", uses)
		}
	})
}

func TestLinkIsChanged(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		path := "/links/" + w.do(w.rita, "POST", "/links", fields{"assets": []string{w.published("Deck", "one")}, "passcode": "open sesame", "max_opens": 2}).want(201).text("id")
		w.do(w.rita, "PATCH", path, fields{"downloads": true}).wantProblem(428, "precondition-required")
		w.do(w.rita, "PATCH", path, fields{"downloads": true}, "If-Match", `"7"`).wantProblem(412, "stale")
		w.do(w.mia, "PATCH", path, fields{"downloads": true}, "If-Match", `"1"`).wantProblem(403, "forbidden")
		w.do(w.rita, "PATCH", path, fields{"allowed": []string{"@example.com"}}, "If-Match", `"1"`).wantProblem(422, "invalid", "/allowed")
		w.do(w.rita, "PATCH", path, fields{"title": "Another"}, "If-Match", `"1"`).wantProblem(400, "malformed", "/title")
		got := w.do(w.rita, "PATCH", path, fields{
			"downloads": true, "watermark": nil, "passcode": nil, "max_opens": nil, "email_gate": "ask", "allowed": []string{"B@example.com"}, "expires_at": "2030-01-01T00:00:00+02:00",
		}, "If-Match", `"1"`)
		link := got.want(200)
		if got.header.Get("ETag") != `"2"` || link.at("has_passcode").value != false || link.at("max_opens").value != nil || link.at("downloads").value != true ||
			link.text("expires_at") != "2029-12-31T22:00:00Z" || link.at("allowed").value.([]any)[0] != "b@example.com" {
			t.Errorf("got %v", link)
		}
		w.do(w.mia, "POST", path+"/revoke", nil).wantProblem(403, "forbidden")
		w.do(w.lea, "POST", path+"/revoke", nil).wantProblem(404, "not-found")
		if state := w.do(w.rita, "POST", path+"/revoke", nil).want(200).text("state"); state != "revoked" {
			t.Errorf("got state %s, want revoked", state)
		}
		w.do(w.ada, "POST", path+"/revoke", nil).want(200)
		w.do(w.rita, "PATCH", path, fields{"downloads": false}, "If-Match", "*").wantProblem(409, "conflict")
		var actions []string
		for _, e := range w.do(w.ada, "GET", "/audit?subject_kind=link", nil).want(200).list("items") {
			actions = append(actions, e.text("action"))
		}
		if got := strings.Join(actions, " "); got != "link.revoked link.changed link.made" {
			t.Errorf("got audit %q", got)
		}
	})
}

func TestLinksAreRefused(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		deck := w.published("Deck", "one")
		for _, c := range []struct {
			why      string
			link     fields
			pointers []string
		}{
			{"no piece", fields{"assets": []string{}}, []string{"/assets"}},
			{"a piece that is not there", fields{"assets": []string{deck, newID()}}, []string{"/assets/1"}},
			{"a draft", fields{"assets": []string{w.draft(w.mia, "Draft", "two")}}, []string{"/assets/0"}},
			{"a short passcode", fields{"assets": []string{deck}, "passcode": "1234"}, []string{"/passcode"}},
			{"an end in the past", fields{"assets": []string{deck}, "expires_at": "2020-01-01T00:00:00Z"}, []string{"/expires_at"}},
			{"verified without mail", fields{"assets": []string{deck}, "email_gate": "verified"}, []string{"/email_gate"}},
			{"marked for nobody", fields{"assets": []string{deck}, "watermark": true}, []string{"/watermark"}},
			{"a list for nobody", fields{"assets": []string{deck}, "allowed": []string{"@example.com"}}, []string{"/allowed"}},
			{"a list of nonsense", fields{"assets": []string{deck}, "email_gate": "ask", "allowed": []string{"nonsense"}}, []string{"/allowed/0"}},
		} {
			t.Run(c.why, func(t *testing.T) {
				w.in(t).do(w.rita, "POST", "/links", c.link).wantProblem(422, "invalid", c.pointers...)
			})
		}
		w.do(w.rita, "POST", "/links", fields{"assets": []string{deck}, "max_opens": 0}).wantProblem(400, "malformed", "/max_opens")
		w.do(w.rita, "POST", "/links", fields{"assets": []string{deck}, "colour": "red"}).wantProblem(400, "malformed", "/colour")
		w.do(nil, "GET", "/links", nil).wantProblem(401, "unauthenticated")
	})
}
