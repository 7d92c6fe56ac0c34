package web

import (
	"net/url"
	"slices"
	"strings"

	"collateral/internal/collateral"
)

// typed is what was typed into a form of the admin's pages, and why it was refused, so that the form can be shown again
// as it was sent.
type typed struct {
	Form  url.Values
	Fault *collateral.Error // nil for a form that was not sent yet
}

// Value is what the field holds.
func (t typed) Value(name string) string { return t.Form.Get(name) }

// Has reports whether the field has the value among others, as ticked boxes have.
func (t typed) Has(name, value string) bool { return slices.Contains(t.Form[name], value) }

// Wrong says what is wrong with what a pointer leads to, and with what lies in it; empty for nothing.
func (t typed) Wrong(pointer string) string {
	if t.Fault == nil {
		return ""
	}
	var details []string
	for _, f := range t.Fault.Fields {
		if f.Pointer == pointer || strings.HasPrefix(f.Pointer, pointer+"/") {
			details = append(details, f.Detail)
		}
	}
	return strings.Join(details, " ")
}

// status is how a page is answered that shows the form.
func (t typed) status() int {
	if t.Fault == nil {
		return 0
	}
	status, _ := statusOf(t.Fault.Kind)
	return status
}

// lines are the lines of a text field that hold something.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
