package meiliindex

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"collateral/internal/search"
)

// The fields of a document on the server, beside one for each facet.
const (
	fieldKey       = "id"
	fieldRevision  = "revision"
	fieldPublished = "published" // microseconds since 1970
	fieldUses      = "uses"
	fieldStanding  = "popularity" // uses, coarsely
	fieldKin       = "kin"        // stems of the words by which the document is compared with others

	// Words, as package search cuts them and encode.go writes them.
	fieldTitle   = "title"
	fieldTags    = "tags"
	fieldSummary = "summary"
	fieldText    = "text" // the first of textFields

	// formsSuffix is appended to a field's name for the field that holds the inflections of its words. There no fault is
	// forgiven: costed may be looked for in a text about costs, but hosted has nothing to do with it.
	formsSuffix = "_forms"

	// What is stored for showing a hit, and not searched.
	fieldHeading = "heading"
	fieldShown   = "shown"
)

// The server reads 65,536 words of a field and silently ignores the rest; between two elements of a list it leaves
// eight places free. So a long text is spread over several fields. What does not fit into all of them, about a million
// words, is not searched.
const (
	maxFieldWords = 60_000
	elementGap    = 8
	textFields    = 16
)

// farBehind is what stands before inflections: words that nobody looks for, with a full stop behind each, which is worth
// eight places. Otherwise a word whose beginning is looked for would stand early in a text for the sake of an inflection
// that is not in it. The server tells places apart up to 1024.
func farBehind() string { return strings.Repeat("z. ", 1024/elementGap+2) }

// numbered is the name of the nth field that a long text is spread over, from 0.
func numbered(field string, n int) string {
	if n == 0 {
		return field
	}
	return fmt.Sprintf("%s%d", field, n)
}

// shown is what a hit is explained by, beside its heading.
type shown struct {
	Summary string   `json:"summary"`
	Pages   []string `json:"pages,omitempty"`
}

// newDocument lays a Document out in the server's fields, as JSON.
func newDocument(d *search.Document) (json.RawMessage, error) {
	id, err := key(d.ID)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{
		fieldKey: id, fieldRevision: d.Revision, fieldPublished: d.PublishedAt.UnixMicro(), fieldUses: d.Uses,
		fieldStanding: bits.Len(uint(max(d.Uses, 0))),
		fieldHeading:  d.Title,
		fieldShown:    shown{Summary: d.Summary, Pages: d.Pages},
	}
	var tags []string
	for _, facet := range search.Facets() {
		if own := d.Values(facet); len(own) > 0 {
			fields[string(facet)] = values(own)
			if slices.Contains(search.Tags(), facet) {
				tags = append(tags, own...)
			}
		}
	}
	put := func(field string, texts ...string) {
		lines, forms := cutWords(texts)
		for n, words := range spread(lines) {
			fields[numbered(field, n)] = words
		}
		if len(forms) > 0 {
			fields[field+formsSuffix] = []string{farBehind(), forms}
		}
	}
	put(fieldTitle, d.Title)
	put(fieldTags, tags...)
	put(fieldSummary, d.Summary)
	put(fieldText, d.Pages...)
	if kin := kinStems(d); len(kin) > 0 {
		fields[fieldKin] = values(kin)
	}
	return json.Marshal(fields)
}

// cutWords returns the words of each text and, as one more, what else they are found by without being another word: the
// number that is not there, car for cars, and the second spelling of codes. Forms are the other inflections of them all.
func cutWords(texts []string) (lines []string, forms string) {
	var order []string
	there := make(map[string]bool)
	for _, text := range texts {
		var line []string
		for token := range search.Tokens(text) {
			line = append(line, word(token.Term))
			if !there[token.Term] {
				there[token.Term] = true
				order = append(order, token.Term)
			}
		}
		if len(line) > 0 {
			lines = append(lines, strings.Join(line, " "))
		}
	}
	var same, others []string
	for _, term := range order {
		if isCode(term) {
			same = append(same, code(term))
		}
		for _, form := range search.Forms(term) {
			switch {
			case there[form]:
				continue
			case form == term+"s" || form+"s" == term:
				same = append(same, word(form))
			default:
				others = append(others, word(form))
			}
			there[form] = true
		}
	}
	if len(same) > 0 {
		lines = append(lines, strings.Join(same, " "))
	}
	return lines, strings.Join(others, " ")
}

// spread deals lines of words out to fields, each as full as it may be.
func spread(lines []string) [][]string {
	var fields [][]string
	room := 0
	for _, line := range lines {
		for line != "" {
			if room <= elementGap {
				if len(fields) == textFields {
					return fields
				}
				fields, room = append(fields, nil), maxFieldWords
			}
			head, rest, n := firstWords(line, room-elementGap)
			last := len(fields) - 1
			fields[last] = append(fields[last], head)
			line, room = rest, room-n-elementGap
		}
	}
	return fields
}

// firstWords cuts a line after at most limit words, and tells how many those are.
func firstWords(line string, limit int) (head, rest string, n int) {
	for at := range len(line) {
		if line[at] != ' ' {
			continue
		}
		if n++; n == limit {
			return line[:at], line[at+1:], n
		}
	}
	return line, "", n + 1
}

func kinStems(d *search.Document) []string {
	words := d.KinWords()
	stems := make([]string, len(words))
	for i, w := range words {
		stems[i] = search.Stem(w.Term)
	}
	return stems
}

// hit is a document as the server returns it.
type hit map[string]json.RawMessage

// document reads what was asked for of a hit.
func (h hit) document() (*search.Document, error) {
	var id string
	if err := json.Unmarshal(h[fieldKey], &id); err != nil {
		return nil, fmt.Errorf("reading the key of a hit: %w", err)
	}
	d := &search.Document{ID: idOf(id)}
	for _, facet := range search.Facets() {
		own, err := h.list(string(facet))
		if err != nil {
			return nil, err
		}
		for _, v := range own {
			d.AddValue(facet, valueOf(v))
		}
	}
	if text, ok := h[fieldHeading]; ok {
		if err := json.Unmarshal(text, &d.Title); err != nil {
			return nil, fmt.Errorf("reading the title of hit %s: %w", d.ID, err)
		}
	}
	if text, ok := h[fieldShown]; ok {
		var s shown
		if err := json.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("reading the text of hit %s: %w", d.ID, err)
		}
		d.Summary, d.Pages = s.Summary, s.Pages
	}
	return d, nil
}

func (h hit) list(field string) ([]string, error) {
	var all []string
	if raw, ok := h[field]; ok {
		if err := json.Unmarshal(raw, &all); err != nil {
			return nil, fmt.Errorf("reading %s of a hit: %w", field, err)
		}
	}
	return all, nil
}
