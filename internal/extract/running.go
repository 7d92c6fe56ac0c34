package extract

import (
	"strconv"
	"strings"
)

// A running line is a header or footer: it stands at the top or the bottom of most pages and says nothing about any of
// them, so a search for its words should not find every page. PDF does not mark such lines. What counts as one:
//
//   - the document has at least minPages pages with text;
//   - the line is among the first or the last edgeLines of its page;
//   - the same line stands at the same edge on more than half of the pages, or of the odd, or of the even ones, since
//     books alternate;
//   - "the same" means equal but for one number that goes with the page: page 3 of 12, page 4 of 12. Masking every
//     number would take rows of prices that stand at the top of each page for headers.
//
// A running line stays on the first page that has it: the name of a product that stands in the header alone is found
// once, and nothing is lost for good by a rule that guesses.
const (
	minPages  = 4
	edgeLines = 4
)

// withoutRunningLines removes running lines from cleaned pages, in place.
func withoutRunningLines(pages []string) {
	count := make(map[runningKey]*pageCount)
	written := pageCount{}
	for i, page := range pages {
		if page == "" {
			continue
		}
		written.add(i)
		seen := make(map[runningKey]bool)
		for line := range edges(page) {
			for _, key := range line.keys(i) {
				if !seen[key] {
					seen[key] = true
					if count[key] == nil {
						count[key] = &pageCount{}
					}
					count[key].add(i)
				}
			}
		}
	}
	if written.all() < minPages {
		return
	}
	kept := make(map[runningKey]bool)
	for i, page := range pages {
		var drop []int
		for line := range edges(page) {
			key, running := line.running(i, count, written)
			switch {
			case running && kept[key]:
				drop = append(drop, line.number)
			case running:
				kept[key] = true
			}
		}
		if len(drop) > 0 {
			pages[i] = withoutLines(page, drop)
		}
	}
}

// pageCount counts pages by whether their number is odd.
type pageCount [2]int

func (c *pageCount) add(page int) { c[page%2]++ }

func (c pageCount) all() int { return c[0] + c[1] }

// isMostOf applies the rule. Pages of one side count alone only when there are as many as a whole document needs.
func (c pageCount) isMostOf(written pageCount) bool {
	for side := range c {
		if written[side] >= minPages && 2*c[side] > written[side] {
			return true
		}
	}
	return 2*c.all() > written.all()
}

// edgeLine is a line at an edge of a page.
type edgeLine struct {
	number int // of the line on its page
	bottom bool
	text   string
}

// edges returns the lines at the top and the bottom of a page. On a short page a line may stand at both.
func edges(page string) func(yield func(edgeLine) bool) {
	return func(yield func(edgeLine) bool) {
		if page == "" {
			return
		}
		lines := strings.Split(page, "\n")
		for i := range min(edgeLines, len(lines)) {
			if !yield(edgeLine{i, false, lines[i]}) {
				return
			}
		}
		for i := max(0, len(lines)-edgeLines); i < len(lines); i++ {
			if !yield(edgeLine{i, true, lines[i]}) {
				return
			}
		}
	}
}

// runningKey is equal for lines that are the same.
type runningKey struct {
	bottom bool
	text   string // with a mark in place of the number that goes with the page
	offset int    // of that number from the page's own
}

// maxNumbers bounds how many numbers of a line are tried for one that goes with the page.
const maxNumbers = 4

// keys returns what the line on page i may be equal by: as it is, or but for one of its numbers.
func (l edgeLine) keys(i int) []runningKey {
	keys := []runningKey{{l.bottom, l.text, 0}}
	for from := 0; from < len(l.text) && len(keys) <= maxNumbers; {
		if !isDigit(l.text[from]) {
			from++
			continue
		}
		to := from
		for to < len(l.text) && isDigit(l.text[to]) {
			to++
		}
		if n, err := strconv.Atoi(l.text[from:to]); err == nil {
			keys = append(keys, runningKey{l.bottom, l.text[:from] + "\x00" + l.text[to:], n - i})
		}
		from = to
	}
	return keys
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// running returns the key by which the line is a running line, if it is one.
func (l edgeLine) running(i int, count map[runningKey]*pageCount, written pageCount) (runningKey, bool) {
	for _, key := range l.keys(i) {
		if c := count[key]; c != nil && c.isMostOf(written) {
			return key, true
		}
	}
	return runningKey{}, false
}

// withoutLines returns the page without the lines of these numbers.
func withoutLines(page string, drop []int) string {
	gone := make(map[int]bool, len(drop))
	for _, n := range drop {
		gone[n] = true
	}
	var kept []string
	for i, line := range strings.Split(page, "\n") {
		if !gone[i] {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
