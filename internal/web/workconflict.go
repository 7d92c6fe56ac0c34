package web

import (
	"net/url"
	"slices"
	"strings"

	"collateral/internal/collateral"
)

// difference is a part of a piece of which a person says one thing while somebody else has said another.
type difference struct {
	Name   string // of the part, for the form's take_NAME
	Title  string
	Mine   string
	Theirs string
}

// part is something that is said of a piece and can be chosen for itself when two people changed it.
type part struct {
	name, title string
	text        func(collateral.Details) string
	take        func(to *collateral.Details, from collateral.Details)
}

func parts() []part {
	type details = collateral.Details
	return []part{
		{"title", "Title", func(d details) string { return d.Title }, func(to *details, from details) { to.Title = from.Title }},
		{"summary", "Summary", func(d details) string { return d.Summary }, func(to *details, from details) { to.Summary = from.Summary }},
		{"type", "Type", func(d details) string { return words(d.Type) }, func(to *details, from details) { to.Type = from.Type }},
		{"audience", "Audience", func(d details) string { return string(d.Audience) }, func(to *details, from details) { to.Audience = from.Audience }},
		{"stages", "Stages", stagesText, func(to *details, from details) { to.Stages = from.Stages }},
		{"personas", "Personas", func(d details) string { return strings.Join(d.Personas, ", ") }, func(to *details, from details) { to.Personas = from.Personas }},
		{"industries", "Industries", func(d details) string { return strings.Join(d.Industries, ", ") }, func(to *details, from details) { to.Industries = from.Industries }},
		{"products", "Products", func(d details) string { return strings.Join(d.Products, ", ") }, func(to *details, from details) { to.Products = from.Products }},
		{"language", "Language", func(d details) string { return d.Language }, func(to *details, from details) { to.Language = from.Language }},
		{"review_by", "Review by", func(d details) string { return d.ReviewBy }, func(to *details, from details) { to.ReviewBy = from.ReviewBy }},
		{"cost", "Cost", costText, func(to *details, from details) { to.Cost = from.Cost }},
	}
}

func stagesText(d collateral.Details) string {
	var lines []string
	for _, tag := range d.Stages {
		line := tag.Stage + ": " + tag.Role
		if tag.Primary {
			line = tag.Stage + " (primary): " + tag.Role
		}
		lines = append(lines, line)
	}
	slices.Sort(lines) // their order means nothing
	return strings.Join(lines, "\n")
}

func costText(d collateral.Details) string {
	if d.Cost == nil {
		return ""
	}
	return d.Cost.Amount + " " + d.Cost.Currency
}

// differences lists the parts of which two descriptions say different things.
func differences(mine, theirs collateral.Details) []difference {
	var all []difference
	for _, p := range parts() {
		if m, t := p.text(mine.Normal()), p.text(theirs.Normal()); m != t {
			all = append(all, difference{p.name, p.title, m, t})
		}
	}
	return all
}

// takeTheirs replaces the parts for which a person chose what is there over what they had typed.
func takeTheirs(mine collateral.Details, theirs collateral.Details, sent url.Values) (chosen collateral.Details, any bool) {
	for _, p := range parts() {
		if sent.Get("take_"+p.name) == "theirs" {
			p.take(&mine, theirs)
			any = true
		}
	}
	return mine, any
}
