package search

import "time"

// Document is what the index holds of one asset: the tags and the text of its published version.
type Document struct {
	ID          string // the asset's id
	Title       string
	Summary     string   // what the piece is and what it does for the buyer, in the company's words
	Type        string   // deck, one-pager, ...
	Stages      []string // keys of the buying stages, the primary one first
	Personas    []string
	Industries  []string
	Products    []string
	Language    string    // BCP 47
	Pages       []string  // the file's text by page or slide, in order; Pages[0] is page 1
	PublishedAt time.Time // of the version that is published now
	Uses        int       // field uses in the last 90 days; orders "most-used", and breaks near-ties of relevance
	Revision    string    // names the state that all of this was made from; means something to the caller only
}

// Values returns what the document carries of a facet: none, one or several.
func (d *Document) Values(f Facet) []string {
	one := func(value string) []string {
		if value == "" {
			return nil
		}
		return []string{value}
	}
	switch f {
	case FacetStage:
		return d.Stages
	case FacetType:
		return one(d.Type)
	case FacetPersona:
		return d.Personas
	case FacetIndustry:
		return d.Industries
	case FacetProduct:
		return d.Products
	case FacetLanguage:
		return one(d.Language)
	default:
		return nil
	}
}

// AddValue gives the document one more value of a facet, or the value where it can have only one.
func (d *Document) AddValue(f Facet, value string) {
	switch f {
	case FacetStage:
		d.Stages = append(d.Stages, value)
	case FacetType:
		d.Type = value
	case FacetPersona:
		d.Personas = append(d.Personas, value)
	case FacetIndustry:
		d.Industries = append(d.Industries, value)
	case FacetProduct:
		d.Products = append(d.Products, value)
	case FacetLanguage:
		d.Language = value
	}
}

// Facet names a property that hits can be filtered and counted by.
type Facet string

// The facets of a Document.
const (
	FacetStage    Facet = "stage"
	FacetType     Facet = "type"
	FacetPersona  Facet = "persona"
	FacetIndustry Facet = "industry"
	FacetProduct  Facet = "product"
	FacetLanguage Facet = "language"
)

// Facets returns every facet, in the order in which they are shown.
func Facets() []Facet {
	return []Facet{FacetStage, FacetType, FacetPersona, FacetIndustry, FacetProduct, FacetLanguage}
}

// Tags returns the facets whose values are searched as words. The language is not: nobody means English pieces by "en".
func Tags() []Facet {
	return []Facet{FacetStage, FacetType, FacetPersona, FacetIndustry, FacetProduct}
}
