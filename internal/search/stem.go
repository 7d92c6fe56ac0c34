package search

import "strings"

// Stem takes the English inflection off a folded term, so that plan, plans, planned and planning are the same word.
// These are the steps of the Porter2 algorithm that concern number and tense; derivations stay apart (renew, renewal),
// because a stem that goes further joins words that a reader does not. A term with anything but a to z is its own stem.
func Stem(term string) string {
	if len(term) < 3 {
		return term
	}
	for i := range len(term) {
		if term[i] < 'a' || term[i] > 'z' {
			return term
		}
	}
	return withoutFinalE(finalYToI(withoutTense(withoutPlural(term))))
}

func withoutPlural(w string) string {
	switch {
	case strings.HasSuffix(w, "sses"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "ied"), strings.HasSuffix(w, "ies"):
		if len(w) > 4 {
			return w[:len(w)-2]
		}
		return w[:len(w)-1]
	case strings.HasSuffix(w, "us"), strings.HasSuffix(w, "ss"):
		return w
	case strings.HasSuffix(w, "s") && hasVowel(w[:len(w)-2]):
		return w[:len(w)-1]
	default:
		return w
	}
}

func withoutTense(w string) string {
	if strings.HasSuffix(w, "eed") {
		if len(w)-3 >= regionOne(w) {
			return w[:len(w)-1]
		}
		return w
	}
	for _, ending := range []string{"ed", "ing"} {
		stem, ok := strings.CutSuffix(w, ending)
		if !ok {
			continue
		}
		switch {
		case !hasVowel(stem):
			return w
		case strings.HasSuffix(stem, "at"), strings.HasSuffix(stem, "bl"), strings.HasSuffix(stem, "iz"):
			return stem + "e"
		case endsInDouble(stem):
			return stem[:len(stem)-1]
		case regionOne(stem) >= len(stem) && endsInShortSyllable(stem):
			return stem + "e"
		default:
			return stem
		}
	}
	return w
}

func finalYToI(w string) string {
	if n := len(w); n > 2 && w[n-1] == 'y' && !isVowel(w, n-2) {
		return w[:n-1] + "i"
	}
	return w
}

func withoutFinalE(w string) string {
	stem, ok := strings.CutSuffix(w, "e")
	if !ok {
		return w
	}
	one := regionOne(w)
	if regionAfter(w, one) < len(w) || one < len(w) && !endsInShortSyllable(stem) {
		return stem
	}
	return w
}

// regionOne is where the part after the first consonant that follows a vowel begins.
func regionOne(w string) int { return regionAfter(w, 0) }

func regionAfter(w string, from int) int {
	for i := from + 1; i < len(w); i++ {
		if isVowel(w, i-1) && !isVowel(w, i) {
			return i + 1
		}
	}
	return len(w)
}

func hasVowel(w string) bool {
	for i := range len(w) {
		if isVowel(w, i) {
			return true
		}
	}
	return false
}

// isVowel takes y for a consonant at the beginning and after a vowel.
func isVowel(w string, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	case 'y':
		return i > 0 && !isVowel(w, i-1)
	default:
		return false
	}
}

func endsInDouble(w string) bool {
	n := len(w)
	return n > 1 && w[n-1] == w[n-2] && strings.IndexByte("bdfgmnprt", w[n-1]) >= 0
}

func endsInShortSyllable(w string) bool {
	n := len(w)
	if n == 2 {
		return isVowel(w, 0) && !isVowel(w, 1)
	}
	return n > 2 && !isVowel(w, n-3) && isVowel(w, n-2) && !isVowel(w, n-1) && strings.IndexByte("wxy", w[n-1]) < 0
}
