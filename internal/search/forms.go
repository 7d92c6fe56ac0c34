package search

import "strings"

// Forms returns the inflections of a folded term that people write, with the term itself first: what has the same Stem. It
// is for engines that compare whole words only. There may be more such words than it knows, and some of those that it
// knows are no English; a reader who types none of them misses nothing. A term that Stem leaves as it is has no other form.
func Forms(term string) []string {
	forms := []string{term}
	stem := Stem(term)
	if !inflects(term) {
		return forms
	}
	known := map[string]bool{term: true}
	for _, form := range spellings(term, stem) {
		if !known[form] && Stem(form) == stem {
			known[form] = true
			forms = append(forms, form)
		}
	}
	return forms
}

// inflects tells the words that Stem looks into.
func inflects(term string) bool {
	if len(term) < 3 {
		return false
	}
	return strings.IndexFunc(term, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// spellings writes endings behind a stem. Where the term does not tell, the word may have been one with an e at its end or
// one without: services is service, and boxes is box.
func spellings(term, stem string) []string {
	last := len(stem) - 1
	before := stem[:last]
	switch {
	case stem[last] == 'i':
		return []string{stem, stem + "s", before + "y", before + "ying", stem + "es", stem + "ed"}
	case stem[last] == 'e':
		return []string{stem, before + "es", before + "ed", before + "ing"}
	case term == stem+"e":
		return []string{stem + "es", stem + "ed", stem + "ing"}
	}
	all := []string{stem, stem + "s", stem + "es", stem + "ed", stem + "ing"}
	if term != stem && term != stem+"s" {
		all = append(all, stem+"e")
	}
	if doubles(stem) {
		twice := stem + stem[last:]
		all = append(all, twice+"ed", twice+"ing")
	}
	return all
}

// doubles tells the stems that may double their last letter: those that end in one vowel and one consonant.
func doubles(stem string) bool {
	n := len(stem)
	return n > 2 && strings.IndexByte("bdgmnprt", stem[n-1]) >= 0 && isVowel(stem, n-2) && !isVowel(stem, n-3)
}
