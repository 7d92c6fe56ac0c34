package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"collateral/internal/collateral"
	"collateral/internal/search"
)

// Limits of a question, as the API has them.
const (
	maxWords = 200 // characters
	maxPage  = 500
	maxEach  = 20 // values of one facet
	perPage  = search.DefaultPerPage
)

// question is what somebody asks of the search, as the address of the page says it.
type question struct {
	Words  string
	Filter map[search.Facet][]string
	Sort   search.Sort // "" for the one that fits best
	Page   int         // from 1
}

// readQuestion reads the address. A faulty one is a refusal, beside as much of the question as could be read.
func readQuestion(values url.Values) (*question, error) {
	q := &question{Words: strings.TrimSpace(values.Get("q")), Filter: make(map[search.Facet][]string), Page: 1}
	if strings.HasSuffix(values.Get("q"), " ") && q.Words != "" {
		q.Words += " " // the last word is whole
	}
	for _, facet := range search.Facets() {
		for _, value := range values[string(facet)] {
			if value != "" && !slices.Contains(q.Filter[facet], value) {
				q.Filter[facet] = append(q.Filter[facet], value)
			}
		}
		if len(q.Filter[facet]) > maxEach {
			return q, collateral.Errorf(collateral.Malformed, "Choose at most %d of one kind.", maxEach)
		}
	}
	if sort := search.Sort(values.Get("sort")); slices.Contains([]search.Sort{search.SortRelevance, search.SortNewest, search.SortMostUsed}, sort) {
		q.Sort = sort
	}
	if page, err := strconv.Atoi(values.Get("page")); err == nil {
		q.Page = min(max(page, 1), maxPage)
	}
	if !utf8.ValidString(q.Words) || utf8.RuneCountInString(q.Words) > maxWords {
		return q, collateral.Errorf(collateral.Malformed, "That is too much to search for: use at most %d characters.", maxWords)
	}
	return q, nil
}

// query is the question for the search. Without words, and without an order that was asked for, what the field uses most
// comes first: that is what helps at a stage.
func (q *question) query() search.Query {
	filter := make(map[search.Facet][]string, len(q.Filter))
	for facet, values := range q.Filter {
		filter[facet] = slices.Clone(values)
	}
	return search.Query{Words: q.Words, Filter: filter, Sort: q.order(), Page: q.Page, PerPage: perPage}
}

func (q *question) order() search.Sort {
	switch {
	case q.Sort != "" && (q.Sort != search.SortRelevance || q.Words != ""):
		return q.Sort
	case q.Words == "":
		return search.SortMostUsed
	}
	return search.SortRelevance
}

// Address is where the question is asked again.
func (q *question) Address() string { return q.at(q.Page) }

func (q *question) at(number int) string {
	values := url.Values{}
	if q.Words != "" {
		values.Set("q", q.Words)
	}
	for facet, chosen := range q.Filter {
		for _, value := range chosen {
			values.Add(string(facet), value)
		}
	}
	if q.Sort != "" {
		values.Set("sort", string(q.Sort))
	}
	if number > 1 {
		values.Set("page", strconv.Itoa(number))
	}
	address := url.URL{Path: "/", RawQuery: values.Encode()}
	return address.String()
}

// with returns the same question on its first page after a change.
func (q *question) with(change func(*question)) *question {
	changed := &question{Words: q.Words, Filter: make(map[search.Facet][]string, len(q.Filter)), Sort: q.Sort, Page: 1}
	for facet, values := range q.Filter {
		changed.Filter[facet] = slices.Clone(values)
	}
	change(changed)
	return changed
}

// without returns the question with one value of a facet less; "" takes all of them away.
func (q *question) without(facet search.Facet, value string) *question {
	return q.with(func(q *question) {
		if value == "" {
			delete(q.Filter, facet)
			return
		}
		q.Filter[facet] = slices.DeleteFunc(q.Filter[facet], func(v string) bool { return v == value })
	})
}

// Stages are the keys of the stages that were asked for.
func (q *question) Stages() []string { return q.Filter[search.FacetStage] }

// HasFilter reports whether anything beside words narrows the question.
func (q *question) HasFilter() bool {
	for _, values := range q.Filter {
		if len(values) > 0 {
			return true
		}
	}
	return false
}

// Everything is the address of the same words without filters.
func (q *question) Everything() string { return (&question{Words: q.Words, Page: 1}).Address() }

// Browse is the address of the same filters without words.
func (q *question) Browse() string { return q.with(func(q *question) { q.Words = "" }).Address() }

// status says in words how much was found of what.
func (q *question) status(total int, names stageNames) string {
	text := plural(total, "piece", "pieces")
	if total == 0 {
		text = "Nothing found"
	}
	if asked := strings.TrimSpace(q.Words); asked != "" {
		text += " for “" + asked + "”"
	}
	if stages := q.Filter[search.FacetStage]; len(stages) > 0 {
		var named []string
		for _, key := range stages {
			named = append(named, names.Of(key))
		}
		text += " at " + strings.Join(named, " or ")
	}
	return text
}
