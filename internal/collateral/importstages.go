package collateral

import "strings"

// The stages of a piece in one cell: "KEY (primary): what it does there | KEY: what it does there". A line break separates
// as the bar does. In a role text, \| stands for a bar, \n for a line break and \\ for a backslash.

const primaryMark = "(primary)"

// parseStages reads the cell of the stages.
func parseStages(f *Faults, cell string) []StageTag {
	var tags []StageTag
	primary := ""
	for _, part := range splitStages(cell) {
		key, role, found := strings.Cut(part, ":")
		key, isPrimary := strings.CutSuffix(strings.TrimSpace(key), primaryMark)
		key = strings.TrimSpace(key)
		switch {
		case !found || key == "":
			f.Add("/stages", "%q is not a stage with what the piece does there. Write it like %s.", shortened(part),
				`"validation (primary): Shows that it works with the buyer's own data."`)
			continue
		case isPrimary && primary != "":
			f.Add("/stages", "Only one stage can be the primary one: %s and %s are both marked.", primary, key)
			isPrimary = false
		case isPrimary:
			primary = key
		}
		tags = append(tags, StageTag{Stage: key, Role: strings.TrimSpace(unescapeRole(role)), Primary: isPrimary})
	}
	return tags
}

// splitStages cuts a cell at bars and line breaks, but for escaped bars. Empty parts are left out.
func splitStages(cell string) []string {
	var parts []string
	from, escaped := 0, false
	cut := func(to int) {
		if part := strings.TrimSpace(cell[from:to]); part != "" {
			parts = append(parts, part)
		}
		from = to + 1
	}
	for i := range len(cell) {
		switch c := cell[i]; {
		case c == '\n' || c == '|' && !escaped:
			cut(i)
			escaped = false
		default:
			escaped = c == '\\' && !escaped
		}
	}
	cut(len(cell))
	return parts
}

func formatStages(tags []StageTag) string {
	parts := make([]string, len(tags))
	for i, t := range tags {
		mark := ""
		if t.Primary {
			mark = " " + primaryMark
		}
		parts[i] = t.Stage + mark + ": " + escapeRole(t.Role)
	}
	return strings.Join(parts, listSeparator)
}

func escapeRole(role string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "\r\n", `\n`, "\n", `\n`).Replace(role)
}

// unescapeRole reads from left to right, so that \\n is a backslash and an n.
func unescapeRole(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\|`, "|", `\n`, "\n").Replace(text)
}

// shortened is the beginning of a text that is quoted in a sentence.
func shortened(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "..."
}
