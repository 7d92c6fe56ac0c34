package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
)

// pieceForm is what is said of a piece, as it was typed.
type pieceForm struct {
	ID       uuid.UUID // of a new piece too: sent twice, the form makes it once
	New      bool
	Revision int64 // that was changed
	Title    string
	Summary  string
	Type     string
	Audience string
	Rows     []stageRow
	Lists    map[string]string // by facet: values with commas between
	Language string
	ReviewBy string
	Amount   string
	Currency string
	URL      string // of a link, instead of a file
	Note     string
}

// stageRow is one row of the stages; without a stage and a role it says nothing.
type stageRow struct {
	N       int // from 0, as the form counts
	Stage   string
	Role    string
	Primary bool
}

func (r stageRow) empty() bool { return r.Stage == "" && strings.TrimSpace(r.Role) == "" }

const (
	spareRows = 2  // empty ones behind those that say something
	leastRows = 3  // shown at all
	mostRows  = 40 // read at all
)

// newForm is the form of a piece that is not there yet.
func newForm(id uuid.UUID) pieceForm {
	f := pieceForm{ID: id, New: true, Audience: string(collateral.ForCustomer), Lists: map[string]string{}}
	f.addRows(0)
	f.Rows[0].Primary = true
	return f
}

// formOf is the form of a piece as it is.
func formOf(a *collateral.Asset) pieceForm {
	f := pieceForm{ID: a.ID, Revision: a.Revision}
	f.fill(a.Details)
	if a.Newest != nil {
		f.URL = a.Newest.URL
	}
	return f
}

func (f *pieceForm) fill(d collateral.Details) {
	f.Title, f.Summary, f.Type, f.Audience = d.Title, d.Summary, string(d.Type), string(d.Audience)
	f.Language, f.ReviewBy = d.Language, d.ReviewBy
	f.Amount, f.Currency = "", ""
	if d.Cost != nil {
		f.Amount, f.Currency = d.Cost.Amount, d.Cost.Currency
	}
	f.Lists = map[string]string{}
	for _, facet := range collateral.Facets() {
		f.Lists[string(facet)] = strings.Join(d.Facet(facet), ", ")
	}
	f.Rows = nil
	for _, tag := range d.Stages {
		f.Rows = append(f.Rows, stageRow{Stage: tag.Stage, Role: tag.Role, Primary: tag.Primary})
	}
	f.addRows(spareRows)
}

// typedForm is the form as it was sent.
func typedForm(sent url.Values) pieceForm {
	one := func(name string) string { return strings.ReplaceAll(sent.Get(name), "\r\n", "\n") } // as browsers write lines
	f := pieceForm{
		Title: one("title"), Summary: one("summary"), Type: one("type"), Audience: one("audience"), Language: strings.TrimSpace(one("language")),
		ReviewBy: one("review_by"), Amount: strings.TrimSpace(one("amount")), Currency: strings.TrimSpace(one("currency")),
		URL: strings.TrimSpace(one("url")), Note: one("note"), Lists: map[string]string{},
	}
	f.ID, _ = uuid.Parse(one("id"))
	f.Revision, _ = strconv.ParseInt(one("revision"), 10, 64)
	for _, facet := range collateral.Facets() {
		f.Lists[string(facet)] = one(string(facet))
	}
	stages, roles := sent["stage"], sent["role"]
	for i := range min(max(len(stages), len(roles)), mostRows) {
		row := stageRow{N: i, Primary: sent.Get("primary") == strconv.Itoa(i)}
		if i < len(stages) {
			row.Stage = stages[i]
		}
		if i < len(roles) {
			row.Role = strings.ReplaceAll(roles[i], "\r\n", "\n")
		}
		f.Rows = append(f.Rows, row)
	}
	f.addRows(0)
	return f
}

// addRows puts empty rows behind the others, and counts them all.
func (f *pieceForm) addRows(spare int) {
	for range spare {
		f.Rows = append(f.Rows, stageRow{})
	}
	for len(f.Rows) < leastRows {
		f.Rows = append(f.Rows, stageRow{})
	}
	for i := range f.Rows {
		f.Rows[i].N = i
	}
}

// details is what the form says. rowOf tells in which row each tag stands. The only stage there is needs no mark to be the
// primary one.
func (f *pieceForm) details() (d collateral.Details, rowOf []int) {
	d = collateral.Details{
		Title: f.Title, Summary: f.Summary, Type: collateral.Type(f.Type), Audience: collateral.Audience(f.Audience),
		Personas: slugs(f.Lists[string(collateral.Persona)]), Industries: slugs(f.Lists[string(collateral.Industry)]), Products: slugs(f.Lists[string(collateral.Product)]),
		Language: f.Language, ReviewBy: f.ReviewBy,
	}
	if f.Amount != "" || f.Currency != "" {
		d.Cost = &collateral.Cost{Amount: f.Amount, Currency: f.Currency}
	}
	for i, row := range f.Rows {
		if !row.empty() {
			d.Stages = append(d.Stages, collateral.StageTag{Stage: row.Stage, Role: row.Role, Primary: row.Primary})
			rowOf = append(rowOf, i)
		}
	}
	if len(d.Stages) == 1 {
		d.Stages[0].Primary = true
	}
	return d, rowOf
}

// slugs reads a list as people type it: "Line of business, CFO".
func slugs(typed string) []string {
	var values []string
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
		if slug := strings.Join(strings.Fields(strings.ToLower(word)), "-"); slug != "" {
			values = append(values, slug)
		}
	}
	return values
}

// wrong tells which input of the form a fault is about, by the input's id.
func wrong(fields []collateral.Field, rowOf []int) map[string]string {
	inputs := map[string]string{}
	add := func(input, detail string) {
		if inputs[input] != "" {
			detail = inputs[input] + " " + detail
		}
		inputs[input] = detail
	}
	for _, field := range fields {
		parts := strings.Split(strings.TrimPrefix(field.Pointer, "/"), "/")
		switch parts[0] {
		case "stages":
			input := "stages"
			if len(parts) == 3 {
				if i, err := strconv.Atoi(parts[1]); err == nil && i >= 0 && i < len(rowOf) {
					input = parts[2] + "-" + strconv.Itoa(rowOf[i])
				}
			}
			add(input, field.Detail)
		case "personas", "industries", "products":
			add(map[string]string{"personas": "persona", "industries": "industry", "products": "product"}[parts[0]], field.Detail)
		case "cost":
			add(parts[len(parts)-1], field.Detail)
		case "versions":
			add("file", field.Detail)
		default:
			add(parts[0], field.Detail)
		}
	}
	return inputs
}

// withoutFaulty leaves out what is wrong of details, so that the rest can be kept; false when what is wrong is needed.
func withoutFaulty(d collateral.Details, fields []collateral.Field) (collateral.Details, bool) {
	for _, field := range fields {
		part, _, _ := strings.Cut(strings.TrimPrefix(field.Pointer, "/"), "/")
		switch part {
		case "summary":
			d.Summary = ""
		case "stages":
			d.Stages = nil
		case "personas":
			d.Personas = nil
		case "industries":
			d.Industries = nil
		case "products":
			d.Products = nil
		case "language":
			d.Language = ""
		case "review_by":
			d.ReviewBy = ""
		case "cost":
			d.Cost = nil
		default:
			return d, false
		}
	}
	return d, true
}
