package upkeep

import (
	"cmp"
	"slices"
	"strings"
)

// sortWork puts what asks for a look first: what was given up, what failed, what runs, what waits, and what is not due yet.
func sortWork(work []Work) {
	order := []string{"dead", "retrying", "running", "ready", "later"}
	slices.SortFunc(work, func(a, b Work) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.State), slices.Index(order, b.State)),
			strings.Compare(a.Kind, b.Kind),
		)
	})
}
