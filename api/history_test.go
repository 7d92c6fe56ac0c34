package api

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

func TestAssetHistory(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("SLA template", "what we promise")
		w.do(w.rita, "GET", "/assets/"+id+"/content", nil)
		h := w.do(w.mia, "GET", "/assets/"+id+"/history", nil).want(200)
		if got := len(h.list("weeks")); got != 26 {
			t.Errorf("got %d weeks, want 26", got)
		}
		w.do(w.lea, "GET", "/assets/"+id+"/history", nil).want(200)
		w.do(w.rita, "GET", "/assets/"+id+"/history", nil).wantProblem(403, "forbidden")
		draft := w.draft(w.mia, "Draft", "text")
		w.do(w.lea, "GET", "/assets/"+draft+"/history", nil).wantProblem(404, "not-found")
	})
}

func TestLookalikes(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, w *world) {
		id := w.published("The cost of doing nothing", "what we promise")
		w.draft(w.mia, "Costs of doing nothing", "a draft")
		titles := w.do(w.rita, "GET", "/lookalikes?title=cost+of+doing+nothing", nil).want(200).list("items")
		if len(titles) != 1 || titles[0].text("asset_id") != id {
			t.Errorf("got %v, want the published piece alone", titles)
		}
		sum := sha256.Sum256([]byte("what we promise"))
		same := w.do(w.rita, "GET", "/lookalikes?sha256="+hex.EncodeToString(sum[:]), nil).want(200).list("items")
		if len(same) != 1 || same[0].text("asset_id") != id {
			t.Errorf("got %v, want the piece with these bytes", same)
		}
		if got := w.do(w.mia, "GET", "/lookalikes?title=cost+of+doing+nothing&except="+id, nil).want(200).list("items"); len(got) != 1 {
			t.Errorf("got %v, want the draft of her own", got)
		}
	})
}
