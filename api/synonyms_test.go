package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSynonyms(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		short := w.published("SLA template", "what we promise")
		long := w.published("Service level agreement of the north", "what we promise")
		found := func(q string) []string {
			t.Helper()
			ids := each(w.do(w.rita, "GET", "/search?q="+strings.ReplaceAll(q, " ", "+"), nil).want(200).list("hits"), func(h object) string { return h.text("asset_id") })
			return ids
		}
		same := func(what string, got, want []string) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		same("without a table", found("sla"), []string{short})

		group := w.do(w.lea, "POST", "/synonyms", fields{"terms": []string{" SLA", "service level agreement"}}).want(201)
		same("at once", found("sla"), []string{short, long})
		same("the other way", found("service level agreement"), []string{long, short})
		why := w.do(w.rita, "GET", "/search?q=sla", nil).want(200).list("hits")[1].list("why")[0]
		if got, want := why.text("text"), "Service level agreement (synonym of SLA) in the title"; got != want {
			t.Errorf("got the reason %q, want %q", got, want)
		}

		id := group.text("id")
		w.do(w.ada, "PUT", "/synonyms/"+id, fields{"terms": []string{"SLA", "guarantee"}}).want(200)
		same("replaced", found("sla"), []string{short})
		listed := w.do(w.rita, "GET", "/synonyms", nil).want(200).list("items")
		if len(listed) != 1 || listed[0].text("id") != id || listed[0].list("terms")[1].value != "guarantee" {
			t.Errorf("got the list %v, want the one group", listed)
		}
		w.do(w.lea, "PUT", "/synonyms/"+id, fields{"terms": []string{"SLA", "service level agreement"}}).want(200)
		w.work()
		same("after the jobs", found("sla"), []string{short, long})
		w.do(w.lea, "DELETE", "/synonyms/"+id, nil).want(204)
		same("deleted", found("sla"), []string{short})
		w.do(w.lea, "DELETE", "/synonyms/"+id, nil).wantProblem(404, "not-found")
		w.do(w.lea, "PUT", "/synonyms/"+id, fields{"terms": []string{"a", "b"}}).wantProblem(404, "not-found")

		var actions []string
		for _, e := range w.do(w.ada, "GET", "/audit?subject_kind=synonyms", nil).want(200).list("items") {
			actions = append(actions, e.text("action"))
		}
		same("audit", actions, []string{"synonyms.deleted", "synonyms.changed", "synonyms.changed", "synonyms.created"})
	})
}

func TestSynonymsAreRefused(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		w.do(w.lea, "POST", "/synonyms", fields{"terms": []string{"SLA", "service level agreement"}}).want(201)
		many := strings.Fields(strings.Repeat("x ", 11))
		for i := range many {
			many[i] += string(rune('a' + i))
		}
		for _, c := range []struct {
			why      string
			terms    []string
			pointers []string
		}{
			{"one term", []string{"alone"}, []string{"/terms"}},
			{"none", []string{}, []string{"/terms"}},
			{"too many", many, []string{"/terms"}},
			{"empty", []string{"", "word"}, []string{"/terms/0"}},
			{"blank", []string{"word", "  "}, []string{"/terms/1"}},
			{"too long", []string{"word", strings.Repeat("a", 101)}, []string{"/terms/1"}},
			{"no word", []string{"word", "?!"}, []string{"/terms/1"}},
			{"two lines", []string{"word", "a\nb"}, []string{"/terms/1"}},
			{"twice", []string{"Word", "other", "words"}, []string{"/terms/2"}},
			{"in another group", []string{"Service-Level Agreement", "sla", "new", "service level agreements"}, []string{"/terms/1", "/terms/3"}},
		} {
			t.Run(c.why, func(t *testing.T) {
				w := w.in(t)
				w.do(w.lea, "POST", "/synonyms", fields{"terms": c.terms}).wantProblem(422, "invalid", c.pointers...)
			})
		}
		w.do(w.lea, "POST", "/synonyms", fields{"terms": []string{"a", "b"}, "more": 1}).wantProblem(400, "malformed", "/more")
		w.do(w.rita, "POST", "/synonyms", fields{"terms": []string{"a", "b"}}).wantProblem(403, "forbidden")
	})
}
