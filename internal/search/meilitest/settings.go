package meilitest

import (
	"encoding/json"
	"reflect"
	"slices"
)

// settings are those of one index, by the names of the API.
type settings struct {
	SearchableAttributes []string            `json:"searchableAttributes"`
	DisplayedAttributes  []string            `json:"displayedAttributes"`
	FilterableAttributes []string            `json:"filterableAttributes"`
	SortableAttributes   []string            `json:"sortableAttributes"`
	RankingRules         []string            `json:"rankingRules"`
	StopWords            []string            `json:"stopWords"`
	Synonyms             map[string][]string `json:"synonyms"`
	TypoTolerance        typoTolerance       `json:"typoTolerance"`
	Faceting             faceting            `json:"faceting"`
	Pagination           pagination          `json:"pagination"`
	SearchCutoff         *int                `json:"searchCutoffMs"`
	ProximityPrecision   string              `json:"proximityPrecision"`
	PrefixSearch         string              `json:"prefixSearch"`
	FacetSearch          bool                `json:"facetSearch"`
	LocalizedAttributes  []any               `json:"localizedAttributes"`
	Dictionary           []string            `json:"dictionary"`
	SeparatorTokens      []string            `json:"separatorTokens"`
	NonSeparatorTokens   []string            `json:"nonSeparatorTokens"`
	DistinctAttribute    *string             `json:"distinctAttribute"`
	Embedders            map[string]any      `json:"embedders"`
}

type typoTolerance struct {
	Enabled             bool      `json:"enabled"`
	MinWordSizeForTypos wordSizes `json:"minWordSizeForTypos"`
	DisableOnWords      []string  `json:"disableOnWords"`
	DisableOnAttributes []string  `json:"disableOnAttributes"`
	DisableOnNumbers    bool      `json:"disableOnNumbers"`
}

type wordSizes struct {
	OneTypo  int `json:"oneTypo"`
	TwoTypos int `json:"twoTypos"`
}

type faceting struct {
	MaxValuesPerFacet int               `json:"maxValuesPerFacet"`
	SortFacetValuesBy map[string]string `json:"sortFacetValuesBy"`
}

type pagination struct {
	MaxTotalHits int `json:"maxTotalHits"`
}

// everything stands for all attributes.
const everything = "*"

func defaultSettings() *settings {
	return &settings{
		SearchableAttributes: []string{everything}, DisplayedAttributes: []string{everything},
		FilterableAttributes: []string{}, SortableAttributes: []string{}, StopWords: []string{},
		Dictionary: []string{}, SeparatorTokens: []string{}, NonSeparatorTokens: []string{},
		RankingRules: []string{"words", "typo", "proximity", "attributeRank", "sort", "wordPosition", "exactness"},
		Synonyms:     map[string][]string{}, Embedders: map[string]any{},
		TypoTolerance: typoTolerance{
			Enabled: true, MinWordSizeForTypos: wordSizes{5, 9}, DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
		Faceting:   faceting{100, map[string]string{everything: "alpha"}},
		Pagination: pagination{1000}, ProximityPrecision: "byWord", PrefixSearch: "indexingTime", FacetSearch: true,
	}
}

// patch changes the settings that are named; null resets one. The patch was read once before.
func (s *settings) patch(body []byte) {
	var named map[string]json.RawMessage
	_ = json.Unmarshal(body, &named)
	_ = json.Unmarshal(body, s)
	now, usual := reflect.ValueOf(s).Elem(), reflect.ValueOf(defaultSettings()).Elem()
	for i := range now.NumField() {
		name := now.Type().Field(i).Tag.Get("json")
		if raw, ok := named[name]; ok && string(raw) == "null" {
			now.Field(i).Set(usual.Field(i))
		}
	}
	if raw, ok := named["synonyms"]; ok && string(raw) != "null" { // a map is merged into the one before
		s.Synonyms = map[string][]string{}
		_ = json.Unmarshal(raw, &s.Synonyms)
	}
	slices.Sort(s.FilterableAttributes)
	slices.Sort(s.SortableAttributes)
}
