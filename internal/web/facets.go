package web

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"collateral/internal/collateral"
	"collateral/internal/search"
)

// railStage is a buying stage to choose, with what the buyer asks first at it.
type railStage struct {
	Name     string
	Question string
	Address  string
	Here     bool
}

// rail lists the stages in their order behind "all stages".
func (q *question) rail(stages []collateral.Stage) []railStage {
	chosen := q.Filter[search.FacetStage]
	rail := []railStage{{Name: "All stages", Address: q.without(search.FacetStage, "").Address(), Here: len(chosen) == 0}}
	for _, stage := range stages {
		r := railStage{
			Name: stage.Name, Here: slices.Contains(chosen, stage.Key),
			Address: q.with(func(q *question) { q.Filter[search.FacetStage] = []string{stage.Key} }).Address(),
		}
		if len(stage.Questions) > 0 {
			r.Question = stage.Questions[0]
		}
		rail = append(rail, r)
	}
	return rail
}

// facetChoice is a facet with what can be chosen of it.
type facetChoice struct {
	Key    search.Facet
	Name   string
	Values []facetValue
	More   []facetValue // beyond the first few
}

type facetValue struct {
	Value  string
	Name   string
	Count  int
	Chosen bool
}

// chosenValue is a value that narrows the question, and where it does not.
type chosenValue struct {
	Name string
	Drop string
}

// fewValues is how many values of a facet are seen at once.
const fewValues = 6

// sideFacets are the facets beside the stages, in the order in which they are shown.
func sideFacets() []search.Facet {
	return []search.Facet{search.FacetType, search.FacetPersona, search.FacetIndustry, search.FacetProduct, search.FacetLanguage}
}

// facets lists what the question can be narrowed by: what is chosen first, also when nothing is left of it.
func (q *question) facets(counts map[search.Facet][]search.Count, names stageNames) ([]facetChoice, []chosenValue) {
	var choices []facetChoice
	var chosen []chosenValue
	for _, key := range q.Filter[search.FacetStage] {
		chosen = append(chosen, chosenValue{Name: names.Of(key), Drop: q.without(search.FacetStage, key).Address()})
	}
	for _, facet := range sideFacets() {
		choice := facetChoice{Key: facet, Name: facetName(facet)}
		for _, value := range q.Filter[facet] {
			count := 0
			if i := slices.IndexFunc(counts[facet], func(c search.Count) bool { return c.Value == value }); i >= 0 {
				count = counts[facet][i].Count
			}
			choice.Values = append(choice.Values, facetValue{Value: value, Name: valueName(facet, value, names), Count: count, Chosen: true})
			chosen = append(chosen, chosenValue{Name: valueName(facet, value, names), Drop: q.without(facet, value).Address()})
		}
		for _, c := range counts[facet] {
			if !slices.Contains(q.Filter[facet], c.Value) {
				choice.add(facetValue{Value: c.Value, Name: valueName(facet, c.Value, names), Count: c.Count})
			}
		}
		if len(choice.Values) > 0 {
			choices = append(choices, choice)
		}
	}
	return choices, chosen
}

func (f *facetChoice) add(v facetValue) {
	if len(f.Values) < fewValues {
		f.Values = append(f.Values, v)
	} else {
		f.More = append(f.More, v)
	}
}

// sortChoice is an order that can be asked for.
type sortChoice struct {
	Name    string
	Address string
	Here    bool
}

func (q *question) sorts() []sortChoice {
	var choices []sortChoice
	for _, order := range []struct {
		sort search.Sort
		name string
	}{{search.SortRelevance, "Best match"}, {search.SortMostUsed, "Most used"}, {search.SortNewest, "Newest"}} {
		if order.sort == search.SortRelevance && q.Words == "" {
			continue
		}
		choices = append(choices, sortChoice{
			Name: order.name, Here: q.order() == order.sort,
			Address: q.with(func(q *question) { q.Sort = order.sort }).Address(),
		})
	}
	return choices
}

// wider is a question that may find something where this one did not.
type wider struct {
	Text    string
	Address string
	Count   int // of what it is known to find; 0 when that is not known
}

// wider asks for less: without one of the filters, and for one word alone.
func (q *question) wider(counts map[search.Facet][]search.Count, names stageNames) []wider {
	var all []wider
	for _, facet := range search.Facets() {
		if len(q.Filter[facet]) == 0 {
			continue
		}
		for i, c := range counts[facet] {
			if i == 3 {
				break
			}
			all = append(all, wider{
				Text: valueName(facet, c.Value, names), Count: c.Count,
				Address: q.with(func(q *question) { q.Filter[facet] = []string{c.Value} }).Address(),
			})
		}
		all = append(all, wider{Text: "Any " + strings.ToLower(facetName(facet)), Address: q.without(facet, "").Address()})
	}
	if each := strings.Fields(q.Words); len(each) > 1 {
		for _, word := range each[:min(len(each), 4)] {
			all = append(all, wider{Text: "Only “" + word + "”", Address: q.with(func(q *question) { q.Words = word }).Address()})
		}
	}
	return all
}

func facetName(facet search.Facet) string {
	return map[search.Facet]string{
		search.FacetStage: "Stage", search.FacetType: "Type", search.FacetPersona: "For whom", search.FacetIndustry: "Industry",
		search.FacetProduct: "Product", search.FacetLanguage: "Language",
	}[facet]
}

// valueName writes a value of a facet for people.
func valueName(facet search.Facet, value string, stages stageNames) string {
	switch facet {
	case search.FacetStage:
		return stages.Of(value)
	case search.FacetLanguage:
		return languageName(value)
	case search.FacetPersona, search.FacetIndustry, search.FacetProduct:
		return slugName(value)
	case search.FacetType:
	}
	return words(value)
}

// slugName writes a value of the company's own for people. Those of two or three letters are abbreviations: IT, CFO.
func slugName(value string) string {
	if len(value) <= 3 {
		return strings.ToUpper(value)
	}
	return words(value)
}

// languageName is the English name of a language by its BCP 47 tag; the tag itself where there is none.
func languageName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Tags().Name(parsed); name != "" {
		return name
	}
	return tag
}
