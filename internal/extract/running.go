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
//     number would take rows of prices that stand at the top of each page for headers;
//   - something else stands between it and the middle of the page. Where all the lines at an edge repeat, the text itself
//     does, as on labels and in forms.
//
// A running line stays on the first page that has it: the name of a product that stands in the header alone is found
// once, and nothing is lost for good by a rule that guesses.
const (
	minPages  = 4
	edgeLines = 4
)

// withoutRunningLines removes running lines from cleaned pages, in place.
func withoutRunningLines(pages []string) {
	found := countLines(pages)
	if found.written.all() < minPages {
		return
	}
	kept := make(map[runningKey]bool)
	for i, page := range pages {
		var drop []int
		for _, edge := range edges(page) {
			running := found.running(edge, i)
			if len(running) == len(edge) {
				continue
			}
			for _, line := range running {
				if kept[line.key] {
					drop = append(drop, line.number)
				}
				kept[line.key] = true
			}
		}
		if len(drop) > 0 {
			pages[i] = withoutLines(page, drop)
		}
	}
}

// lineCounts says on how many pages each line stands, and how many there are with text.
type lineCounts struct {
	pages   map[runningKey]pageCount
	written pageCount
}

func countLines(pages []string) lineCounts {
	c := lineCounts{pages: make(map[runningKey]pageCount)}
	for i, page := range pages {
		if page == "" {
			continue
		}
		c.written.add(i)
		here := make(map[runningKey]bool) // a line that stands twice on a page makes no second page
		for _, edge := range edges(page) {
			for _, line := range edge {
				for _, key := range line.keys(i) {
					here[key] = true
				}
			}
		}
		for key := range here {
			n := c.pages[key]
			n.add(i)
			c.pages[key] = n
		}
	}
	return c
}

// runningLine is a line that repeats, by its number on the page and by what makes it equal to others.
type runningLine struct {
	number int
	key    runningKey
}

// running returns the running lines at an edge of page i.
func (c lineCounts) running(edge []edgeLine, i int) []runningLine {
	var running []runningLine
	for _, line := range edge {
		for _, key := range line.keys(i) {
			if c.pages[key].isMostOf(c.written) {
				running = append(running, runningLine{line.number, key})
				break
			}
		}
	}
	return running
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

// edges returns the lines at the top and those at the bottom of a page. On a short page a line may stand at both.
func edges(page string) [2][]edgeLine {
	lines := strings.Split(page, "\n")
	var top, bottom []edgeLine
	for i, text := range lines {
		if i < edgeLines {
			top = append(top, edgeLine{i, false, text})
		}
		if i >= len(lines)-edgeLines {
			bottom = append(bottom, edgeLine{i, true, text})
		}
	}
	return [2][]edgeLine{top, bottom}
}

// runningKey is equal for lines that are the same.
type runningKey struct {
	bottom bool
	text   string // with a mark in place of the number that goes with the page
	offset int    // of that number from the page's own
}

// What is tried: lines of so many bytes, and so many of a line's numbers for one that goes with the page.
const (
	maxRunningLine = 300
	maxNumbers     = 4
)

// keys returns what the line on page i may be equal by: as it is, or but for one of its numbers.
func (l edgeLine) keys(i int) []runningKey {
	if len(l.text) > maxRunningLine {
		return nil
	}
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
