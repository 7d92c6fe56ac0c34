package meilitest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// index holds documents and what they are found by.
type index struct {
	primaryKey string
	created    time.Time
	settings   *settings
	documents  map[string]*document
	serial     int

	words map[string]map[*document]struct{} // which documents hold a word
}

// document is one document, and where each word stands in it.
type document struct {
	id     string
	serial int // counts documents as they came
	fields map[string]any
	places map[string][]place
	length []int // words of each searchable attribute
}

// place is where a word stands: the rank of the attribute, and its position there.
type place struct{ attribute, position int }

func newIndex(primaryKey string) *index {
	return &index{
		primaryKey: primaryKey, created: now(), settings: defaultSettings(),
		documents: make(map[string]*document), words: make(map[string]map[*document]struct{}),
	}
}

var documentIDs = regexp.MustCompile(`^[A-Za-z0-9_-]{1,511}$`)

// add puts documents, each replacing the one with its id. One that cannot be put fails them all.
func (x *index) add(documents []map[string]any, refused func(map[string]any) string) *problem {
	if x.primaryKey == "" {
		return refuse(http.StatusBadRequest, "index_primary_key_no_candidate_found", "The primary key inference failed.")
	}
	for _, fields := range documents {
		id := textOf(fields[x.primaryKey])
		if !documentIDs.MatchString(id) {
			return refuse(http.StatusBadRequest, "invalid_document_id", "Document identifier `%v` is invalid.", fields[x.primaryKey])
		}
		if refused != nil {
			if why := refused(fields); why != "" {
				return refuse(http.StatusBadRequest, "invalid_document_fields", "%s", why)
			}
		}
	}
	for _, fields := range documents {
		id := textOf(fields[x.primaryKey])
		serial := x.serial
		if before := x.documents[id]; before != nil {
			serial = before.serial
		} else {
			x.serial++
		}
		x.remove(id)
		d := &document{id: id, serial: serial, fields: fields}
		x.documents[id] = d
		x.read(d)
	}
	return nil
}

func (x *index) remove(id string) {
	d, there := x.documents[id]
	if !there {
		return
	}
	delete(x.documents, id)
	for word := range d.places {
		delete(x.words[word], d)
		if len(x.words[word]) == 0 {
			delete(x.words, word)
		}
	}
}

// reindex reads all documents anew, because settings changed.
func (x *index) reindex() {
	clear(x.words)
	for _, d := range x.documents {
		x.read(d)
	}
}

// searchable returns the attributes that are searched, in the order of their rank.
func (x *index) searchable(d *document) []string {
	if !slices.Contains(x.settings.SearchableAttributes, everything) {
		return x.settings.SearchableAttributes
	}
	return slices.Sorted(maps.Keys(d.fields))
}

func (x *index) read(d *document) {
	d.places = make(map[string][]place)
	d.length = nil
	for rank, attribute := range x.searchable(d) {
		at, words := 0, 0
		for n, text := range texts(d.fields[attribute]) {
			if n > 0 {
				at += hardGap
			}
			tokens, next := tokenize(text, at)
			at = next
			for _, t := range tokens {
				if t.position < maxPosition && !slices.Contains(x.settings.StopWords, t.word) {
					d.places[t.word] = append(d.places[t.word], place{rank, t.position})
					words++
				}
			}
		}
		d.length = append(d.length, words)
	}
	for word := range d.places {
		if x.words[word] == nil {
			x.words[word] = make(map[*document]struct{})
		}
		x.words[word][d] = struct{}{}
	}
}

// shown is what a hit shows: the displayed attributes that were asked for.
func (x *index) shown(d *document, asked []string) map[string]any {
	shown := make(map[string]any)
	for name, value := range d.fields {
		displayed := slices.Contains(x.settings.DisplayedAttributes, everything) || slices.Contains(x.settings.DisplayedAttributes, name)
		wanted := asked == nil || slices.Contains(asked, everything) || slices.Contains(asked, name)
		if displayed && wanted {
			shown[name] = value
		}
	}
	return shown
}

// all returns every document in the order in which they came.
func (x *index) all() []*document {
	return slices.SortedFunc(maps.Values(x.documents), func(a, b *document) int { return cmp.Compare(a.serial, b.serial) })
}

// filtered returns the documents that pass a filter, in the order in which they came.
func (x *index) filtered(filter any) ([]*document, error) {
	passes, err := x.condition(filter)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(x.all(), func(d *document) bool { return !passes(d) }), nil
}

// sorting returns the order that a sort parameter asks for.
func (x *index) sorting(rules []string) (func(a, b *document) int, error) {
	for _, rule := range rules {
		field, _, _ := strings.Cut(rule, ":")
		if !slices.Contains(x.settings.SortableAttributes, field) {
			return nil, refuse(http.StatusBadRequest, "invalid_search_sort", "Attribute `%s` is not sortable.", field)
		}
	}
	return func(a, b *document) int {
		for _, rule := range rules {
			if order := byField(rule, a, b); order != 0 {
				return order
			}
		}
		return 0
	}, nil
}

// byField compares by a rule such as "uses:desc": numbers come before strings, and what lacks the field is last.
func byField(rule string, a, b *document) int {
	field, direction, _ := strings.Cut(rule, ":")
	x, y := first(a.fields[field]), first(b.fields[field])
	kind := func(v any) int {
		switch v.(type) {
		case float64:
			return 0
		case string, bool:
			return 1
		default:
			return 2
		}
	}
	if order := cmp.Compare(kind(x), kind(y)); order != 0 {
		return order
	}
	order := 0
	switch x := x.(type) {
	case float64:
		order = cmp.Compare(x, y.(float64)) //nolint:forcetypeassert // the kinds are equal
	case string, bool:
		order = strings.Compare(NormalFacet(fmt.Sprint(x)), NormalFacet(fmt.Sprint(y)))
	}
	if direction == "desc" {
		return -order
	}
	return order
}

func first(value any) any {
	if list, ok := value.([]any); ok {
		if len(list) == 0 {
			return nil
		}
		return list[0]
	}
	return value
}
