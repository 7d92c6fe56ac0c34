package search

import (
	"fmt"
	"slices"
	"strings"
)

// place is a text of a document in which words of the query stand.
type place struct {
	text  string
	found []occurrence
}

// tagPlace is a tag in which words of the query stand.
type tagPlace struct {
	place
	name string
}

// Explain makes the Hit of a document that answers the query.
func (f *Finder) Explain(d *Document) Hit {
	h := Hit{ID: d.ID}
	if len(f.words) == 0 {
		h.Why = f.filtersHeld(d)
		return h
	}
	title := &place{d.Title, f.find(d.Title, nil)}
	summary := &place{d.Summary, f.find(d.Summary, nil)}
	page, number := f.bestPage(d.Pages)
	tags := f.tags(d)

	places := []*place{page, summary, title} // in the order in which a fragment is cut from them
	for _, tag := range tags {
		places = append(places, &tag.place)
	}
	f.dropMistyped(places)

	if len(title.found) > 0 {
		h.Why = append(h.Why, Reason{Kind: ReasonTitle, Text: title.spelled(f) + " in the title"})
	}
	for _, tag := range tags {
		if len(tag.found) > 0 {
			h.Why = append(h.Why, Reason{Kind: ReasonTag, Text: tag.name + tag.synonym()})
		}
	}
	if len(summary.found) > 0 {
		h.Why = append(h.Why, Reason{Kind: ReasonSummary, Text: summary.spelled(f) + " in the summary"})
	}
	if len(page.found) > 0 {
		h.Page = number
		h.Why = append(h.Why, Reason{Kind: ReasonText, Text: fmt.Sprintf("%s on page %d", page.spelled(f), number), Page: number})
	}
	if i := slices.IndexFunc(places, func(p *place) bool { return len(p.found) > 0 }); i >= 0 {
		h.Fragments = places[i].fragments(f)
	}
	if len(h.Why) == 0 { // an engine may know more forms of a word than the Finder
		h.Why = f.filtersHeld(d)
	}
	return h
}

// synonym says of what the tag is a synonym, when that is all that it answers to.
func (p *place) synonym() string {
	if slices.ContainsFunc(p.found, func(o occurrence) bool { return o.of == "" }) {
		return ""
	}
	return p.found[0].synonym()
}

func (c credit) synonym() string {
	if c.of == "" {
		return ""
	}
	return " (synonym of " + clean(c.of) + ")"
}

// bestPage returns the page where the words stand best, the first of equals, and its number from 1. Without any it
// returns an empty place.
func (f *Finder) bestPage(pages []string) (best *place, number int) {
	best = new(place)
	var bestScore float64
	for i, text := range pages {
		f.page = f.find(text, f.page[:0])
		found := f.page
		if len(found) == 0 {
			continue
		}
		if score := f.weigh(found); score > bestScore {
			best, number, bestScore = &place{text, slices.Clone(found)}, i+1, score
		}
	}
	return best, number
}

// tags returns the tags of the document that hold words of the query.
func (f *Finder) tags(d *Document) []*tagPlace {
	var tags []*tagPlace
	for _, facet := range Tags() {
		for _, value := range d.Values(facet) {
			if found := f.find(value, nil); len(found) > 0 {
				tags = append(tags, &tagPlace{place{value, found}, tagName(facet, value)})
			}
		}
	}
	return tags
}

// dropMistyped leaves out the mistyped likes of a word that stands somewhere as it was typed: they are then no reason.
func (f *Finder) dropMistyped(places []*place) {
	right := make([]bool, len(f.words))
	for _, p := range places {
		for _, o := range p.found {
			right[o.word] = right[o.word] || o.value >= mistyped
		}
	}
	for _, p := range places {
		p.found = slices.DeleteFunc(p.found, func(o occurrence) bool { return right[o.word] && o.value < mistyped })
	}
}

// filtersHeld are the reasons of a hit that no word was asked of.
func (f *Finder) filtersHeld(d *Document) []Reason {
	var why []Reason
	for _, facet := range Facets() {
		for _, value := range d.Values(facet) {
			if slices.Contains(f.query.Filter[facet], value) {
				why = append(why, Reason{Kind: ReasonFilter, Text: tagName(facet, value)})
			}
		}
	}
	if len(why) > 0 {
		return why
	}
	if f.query.Sort == SortMostUsed {
		return []Reason{{Kind: ReasonFilter, Text: "most used first"}}
	}
	return []Reason{{Kind: ReasonFilter, Text: "newest first"}}
}

func tagName(facet Facet, value string) string { return string(facet) + " " + clean(value) }

// spelled lists the words of the query as the text spells them, each once, in the query's order; a synonym says of what.
func (p *place) spelled(f *Finder) string {
	best := make([]occurrence, len(f.words))
	for _, o := range p.found {
		if o.value > best[o.word].value {
			best[o.word] = o
		}
	}
	var spelled []string
	for _, o := range best {
		if o.value == 0 {
			continue
		}
		word := clean(p.text[o.Start:o.End]) + o.synonym()
		if !slices.Contains(spelled, word) {
			spelled = append(spelled, word)
		}
	}
	return strings.Join(spelled, ", ")
}
