package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Many versions are signed at once by who has looked at each; the others are told of by their notices.
func TestSigningMany(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		seen, unseen := w.draft(w.mia, "Seen", "one"), w.draft(w.mia, "Unseen", "two")
		for _, id := range []string{seen, unseen} {
			w.do(w.mia, "POST", "/assets/"+id+"/submit", nil).want(200)
		}
		w.do(w.ann, "GET", "/assets/"+seen+"/versions/1/content", nil).want(200)
		var opened []bool
		for _, item := range w.do(w.ann, "GET", "/reviews?waiting_for=me", nil).want(200).list("items") {
			opened = append(opened, item.at("opened").value.(bool))
		}
		if diff := cmp.Diff([]bool{true, false}, opened); diff != "" {
			t.Errorf("opened (-want +got):\n%s", diff)
		}
		told := w.do(w.ann, "GET", "/notices", nil).want(200)
		if told.number("unread") != 2 || told.list("items")[1].text("sentence") != "“Seen” waits for a signature. mia sent it." {
			t.Errorf("ann is told %v, want of both", told.value)
		}

		signed := w.do(w.ann, "POST", "/reviews", fields{"versions": []fields{
			{"asset_id": unseen, "version": 1}, {"asset_id": seen, "version": 1}, {"asset_id": newID(), "version": 1},
		}}).want(200).list("items")
		var got []bool
		for _, s := range signed {
			got = append(got, s.at("signed").value.(bool))
		}
		if diff := cmp.Diff([]bool{false, true, false}, got); diff != "" || signed[0].text("refusal") == "" || signed[1].text("review", "decision") != "approve" {
			t.Errorf("got %v; signed (-want +got):\n%s", signed, diff)
		}
		w.do(w.ann, "POST", "/reviews", fields{"versions": []fields{}}).wantProblem(400, "malformed", "/versions")
		w.do(w.mia, "POST", "/reviews", fields{"versions": []fields{{"asset_id": seen, "version": 1}}}).wantProblem(403, "forbidden")

		left := w.do(w.ann, "GET", "/notices", nil).want(200).list("items")
		if len(left) != 1 || left[0].text("asset_id") != unseen || left[0].number("version") != 1 {
			t.Fatalf("ann is told %v, want of what still waits", left)
		}
		w.do(w.mia, "POST", "/notices/"+left[0].text("id")+"/read", nil).wantProblem(404, "not-found")
		w.do(w.ann, "POST", "/notices/"+left[0].text("id")+"/read", nil).want(204)
		if told := w.do(w.ann, "GET", "/notices", nil).want(200); told.number("unread") != 0 || told.list("items")[0].text("read_at") == "" {
			t.Errorf("after reading: got %v", told.value)
		}
		w.do(w.mia, "POST", "/notices/read", nil).want(204)
		if told := w.do(w.mia, "GET", "/notices", nil).want(200); told.number("unread") != 0 || told.list("items")[0].text("kind") != "signed" {
			t.Errorf("mia is told %v, want of the signature", told.value)
		}
	})
}

func TestVersionChanges(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("Prices", "It costs 40 a month.")
		first := w.do(w.ann, "GET", "/assets/"+id+"/versions/1/changes", nil).want(200)
		if first.number("compared_with") != 0 || len(first.list("pages")) != 0 {
			t.Errorf("the first version: got %v, want nothing to compare with", first.value)
		}
		w.upload(w.mia, id, "piece.txt", []byte("It costs 45 a month.")).want(201)
		w.do(w.mia, "POST", "/assets/"+id+"/submit", nil).want(200)
		w.work()
		changes := w.do(w.ann, "GET", "/assets/"+id+"/versions/2/changes", nil).want(200)
		var got []string
		for _, run := range changes.list("pages")[0].list("runs") {
			got = append(got, run.text("kind")+" "+run.text("text"))
		}
		want := []string{"equal It costs ", "removed 40", "added 45", "equal  a month."}
		if diff := cmp.Diff(want, got); diff != "" || changes.number("compared_with") != 1 || changes.text("text") != "compared" {
			t.Errorf("got %v; runs (-want +got):\n%s", changes.value, diff)
		}
		w.do(w.rita, "GET", "/assets/"+id+"/versions/2/changes", nil).wantProblem(403, "forbidden")
		w.do(w.ann, "GET", "/assets/"+id+"/versions/3/changes", nil).wantProblem(404, "not-found")
	})
}
