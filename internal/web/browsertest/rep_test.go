package browsertest_test

import (
	"bytes"
	"strings"
	"testing"

	"collateral/internal/collateral"
)

// A rep with a slip of the hand finds the page that answers the buyer, without leaving the keyboard.
func TestRepFindsByKeyboard(t *testing.T) {
	t.Parallel()
	w := sharedTown(t)
	b := w.tab(t, collateral.Rep, "/favourites")
	b.Leaves(func() { b.Press("/") })
	b.Fill("Search the collateral", "hard sholder")
	b.Shows(".found-status", "1 piece for “hard sholder”")
	b.Shows(".hit", "page 4:")
	b.Shows(".hit mark", "shoulder")

	const found = "/?q=hard+sholder"
	if got := b.Path(); got != found {
		t.Errorf("the address of what is found is %s, want %s", got, found)
	}
	b.Reload()
	b.Shows(".found-status", "1 piece for “hard sholder”")
	b.Press("ArrowDown")
	b.Leaves(func() { b.Press("Enter") })
	b.Shows("h1", "Keep them rolling: the first call about breakdowns")
	b.Follow("← ")
	if got := b.Path(); got != found {
		t.Errorf("the way back leads to %s, want %s", got, found)
	}

	b.Fill("Search the collateral", "kestermo")
	b.Shows(".suggestions", "Kestermoor Buses")
	b.Press("ArrowDown")
	b.Shows(".suggestions [aria-selected=true]", "Kestermoor Buses")
	b.Leaves(func() { b.Press("Enter") })
	b.Shows("h1", "Kestermoor Buses")
}

// Stage and filters narrow what is shown, and the address tells a colleague the same.
func TestRepNarrowsDown(t *testing.T) {
	t.Parallel()
	w := sharedTown(t)
	b := w.tab(t, collateral.Rep, "/")
	b.FollowIn(".rail", "Validation")
	b.Shows(".found-status", "10 pieces at Validation")
	b.ClickIn(".narrow-down", "case study")
	b.Shows(".found-status", "4 pieces at Validation")
	b.Shows(".chosen", "case study")
	address := b.Path()
	for _, part := range []string{"stage=validation", "type=case-study"} {
		if !strings.Contains(address, part) {
			t.Errorf("the address is %s, want %s in it", address, part)
		}
	}
	b.Reload()
	b.Shows(".found-status", "4 pieces at Validation")

	second := strings.Trim(string(b.Eval(`document.querySelectorAll("[data-hit]")[1].innerText`)), `"`)
	b.Press("/", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp")
	b.Leaves(func() { b.Press("Enter") })
	b.Shows("h1", second)

	b.Go(address)
	b.Click("Without case study")
	b.Shows(".found-status", "10 pieces at Validation")
}

// What a rep does with a piece in a call is noted with two clicks, and everything is found again on the shelf.
func TestRepUsesAPiece(t *testing.T) {
	t.Parallel()
	const title = "Security and data protection at a glance"
	w := newTown(t)
	b := w.tab(t, collateral.Rep, w.path(t, "/pieces/{"+title+"}"))
	b.Shows("h1", title)
	if string(b.Eval(`document.querySelector(".preview").matches("[data-preview=pictures], [data-preview=document]")`)) != "true" {
		t.Error("a PDF is not shown within the page")
	}

	// All tests share the machine's clipboard, so this one has a clipboard of its own.
	b.Eval(`void (navigator.clipboard.writeText = async (text) => { document.body.dataset.copied = text; })`)
	b.ClickIn(".copy", "Copy")
	b.Shows(".copy", "Copied")
	if got, want := string(b.Eval(`document.body.dataset.copied`)), `"`+w.url+w.path(t, "/pieces/{"+title+"}")+`"`; got != want {
		t.Errorf("copied %s, want %s", got, want)
	}
	if name, content := b.Download("Download"); !strings.HasSuffix(name, ".pdf") || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("got %s of %d bytes, want a PDF", name, len(content))
	}

	b.Click("I used it in a call")
	b.Click("Liked it")
	b.Fill("Opportunity", "OPP-118")
	b.Follow("Note it")
	b.Shows("[role=status]", "Noted: you presented it in a call.")
	b.Click("Say what is outdated or wrong")
	b.Fill("What is outdated or wrong?", "The certificate was renewed in autumn, and the sheet has the old date.")
	b.Follow("Tell the owner")
	b.Shows(".flags", "The certificate was renewed")
	b.Follow("Favourite")
	b.Shows("[role=status]", "It is among your favourites.")
	b.Click("Add to a collection")
	b.Fill("New collection", "Board meetings")
	b.Follow("Make it and add")
	b.Shows("[role=status]", "“Board meetings”")

	b.Follow("My shelf")
	b.Shows(".hits", title)
	b.Follow("Collections")
	b.Follow("Board meetings")
	b.Shows(".hits", title)
	b.Follow("My shelf")
	b.Follow("Recently used")
	for _, use := range []string{title, "resented in a call just now", "positive", "downloaded just now"} {
		b.Shows(".hits > li:first-child", use)
	}
}

// Without scripts everything is found as well, by one click more.
func TestRepFindsWithoutScripts(t *testing.T) {
	t.Parallel()
	w := sharedTown(t)
	b := w.tab(t, collateral.Rep, "/")
	b.Scripts(false)
	b.Reload()
	b.Fill("Search the collateral", "workshop")
	b.Follow("Search")
	b.Shows(".found-status", "for “workshop”")
	b.FollowIn(".rail", "Consensus creation")
	b.Shows(".found-status", "for “workshop” at Consensus creation")
	b.ClickIn(".narrow-down", "deck")
	b.Follow("Apply the filters")
	b.Shows(".chosen", "deck")
	if got, want := b.Path(), "q=workshop"; !strings.Contains(got, want) {
		t.Errorf("the address is %s, want %s in it", got, want)
	}
	b.Follow("Keep them rolling: the first call about breakdowns")
	b.Shows(".preview", "Slide 1")
}
