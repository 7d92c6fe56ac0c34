package api

import "testing"

func TestMailChoice(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		said := w.do(w.rita, "GET", "/notices/mail", nil).want(200)
		if said.at("wanted").value != true || said.at("available").value != false {
			t.Errorf("at first: got %v, want mail wanted where there were any", said)
		}
		w.do(w.rita, "PUT", "/notices/mail", fields{}).wantProblem(400, "malformed", "/wanted")
		for _, wanted := range []bool{false, false, true} {
			w.do(w.rita, "PUT", "/notices/mail", fields{"wanted": wanted}).want(204)
			if got := w.do(w.rita, "GET", "/notices/mail", nil).want(200).at("wanted").value; got != wanted {
				t.Errorf("got wanted %v, want %v", got, wanted)
			}
		}
	})
}
