package collateral

import (
	"slices"
	"strconv"
)

// Taxonomy is the list of values of one facet. While it is open, a new value is taken when a piece first carries it.
type Taxonomy struct {
	Facet  Facet
	Closed bool
	Values []string // slugs, in alphabetical order
}

// CheckTaxonomies returns one Invalid error that names every tag that a closed list does not have.
func (d *Details) CheckTaxonomies(lists []Taxonomy, before *Details) error {
	var f Faults
	for _, t := range lists {
		if !t.Closed {
			continue
		}
		for i, v := range d.Facet(t.Facet) {
			if !slices.Contains(t.Values, v) && !slices.Contains(before.Facet(t.Facet), v) {
				f.Add("/"+t.Facet.plural()+"/"+strconv.Itoa(i), "%q is not in the list of %s, which an admin closed. Choose one that is, or ask an admin to add it.", v, t.Facet.plural())
			}
		}
	}
	return f.Err("This piece cannot be saved as described.")
}

// Check returns one Invalid error that names every fault of the list.
func (t Taxonomy) Check() error {
	var f Faults
	if !slices.Contains(Facets(), t.Facet) {
		f.Add("/facet", "The lists are persona, industry and product.")
	}
	checkSlugs(&f, "/values", t.Values)
	return f.Err("This list cannot be saved as described.")
}

func (f Facet) plural() string {
	if f == Industry {
		return "industries"
	}
	return string(f) + "s"
}
