// Package difference tells how one text became another, page by page, for people who read both. Everything in it is pure
// and bounded: the same texts give the same answer, in a time that grows with their length and not with how much they
// differ. It does not know what the texts are of.
package difference

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// Limits of what is compared. What is longer is cut there, and said to be.
const (
	MaxPages = 300    // of each text
	MaxPage  = 20_000 // of a page, in bytes
)

// RunKind says what became of a stretch of text.
type RunKind string

// The kinds of run.
const (
	Equal   RunKind = "equal"
	Added   RunKind = "added"
	Removed RunKind = "removed"
)

// Run is a stretch of text of one kind. The runs of a page that are not added make the page as it was, and those that are
// not removed the page as it is.
type Run struct {
	Kind RunKind
	Text string
}

// Page is a page that changed.
type Page struct {
	Before int // its number in the old text, from 1; 0 for a new page
	After  int // its number in the new text, from 1; 0 for one that is gone
	Runs   []Run
	Cut    bool // the page is longer than MaxPage, and its rest was not compared
}

// Pages compares two texts and returns the pages that changed, in their order. A page that moved on because another came
// before it did not change. cut says that a text has more than MaxPages, and the rest was not compared.
func Pages(before, after []string) (changed []Page, cut bool) {
	cut = len(before) > MaxPages || len(after) > MaxPages
	before, after = before[:min(len(before), MaxPages)], after[:min(len(after), MaxPages)]
	for _, d := range lcs.DiffLines(before, after) {
		for _, p := range pair(before[d.Start:d.End], after[d.ReplStart:d.ReplEnd]) {
			changed = append(changed, compare(before, after, p, d))
		}
	}
	return changed, cut
}

// compare compares the pages that belong together, of which one may be missing. Their places are counted from the
// beginning of the stretch.
func compare(before, after []string, p couple, d lcs.Diff) Page {
	var page Page
	var was, is string
	if p.before >= 0 {
		page.Before = d.Start + p.before + 1
		was = before[page.Before-1]
	}
	if p.after >= 0 {
		page.After = d.ReplStart + p.after + 1
		is = after[page.After-1]
	}
	page.Cut = len(was) > MaxPage || len(is) > MaxPage
	page.Runs = Text(shorten(was), shorten(is))
	return page
}

// shorten cuts a page at its limit, between characters.
func shorten(page string) string {
	if len(page) <= MaxPage {
		return page
	}
	end := MaxPage
	for end > 0 && !utf8.RuneStart(page[end]) {
		end--
	}
	return page[:end]
}

// The parts that texts are compared by: a line with its end; blanks, a word, or any other sign.
var (
	lineParts = regexp.MustCompile(`[^\n]*\n|[^\n]+`)
	wordParts = regexp.MustCompile(`\s+|[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}\s]`)
)

// Text compares two texts by lines, and the words of lines that differ.
func Text(before, after string) []Run {
	var runs runs
	was, is := lineParts.FindAllString(before, -1), lineParts.FindAllString(after, -1)
	at := 0
	for _, d := range lcs.DiffLines(was, is) {
		runs.add(Equal, was[at:d.Start])
		at = d.End
		runs.words(strings.Join(was[d.Start:d.End], ""), strings.Join(is[d.ReplStart:d.ReplEnd], ""))
	}
	runs.add(Equal, was[at:])
	return runs
}

type runs []Run

// words adds the difference of two texts by words.
func (r *runs) words(before, after string) {
	was, is := wordParts.FindAllString(before, -1), wordParts.FindAllString(after, -1)
	at := 0
	for _, d := range lcs.DiffLines(was, is) {
		r.add(Equal, was[at:d.Start])
		r.add(Removed, was[d.Start:d.End])
		r.add(Added, is[d.ReplStart:d.ReplEnd])
		at = d.End
	}
	r.add(Equal, was[at:])
}

// add adds parts of one kind.
func (r *runs) add(kind RunKind, parts []string) {
	text := strings.Join(parts, "")
	if text == "" {
		return
	}
	if n := len(*r); n > 0 && (*r)[n-1].Kind == kind {
		(*r)[n-1].Text += text
		return
	}
	*r = append(*r, Run{kind, text})
}
