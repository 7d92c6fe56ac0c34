package browsertest_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"collateral/internal/collateral"
	"collateral/internal/demo"
	"collateral/internal/web/browsertest"
)

// An approver goes through the queue from the oldest on, by keyboard: sends one back, signs one, rejects one, and signs
// together what was opened.
func TestApproverGoesThroughTheQueue(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	b := w.tab(t, collateral.Approver, "/reviews")
	var titles []string
	if err := json.Unmarshal(b.Eval(`[...document.querySelectorAll(".queue h2")].map((e) => e.innerText)`), &titles); err != nil {
		t.Fatal(err)
	}
	waiting := []string{
		"Battlecard: Tessivane", "Prices on one page", "Proposal template for large fleets", "Ten-minute self-test for fleet workshops",
		"What our customer council wants next",
	}
	if diff := cmp.Diff(waiting, slices.Sorted(slices.Values(titles))); diff != "" {
		t.Fatalf("what waits (-want +got):\n%s", diff)
	}
	b.Until(`((days) => days.length === 5 && days.every((day, i) => i === 0 || days[i - 1] <= day))(
		[...document.querySelectorAll(".queue .muted")].map((e) => e.innerText.match(/since (.+?) \(/)).filter(Boolean).map((m) => Date.parse(m[1])))`)
	want := titles                 // the company's weekends move with the day of the test, and its order with them
	b.Hides("input[name=version]") // nothing was opened, so nothing can be signed unseen

	b.Press("j", "j", "k")
	b.Leaves(func() { b.Press("Enter") })
	b.Shows("h1", want[0])
	b.Press("c")
	b.Fill("What has to change", "  ")
	b.Expect("422")
	b.Follow("Send it back")
	b.Shows("[data-faults]", "Say what has to change")
	b.Fill("What has to change", "Name the customers who said it, or say that they asked not to be named.")
	b.Follow("Send it back")
	b.Shows("[role=status]", "“"+want[0]+"” goes back with what has to change.")

	b.Shows("h1", want[1])
	b.Leaves(func() { b.Press("j") })
	b.Shows("h1", want[2])
	b.Leaves(func() { b.Press("k") })
	b.Shows("h1", want[1])
	b.Leaves(func() { b.Press("a") })
	b.WasAsked("Sign exactly this file, with these roles, for this audience?")
	b.Shows("[role=status]", "You signed “"+want[1]+"”.")
	b.Shows("h1", want[2])
	b.Press("r")
	b.Fill("Why it is rejected", "We do not attack a competitor by name in writing any more.")
	b.Follow("Reject it")
	b.Shows("[role=status]", "You rejected “"+want[2]+"”.")

	b.Shows("h1", want[3])
	b.Follow("Next")
	b.Shows("h1", want[4])
	b.Follow("Sign off")
	b.Click("css=input[aria-label^='Choose " + want[3] + "']")
	b.Click("css=input[aria-label^='Choose " + want[4] + "']")
	b.Follow("Sign what I chose")
	b.WasAsked("Sign all that you chose, each as it was submitted?")
	b.Shows(".outcomes", "signed "+want[3])
	b.Shows(".outcomes", "signed "+want[4])
	b.Shows(".empty", "Nothing waits for you.")
}

// Of two approvers at the same piece the second is told who was quicker, and the owner is told as well.
func TestTwoApproversAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	review := w.path(t, "/reviews/{Prices on one page}/2")
	owner := browsertest.Open(t, w.url)
	owner.SignIn("devika@marrowby.example", demo.Password, "/work")
	first := w.tab(t, collateral.Approver, review)
	second := browsertest.Open(t, w.url)
	second.SignIn("jonah@marrowby.example", demo.Password, review)

	first.Follow("Sign it")
	first.Shows("[role=status]", "You signed “Prices on one page”.")
	second.Click("Request changes")
	second.Fill("What has to change", "The price for Parts is not the one we agreed on.")
	second.Expect("409")
	second.Follow("Send it back")
	second.Shows("[role=alert]", "Marcus Odenwall")
	second.Shows("aside", "What you typed is still here")
	second.Shows("aside", "The price for Parts is not the one we agreed on.")

	owner.Follow("Notices")
	owner.Shows(".notices > li:first-child", "Prices on one page")
	owner.FollowIn(".notices > li:first-child", "css=a")
	owner.Shows("h1", "Prices on one page")
	owner.Shows(".steps", "by Marcus Odenwall as approver")
	owner.Follow("Publish")
	owner.Shows(".steps", "Published : done by Devika Rollands")
}

// Without scripts a piece is signed or sent back by forms alone.
func TestSigningOffWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	b := w.tab(t, collateral.Approver, "/reviews")
	b.Scripts(false)
	b.Reload()
	b.Follow("What our customer council wants next")
	b.Shows(".preview", "The five wishes")
	b.Follow("Sign it")
	b.Shows("[role=status]", "You signed “What our customer council wants next”.")
	b.Follow("Sign off")
	b.Follow("Proposal template for large fleets")
	b.Click("Request changes")
	b.Fill("What has to change", "The second price table is that of last year.")
	b.Follow("Send it back")
	b.Shows("[role=status]", "“Proposal template for large fleets” goes back")
	b.Follow("Sign off")
	b.Follow("Battlecard: Tessivane")
	b.Shows(".difference ins", "telematics")
	b.Follow("Sign off")
	b.Click("css=input[aria-label^='Choose Battlecard']")
	b.Follow("Sign what I chose")
	b.Shows(".outcomes", "signed Battlecard: Tessivane")
}
