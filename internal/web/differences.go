package web

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"collateral/internal/registry"
)

// contextShown is how much is shown of what stayed beside what changed, in characters.
const contextShown = 140

// Runs shortens what stayed the same around the changes of a text.
func (r *reviewed) Runs(runs []registry.Run) []registry.Run {
	shown := make([]registry.Run, len(runs))
	for i, run := range runs {
		if run.Kind == registry.RunEqual {
			run.Text = shortened(run.Text, i > 0, i < len(runs)-1)
		}
		shown[i] = run
	}
	return shown
}

// shortened leaves out the middle of a text that stands behind a change and before another one, or the end that no change
// follows.
func shortened(text string, behind, before bool) string {
	if utf8.RuneCountInString(text) <= 3*contextShown {
		return text
	}
	letters := []rune(text)
	var b strings.Builder
	if behind {
		b.WriteString(string(letters[:contextShown]) + " ")
	}
	b.WriteString("… ")
	if before {
		b.WriteString(string(letters[len(letters)-contextShown:]))
	}
	return b.String()
}

// PageName says which page it was and is.
func (r *reviewed) PageName(p registry.PageChange) string {
	switch {
	case p.Before == 0:
		return fmt.Sprintf("Page %d, new", p.After)
	case p.After == 0:
		return fmt.Sprintf("Page %d, gone", p.Before)
	case p.Before != p.After:
		return fmt.Sprintf("Page %d, before %d", p.After, p.Before)
	}
	return fmt.Sprintf("Page %d", p.After)
}

// TextNote says what could not be compared of the texts.
func (r *reviewed) TextNote() string {
	switch r.Changes.Text {
	case registry.TextSame:
		return "The very same bytes that Sales signed before."
	case registry.TextCut:
		return "The text is long. Only its beginning was compared, or that of long pages; look at the rest yourself."
	case registry.TextPending:
		return "The text is still being read. Load the page again in a moment to see what changed in it."
	case registry.TextMissing:
		return "The texts cannot be compared: one of the files has none that can be read. Look at both."
	}
	if len(r.Changes.Pages) == 0 {
		return "The text is the same; what changed is in pictures or in how it looks."
	}
	return ""
}
