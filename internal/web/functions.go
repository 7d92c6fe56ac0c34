package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/report"
	"collateral/internal/usage"
)

// functions are what templates can call beside the methods of page.
func functions() template.FuncMap {
	return template.FuncMap{
		"number":       number[int64],
		"percent":      percent,
		"size":         size,
		"plural":       plural[int],
		"words":        words,
		"dict":         dict,
		"join":         strings.Join,
		"lower":        strings.ToLower,
		"initial":      initial,
		"languageName": languageName,
		"fewPeople":    func() string { return collateral.FewPeople },
		"slug":         slugName,

		"stepName":      usage.StepName,
		"linkState":     linkStateWords,
		"spent":         spentWords,
		"bandWords":     bandWords,
		"bandShares":    bandShares,
		"coverageWords": coverageWords,
		"coverageSign":  coverageSign,
		"personaWords":  personaWords,
		"definition":    definitionWords,
		"searchFor":     searchFor,
		"filterWords":   filterWords,
		"span":          spanWords,
		"decision":      decisionWords,
		"reviewList":    func(list any) string { return reviewListWords(report.ReviewList(fmt.Sprint(list))) },
	}
}

// number writes a whole number with thin spaces between thousands.
func number[N ~int | ~int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// percent writes a share of 0 to 1; "–" for none.
func percent(share *float64) string {
	if share == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100**share)
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	const kilo = 1000
	if bytes < kilo {
		return number(bytes) + " B"
	}
	value, unit := float64(bytes)/kilo, "kB"
	for _, next := range []string{"MB", "GB", "TB"} {
		if value < kilo {
			break
		}
		value, unit = value/kilo, next
	}
	if value < 10 {
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}

// plural writes "1 piece" or "7 pieces".
func plural[N ~int | ~int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// words writes the keys of the domain for people: "changes_requested" and "case-study".
func words(key any) string {
	text := strings.NewReplacer("_", " ", "-", " ").Replace(fmt.Sprint(key))
	switch text {
	case "one pager", "white paper", "faq":
		return map[string]string{"one pager": "one-pager", "white paper": "white paper", "faq": "FAQ"}[text]
	}
	return text
}

// dict makes the arguments of a part out of names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("a part is called with %d arguments, want names and values", len(pairs))
	}
	named := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("a part is called with %v, want a name", pairs[i])
		}
		named[name] = pairs[i+1]
	}
	return named, nil
}

// initial is the first letter of a name.
func initial(name string) string {
	for _, r := range name {
		return strings.ToUpper(string(r))
	}
	return "?"
}

// either writes roles as "marketer, rep or admin".
func either(roles []collateral.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// Is reports whether the reader holds one of the roles.
func (p page) Is(roles ...string) bool {
	for _, r := range roles {
		if p.Actor.Is(collateral.Role(r)) {
			return true
		}
	}
	return false
}

// SignedIn reports whether the reader is no stranger.
func (p page) SignedIn() bool { return p.Actor.UserID != uuid.Nil }

// Time shows a moment in the reader's zone.
func (p page) Time(t time.Time) template.HTML {
	local := t.In(p.Zone)
	text := local.Format("2 Jan 2006, 15:04")
	if p.Zone == time.UTC {
		text += " UTC"
	}
	return timeTag(t, text)
}

// Day shows the day of a moment in the reader's zone.
func (p page) Day(t time.Time) template.HTML {
	return timeTag(t, t.In(p.Zone).Format("2 Jan 2006"))
}

// Ago shows how long ago a moment was, and the moment itself to who points at it.
func (p page) Ago(t time.Time) template.HTML {
	return timeTag(t, ago(p.Now.Sub(t)))
}

func timeTag(t time.Time, text string) template.HTML {
	stamp := t.UTC().Format(time.RFC3339)
	return template.HTML(`<time datetime="` + stamp + `" title="` + t.UTC().Format("2 Jan 2006, 15:04 UTC") + `">` + template.HTMLEscapeString(text) + `</time>`) //nolint:gosec // made of times and of escaped text
}

// ago writes a span of the past for people.
func ago(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute", "minutes") + " ago"
	case d < day:
		return plural(int(d/time.Hour), "hour", "hours") + " ago"
	case d < 60*day:
		return plural(int(d/day), "day", "days") + " ago"
	case d < 730*day:
		return plural(int(d/(30*day)), "month", "months") + " ago"
	}
	return plural(int(d/(365*day)), "year", "years") + " ago"
}

// Date shows a calendar day, YYYY-MM-DD, for people; what is none as it is.
func (p page) Date(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2 Jan 2006")
}

// Past reports whether a calendar day, YYYY-MM-DD, is over.
func (p page) Past(day string) bool { return day != "" && day < p.Now.In(p.Zone).Format(time.DateOnly) }
