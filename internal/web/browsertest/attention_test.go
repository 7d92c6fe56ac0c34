package browsertest_test

import (
	"fmt"
	"testing"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/web/browsertest"
)

// journey is a deck that goes from a rep to a buyer and back as figures. Each step leaves the tabs where the next one begins.
type journey struct {
	t                  *testing.T
	town               *town
	title              string
	rep, buyer, leader *browsertest.Tab
}

// A rep shares a deck that nobody in the field brought to a buyer, by clicking; a buyer, who has another browser and no account,
// reads four of its pages; the rep sees it happen, the deck is at the highest step of the ladder, and the leader's figure is
// another one.
func TestRepSeesTheBuyerRead(t *testing.T) {
	t.Parallel()
	j := &journey{t: t, town: newTown(t), title: "Rimstad Freight: nine makes, one board"}
	j.leader = j.town.tab(t, collateral.Leader, "/reports")
	before := j.unused()
	j.share()
	j.read(4)
	j.rests()
	j.leader.Reload()
	if after := j.unused(); after != before-1 {
		t.Errorf("the leader reads of %d unused pieces, want one less than the %d before", after, before)
	}
	j.isEngaged()
}

// unused is how many pieces the leader reads to be strictly unused.
func (j *journey) unused() int {
	j.t.Helper()
	var unused, all int
	figure := j.leader.Text(".figures li:first-child .muted")
	if _, err := fmt.Sscanf(figure, "strictly unused: %d of %d", &unused, &all); err != nil {
		j.t.Fatalf("the figure says %q: %v", figure, err)
	}
	return unused
}

// isEngaged has the leader follow the figures to the deck.
func (j *journey) isEngaged() {
	j.t.Helper()
	j.leader.Follow("The whole report")
	j.leader.Shows("section[aria-labelledby=ladder] tbody tr:last-child", "5 engaged 5") // four of them in the demo
	j.leader.Follow("css=section[aria-labelledby=ladder] tbody tr:last-child a")
	j.leader.Shows("table.pieces tbody", j.title)
	j.leader.Shows("table.pieces tbody", "5 engaged")
	j.leader.FollowIn("table.pieces", j.title)
	j.leader.Shows(".piece-figures", "looked at by buyers 1")
}

func (j *journey) share() {
	j.t.Helper()
	j.rep = j.town.tab(j.t, collateral.Rep, j.town.path(j.t, "/pieces/{"+j.title+"}"))
	j.rep.Follow("Share with a buyer")
	share(j.rep)
	j.rep.Shows("[data-watch]", "Nobody came yet")
}

// read has the buyer turn pages, and the rep see each of them without touching anything.
func (j *journey) read(pages int) {
	j.t.Helper()
	j.buyer = j.town.tab(j.t, "", addressToSend(j.rep))
	j.buyer.Width(browsertest.Phone)
	j.rep.Shows(".visits", "not counted")
	for n := 1; n <= pages; n++ {
		j.buyer.Eval(fmt.Sprintf(`document.querySelector('[data-page="%d"]').scrollIntoView({block: "center"})`, n))
		j.buyer.Press("ArrowRight")
		turned := time.Now()
		j.rep.Until(fmt.Sprintf(`[...document.querySelectorAll(".attention-pages tbody tr")].some((row) => row.cells[0].textContent === "%d" && row.cells[3].textContent === "1 person")`, n))
		j.t.Logf("the rep saw page %d after %v", n, time.Since(turned).Round(10*time.Millisecond))
	}
	j.rep.Shows(".link-figures", "times opened by people 1")
	j.rep.Shows(".visits", "counted")
	j.rep.Shows(".visits", "pages seen")
	j.rep.Axe()
	for _, width := range []int{browsertest.Phone, browsertest.Laptop} {
		j.rep.Width(width)
		j.rep.FitsWidth()
	}
}

// rests has the rep look at something else: as long as nobody sees the page, it asks for nothing.
func (j *journey) rests() {
	j.t.Helper()
	listen(j.rep)
	j.rep.Until(`statuses.length > 0`)
	j.rep.Eval(`void Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true })`)
	j.rep.Until(`new Promise((done) => setTimeout(() => { statuses.length = 0; setTimeout(() => done(statuses.length === 0), 6000); }, 1000))`)
	j.rep.Eval(`void delete document.visibilityState`)
	j.rep.Until(`statuses.length > 0`)
}

// listen has a page note in statuses how what its scripts ask for is answered.
func listen(b *browsertest.Tab) {
	b.Eval(`void (window.statuses = [], window.ask = fetch, window.fetch = (...asked) => ask(...asked).then((answer) => (statuses.push(answer.status), answer)))`)
}

// Whoever reads a piece on its own page has that told: for how long, and which pages. It stands in the person's own data, and ends
// with the session; the page stays as it is.
func TestReadingAPieceIsTold(t *testing.T) {
	t.Parallel()
	town := sharedTown(t)
	b := town.tab(t, collateral.Rep, town.path(t, "/pieces/{Rimstad Freight: nine makes, one board}"))
	for n := 1; n <= 3; n++ {
		b.Eval(fmt.Sprintf(`document.querySelector('[data-page="%d"]').scrollIntoView({block: "center"})`, n))
		b.Press("ArrowRight")
		b.Until(fmt.Sprintf(`fetch("/account/data").then((answer) => answer.json()).then(({ parts }) => parts.find(({ name }) => name === "viewings").items
			.some(({ title, visible_ms, pages_ms }) => title.startsWith("Rimstad") && visible_ms >= 1000 && JSON.parse(pages_ms)[%d] >= 1000))`, n-1))
	}
	b.Expect("401")
	listen(b)
	b.Forget()
	b.Press("ArrowRight")
	b.Until(`statuses.at(-1) === 401`)
	b.Shows("h1", "Rimstad Freight")
}
