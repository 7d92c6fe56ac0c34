package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A fragment is about two lines long, and begins a little before the first word in it.
const (
	fragmentBytes = 220
	fragmentLead  = 60
)

// fragments cuts a piece out of the text where most of the words stand, in plain and matching runs.
func (p *place) fragments(f *Finder) []Fragment {
	from := p.densest(f)
	start := wordStart(p.text, max(0, p.found[from].Start-fragmentLead))
	end := wordStart(p.text, min(len(p.text), start+fragmentBytes))
	end = max(end, p.found[from].End)

	var runs []Fragment
	add := func(text string, hit bool) {
		if text = clean(text); text == "" {
			return
		}
		if n := len(runs); n > 0 && runs[n-1].Hit == hit {
			runs[n-1].Text += text
			return
		}
		runs = append(runs, Fragment{Text: text, Hit: hit})
	}
	if start > 0 {
		add("… ", false)
	}
	at := start
	for _, o := range p.found {
		if o.End <= at || o.Start < start {
			continue
		}
		if o.End > end {
			break
		}
		if o.Start > at {
			add(p.text[at:o.Start], false)
			at = o.Start
		}
		add(p.text[at:o.End], true)
		at = o.End
	}
	add(p.text[at:end], false)
	if end < len(p.text) {
		add(" …", false)
	}
	return runs
}

// densest returns the occurrence from which on a fragment holds the most of the query.
func (p *place) densest(f *Finder) int {
	best, bestScore := 0, 0.0
	for i, first := range p.found {
		values := make([]float64, len(f.words))
		score := 0.0
		for _, o := range p.found[i:] {
			if o.End > first.Start+fragmentBytes-2*fragmentLead {
				break
			}
			if o.value > values[o.word] {
				score += o.value - values[o.word]
				values[o.word] = o.value
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return best
}

// wordStart moves back to the beginning of the word at text[at], unless that is far.
func wordStart(text string, at int) int {
	const far = 40
	if at == 0 || at == len(text) {
		return at
	}
	for back := at; at-back < far; {
		r, width := utf8.DecodeLastRuneInString(text[:back])
		if back == 0 || unicode.IsSpace(r) {
			return back
		}
		back -= width
	}
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// clean makes a text fit for one line: each run of space and control characters is one space, and marks that are not
// seen but change how the rest is read (direction overrides, joiners) are left out.
func clean(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case unicode.Is(unicode.Cf, r):
			continue
		}
		b.WriteRune(r)
		space = false
	}
	return b.String()
}
