package collateral

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Type is the form of a piece.
type Type string

// Types returns every form a piece can have.
func Types() []Type {
	return []Type{"deck", "one-pager", "brochure", "case-study", "white-paper", "video", "battlecard", "calculator",
		"email-template", "script", "faq", "proposal-template", "reference", "link", "data-sheet", "demo"}
}

// Audience says who a piece may be shown to.
type Audience string

// The audiences.
const (
	ForInternal Audience = "internal" // own people only
	ForPartner  Audience = "partner"  // partners too
	ForCustomer Audience = "customer" // buyers too
)

// Audiences returns every audience.
func Audiences() []Audience { return []Audience{ForInternal, ForPartner, ForCustomer} }

// Facet is a list of tags beside the buying stages: persona, industry or product.
type Facet string

// The facets whose values are slugs of the company's own.
const (
	Persona  Facet = "persona"
	Industry Facet = "industry"
	Product  Facet = "product"
)

// Facets returns the three facets.
func Facets() []Facet { return []Facet{Persona, Industry, Product} }

// Cost is what a piece cost to make.
type Cost struct {
	Amount   string // a decimal number such as "1250.00", not negative
	Currency string // ISO 4217, upper case
}

// StageTag ties a piece to a buying stage and says what it does for the buyer there.
type StageTag struct {
	StageID uuid.UUID
	Stage   string // the stage's key
	Role    string // what the piece does at this stage, at least MinRole characters
	Primary bool
}

// MinRole and MaxRole bound the role text of a StageTag in characters. A short one says nothing a rep could act on.
const (
	MinRole = 20
	MaxRole = 1000
)

// Details is what the owner says of a piece. The audience and the stages are part of what Sales signs: changing them
// takes effect with the next version.
type Details struct {
	Title      string
	Summary    string
	Type       Type
	Audience   Audience
	Stages     []StageTag // the tags of the next version
	Personas   []string
	Industries []string
	Products   []string
	Language   string // BCP 47; empty when not said
	ReviewBy   string // YYYY-MM-DD; past it the piece is stale; empty when not said
	Cost       *Cost
}

// Normal returns d as it is stored: texts without outer blanks, each tag once, the currency in upper case.
func (d Details) Normal() Details {
	d.Title = strings.TrimSpace(d.Title)
	d.Summary = strings.TrimSpace(d.Summary)
	d.Language = NormalLanguage(d.Language)
	d.Stages = slices.Clone(d.Stages)
	for i := range d.Stages {
		d.Stages[i].Role = strings.TrimSpace(d.Stages[i].Role)
	}
	d.Personas = once(d.Personas)
	d.Industries = once(d.Industries)
	d.Products = once(d.Products)
	if d.Cost != nil {
		d.Cost = &Cost{Amount: strings.TrimSpace(d.Cost.Amount), Currency: strings.ToUpper(d.Cost.Currency)}
	}
	return d
}

func once(values []string) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Check returns one Invalid error that names every fault of normal details. Stages may be missing until submission;
// those given must be right.
func (d Details) Check() error {
	var f Faults
	checkLine(&f, "/title", d.Title, 3, 200)
	checkText(&f, "/summary", d.Summary, 0, 2000)
	if !slices.Contains(Types(), d.Type) {
		f.Add("/type", "There is no type %q.", d.Type)
	}
	if !slices.Contains(Audiences(), d.Audience) {
		f.Add("/audience", "The audience is internal, partner or customer.")
	}
	checkStages(&f, d.Stages)
	checkSlugs(&f, "/personas", d.Personas)
	checkSlugs(&f, "/industries", d.Industries)
	checkSlugs(&f, "/products", d.Products)
	if d.Language != "" && !languagePattern.MatchString(d.Language) {
		f.Add("/language", "This is not a language tag. Write it like en, de or pt-BR.")
	}
	if d.ReviewBy != "" && !IsDate(d.ReviewBy) {
		f.Add("/review_by", "This is not a date. Write it like 2027-03-31.")
	}
	d.Cost.check(&f)
	return f.Err("This piece cannot be saved as described.")
}

func checkStages(f *Faults, tags []StageTag) {
	primary := -1
	seen := map[string]bool{}
	for i, t := range tags {
		at := "/stages/" + strconv.Itoa(i)
		if seen[t.Stage] {
			f.Add(at+"/stage", "The stage %q is named twice. Name each stage once.", t.Stage)
		}
		seen[t.Stage] = true
		if utf8.RuneCountInString(visible(t.Role)) < MinRole {
			f.Add(at+"/role", "Say in at least %d characters what the piece does for the buyer at this stage.", MinRole)
		} else {
			checkText(f, at+"/role", t.Role, MinRole, MaxRole)
		}
		if t.Primary && primary >= 0 {
			f.Add(at+"/primary", "Only one stage can be the primary one, and /stages/%d is already.", primary)
		} else if t.Primary {
			primary = i
		}
	}
}

func checkSlugs(f *Faults, pointer string, values []string) {
	for i, v := range values {
		if !IsSlug(v) {
			f.Add(pointer+"/"+strconv.Itoa(i), "Use 1 to 64 lower-case letters, digits and hyphens, like %q.", "line-of-business")
		}
	}
}

var (
	amountPattern   = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
)

func (c *Cost) check(f *Faults) {
	if c == nil {
		return
	}
	if !amountPattern.MatchString(c.Amount) {
		f.Add("/cost/amount", "This is not an amount. Write it like 1250.00, without sign or thousands separator.")
	}
	if !currencyPattern.MatchString(c.Currency) {
		f.Add("/cost/currency", "This is not a currency code. Write it like EUR or USD.")
	}
}

// IsDate reports whether s is a day of the calendar, YYYY-MM-DD.
func IsDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Facet returns the details' values of one facet.
func (d *Details) Facet(f Facet) []string {
	switch f {
	case Persona:
		return d.Personas
	case Industry:
		return d.Industries
	case Product:
		return d.Products
	}
	return nil
}
