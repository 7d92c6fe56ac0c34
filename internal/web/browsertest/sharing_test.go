package browsertest_test

import (
	"strings"
	"testing"

	"collateral/internal/collateral"
	"collateral/internal/web/browsertest"
)

// A rep gives a deck to a buyer, who has no account and reads it on a phone; the rep sees that, and withdraws the link.
func TestRepSharesWithABuyer(t *testing.T) {
	t.Parallel()
	const title = "Security and data protection at a glance"
	w := newTown(t)
	b := w.tab(t, collateral.Rep, w.path(t, "/pieces/{"+title+"}"))
	b.Follow("Share with a buyer")
	b.Fill("Whom it is for", "Jo Doe of Kestermoor")
	b.Fill("Opportunity", "OPP-204")
	b.Fill("Passcode", "depot at night")
	b.Click("The buyer may download the files")
	b.Follow("Make the link")
	b.Shows("[role=status]", "The link is there")
	b.Eval(`void (navigator.clipboard.writeText = async (text) => { document.body.dataset.copied = text; })`)
	b.Click("Copy")
	b.Shows(".copy", "Copied")
	path := addressToSend(b)
	if got := string(b.Eval(`new URL(document.body.dataset.copied).pathname`)); strings.Trim(got, `"`) != path {
		t.Errorf("copied %s, want %s", got, path)
	}

	buyer := w.tab(t, "", path)
	buyer.Width(browsertest.Phone)
	buyer.Scripts(false)
	buyer.Expect("403")
	buyer.Fill("Passcode", "depot by day")
	buyer.Follow("Go on")
	buyer.Shows("[role=alert]", "This passcode is wrong")
	buyer.Fill("Passcode", "depot at night")
	buyer.Follow("Go on")
	buyer.Shows("h1", title)
	buyer.Until(`document.querySelector(".visited img, .visited iframe, .visited .preview-words") !== null`)
	if name, content := buyer.Download("Download"); !strings.HasSuffix(name, ".pdf") || len(content) == 0 {
		t.Errorf("the buyer got %s of %d bytes, want a PDF", name, len(content))
	}

	b.Reload()
	b.Shows(".link-figures", "times opened by people 1")
	b.Shows(".visits", "counted")
	b.Follow("← Links for buyers")
	b.Shows(".link-row", "Opened 1 time")
	b.Follow(title)
	b.Follow("Withdraw the link")
	b.WasAsked("Nobody gets in by it any more")
	b.Shows("[role=status]", "The link is withdrawn")

	buyer.Expect("410")
	buyer.Reload()
	buyer.Shows("h1", "This link is closed")
	buyer.Shows("main", "Ask the person who sent it to you for a new one")
}

// addressToSend is the path of the address that the page of a link shows.
func addressToSend(b *browsertest.Tab) string {
	return strings.Trim(string(b.Eval(`new URL(document.querySelector("#link-address").value).pathname`)), `"`)
}

// share makes a link on the form that is shown, and stays on its page.
func share(b *browsertest.Tab) {
	b.Fill("Whom it is for", "Jo Doe of Kestermoor")
	b.Fill("Opportunity", "OPP-204")
	b.Follow("Make the link")
}

func shareTooLittle(b *browsertest.Tab) {
	b.Fill("Their e-mail address", "jo@kestermoor")
	b.Fill("Passcode", "short")
	b.Fill("How often it can be opened", "0")
	b.Follow("Make the link")
}

// shareAndOpen makes a link with downloads and opens it as the buyer does.
func shareAndOpen(b *browsertest.Tab) {
	b.Click("The buyer may download the files")
	share(b)
	b.Go(addressToSend(b))
}

func shareAndComeToTheGate(b *browsertest.Tab) {
	b.Fill("Passcode", "depot at night")
	shareAndOpen(b)
	b.Fill("Passcode", "depot by day")
	b.Follow("Go on")
}

func shareForAnAddress(b *browsertest.Tab) {
	b.Click("Ask for an e-mail address, and believe it")
	shareAndOpen(b)
}

func shareForOnce(b *browsertest.Tab) {
	b.Fill("How often it can be opened", "1")
	shareAndOpen(b)
}

func shareAndWithdraw(b *browsertest.Tab) {
	share(b)
	path := addressToSend(b)
	b.Follow("Withdraw the link")
	b.WasAsked("Nobody gets in by it any more")
	b.Go(path)
}

// listLinks has three links, of which one was visited and one is over.
func listLinks(b *browsertest.Tab) {
	form := b.Path()
	shareAndWithdraw(b)
	b.Go(form)
	shareForOnce(b)
	b.Follow("Open it")
	b.Go(form)
	share(b)
	b.Go("/links")
}

// lookAtALink shows one with a visit.
func lookAtALink(b *browsertest.Tab) {
	share(b)
	path := b.Path()
	b.Go(addressToSend(b))
	b.Go(path)
}

// changeALink asks for what no link can have.
func changeALink(b *browsertest.Tab) {
	share(b)
	b.Click("Who gets in, and how long")
	b.Fill("How often it can be opened", "0")
	b.Follow("Change the link")
}

func shareACollection(b *browsertest.Tab) {
	b.Follow("First calls with fleets")
	b.Follow("Share it with a buyer")
}

func openARoom(b *browsertest.Tab) {
	shareACollection(b)
	shareAndOpen(b)
}
