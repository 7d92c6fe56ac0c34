package collateral

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkLine notes a fault when s is not one line of min to max characters of valid text without control characters.
func checkLine(f *Faults, pointer, s string, min, max int) {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		f.Add(pointer, "This is not valid text. Send it as UTF-8.")
	case strings.ContainsFunc(s, unicode.IsControl):
		f.Add(pointer, "This must be one line without control characters.")
	case n < min && n == 0:
		f.Add(pointer, "This is missing.")
	case n < min:
		f.Add(pointer, "This is too short: use at least %d characters.", min)
	case n > max:
		f.Add(pointer, "This is too long: use at most %d characters.", max)
	}
}

// checkText is checkLine for texts of several lines.
func checkText(f *Faults, pointer, s string, min, max int) {
	oneLine := strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ").Replace(s)
	if utf8.ValidString(s) && strings.ContainsFunc(oneLine, unicode.IsControl) {
		f.Add(pointer, "This must not contain control characters but for line breaks and tabs.")
		return
	}
	checkLine(f, pointer, oneLine, min, max)
}

// visible returns what a reader sees of s: without blanks at its ends, and without no-break spaces and the characters that
// only format others. The databases leave out no character that this keeps.
func visible(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\u00a0' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s))
}

var slugPattern = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// IsSlug reports whether s can be the key of a stage, persona, industry or product.
func IsSlug(s string) bool { return slugPattern.MatchString(s) }

// NormalLanguage writes a BCP 47 tag the usual way, since case means nothing in it: language in lower case, script with a
// capital, region in capitals (RFC 5646, section 2.1.1).
func NormalLanguage(tag string) string {
	parts := strings.Split(strings.ToLower(strings.TrimSpace(tag)), "-")
	for i, p := range parts[1:] {
		switch {
		case len(parts[i]) == 1: // what follows a singleton is an extension
			return strings.Join(parts, "-")
		case len(p) == 2:
			parts[i+1] = strings.ToUpper(p)
		case len(p) == 4 && p[0] > '9':
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "-")
}

// languagePattern is the common part of a BCP 47 tag: language, then script, region, variants and extensions
// (RFC 5646, section 2.1). That a subtag is registered is not checked.
var languagePattern = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WYZa-wyz0-9](-[A-Za-z0-9]{2,8})+)*$`)
