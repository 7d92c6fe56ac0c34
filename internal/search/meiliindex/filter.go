package meiliindex

import (
	"fmt"
	"slices"
	"strings"

	"collateral/internal/search"
)

// oneOf is the filter for documents whose field has one of the values. Fields come from this package alone.
func oneOf(field string, values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return field + " IN [" + strings.Join(quoted, ", ") + "]"
}

// quote writes a text as a value in a filter. It is the one place where that is done: the server takes a backslash before
// anything, and what follows an unescaped quote is read as more of the filter.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// filterOf writes the facets that were chosen, but for one, as conditions that must all hold.
func filterOf(chosen map[search.Facet][]string, but search.Facet) []string {
	var all []string
	for _, facet := range search.Facets() {
		if facet != but && len(chosen[facet]) > 0 {
			all = append(all, oneOf(string(facet), values(chosen[facet])))
		}
	}
	return all
}

// checkFacets refuses a filter by what is no facet, so that none is dropped unseen.
func checkFacets(chosen map[search.Facet][]string) error {
	for facet := range chosen {
		if !slices.Contains(search.Facets(), facet) {
			return fmt.Errorf("there is no facet %q", facet)
		}
	}
	return nil
}
