package meiliindex

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/meilisearch/meilisearch-go"

	"collateral/internal/search"
)

// layoutVersion names what document.go and settings.go write. An index of another version is made anew; raise it with every
// change of fields, and of the analysis in package search.
const layoutVersion = "1"

// parts are the fields of words, the most important first.
func parts() []string { return []string{fieldTitle, fieldTags, fieldSummary, fieldText} }

// searched returns the fields that words are looked for in, and those of them in which no fault is forgiven.
func searched() (all, strict []string) {
	for _, part := range parts() {
		all = append(all, part, part+formsSuffix)
		strict = append(strict, part+formsSuffix)
	}
	for n := 1; n < textFields; n++ {
		all = append(all, numbered(fieldText, n))
	}
	return all, strict
}

// Bounds of what the server answers with.
const (
	maxHits        = 1_000_000 // that are counted
	maxFacetValues = 10_000    // of one facet
	cutoffMillis   = 4000      // after which it answers with what it has; our own deadline is a little later
)

// wantedSettings are those of every index that is written here.
func wantedSettings() *meilisearch.Settings {
	facets := make([]string, 0, len(search.Facets()))
	for _, facet := range search.Facets() {
		facets = append(facets, string(facet))
	}
	all, strict := searched()
	indexingTime := "indexingTime"
	return &meilisearch.Settings{
		SearchableAttributes: all,
		DisplayedAttributes:  append([]string{fieldKey, fieldRevision, fieldHeading, fieldShown, fieldPublished, fieldUses, fieldKin}, facets...),
		FilterableAttributes: append([]string{fieldKey, fieldKin}, facets...),
		SortableAttributes:   []string{fieldKey, fieldPublished, fieldUses},
		// A sort that is asked for is strict. What is right comes before what is mistyped, the title before the tags, the whole
		// word before its beginning and the original before its synonym; then words that stand together, and early. Popularity
		// and newness decide between equals, and the key in the end.
		RankingRules: []string{
			"sort", "words", "typo", "attributeRank", "exactness", "proximity", "wordPosition",
			fieldStanding + ":desc", fieldPublished + ":desc", fieldKey + ":asc",
		},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled:             true,
			MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: int64(oneFaultFrom), TwoTypos: int64(twoFaultsFrom)},
			DisableOnWords:      []string{}, DisableOnAttributes: strict,
		},
		Faceting:           &meilisearch.Faceting{MaxValuesPerFacet: maxFacetValues, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeCount}},
		Pagination:         &meilisearch.Pagination{MaxTotalHits: maxHits},
		SearchCutoffMs:     cutoffMillis,
		ProximityPrecision: meilisearch.ByWord,
		PrefixSearch:       &indexingTime,
		// Words are ASCII in the main, and no language: detecting one per text could cut a text and a query differently.
		LocalizedAttributes: []*meilisearch.LocalizedAttributes{{AttributePatterns: []string{"*"}, Locales: []string{"eng"}}},
	}
}

// difference returns the settings of wanted that are other ones in got, or nil. Each change may make the server read all
// documents anew, so what is the same is not sent.
func difference(wanted, got *meilisearch.Settings) *meilisearch.Settings {
	var differs meilisearch.Settings
	any := false
	for _, s := range []*meilisearch.Settings{wanted, got} { // these two are sets
		slices.Sort(s.FilterableAttributes)
		slices.Sort(s.SortableAttributes)
	}
	w, g, d := reflect.ValueOf(wanted).Elem(), reflect.ValueOf(got).Elem(), reflect.ValueOf(&differs).Elem()
	for i := range w.NumField() {
		if w.Field(i).IsZero() || reflect.DeepEqual(w.Field(i).Interface(), g.Field(i).Interface()) {
			continue
		}
		d.Field(i).Set(w.Field(i))
		any = true
	}
	if !any {
		return nil
	}
	return &differs
}

// applySettings brings an index's settings to what is wanted, and waits until they are.
func (x *Index) applySettings(ctx context.Context, uid string) error {
	var got *meilisearch.Settings
	err := x.call(ctx, func(ctx context.Context) (err error) {
		got, err = x.client.Index(uid).GetSettingsWithContext(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the settings of index %s: %w", uid, err)
	}
	if differs := difference(wantedSettings(), got); differs != nil {
		err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return x.client.Index(uid).UpdateSettingsWithContext(ctx, differs)
		})
		if err != nil {
			return fmt.Errorf("changing the settings of index %s: %w", uid, err)
		}
	}
	if got.FacetSearch {
		err := x.do(ctx, func(ctx context.Context) (*meilisearch.TaskInfo, error) {
			return x.client.Index(uid).UpdateFacetSearchWithContext(ctx, false)
		})
		if err != nil {
			return fmt.Errorf("changing the settings of index %s: %w", uid, err)
		}
	}
	return nil
}
