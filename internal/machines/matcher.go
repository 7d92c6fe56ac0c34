package machines

import (
	"fmt"
	"math"
	"strings"
)

// matcher finds the first of its rules that fits. Rules are known by their places in the file.
type matcher struct {
	words    map[string]int // whole words of the agent
	endings  []text         // ends of words of the agent
	starts   []text         // beginnings of the agent
	phrases  []text         // anywhere in the agent
	wholes   map[string]int // the agent
	methods  map[string]int
	purposes []text
	whens    []when
}

type text struct {
	rule int
	text string
}

type when struct {
	rule       int
	conditions []condition
}

// none is the place of no rule: after all others.
const none = math.MaxInt

func (m *matcher) add(rule int, kind string, what []string) error {
	switch kind {
	case "word":
		m.words = addWords(m.words, rule, what)
	case "method":
		m.methods = addWords(m.methods, rule, what)
	case "ending":
		m.endings = addTexts(m.endings, rule, what)
	case "purpose":
		m.purposes = addTexts(m.purposes, rule, what)
	case "start":
		m.starts = addTexts(m.starts, rule, alternatives(what))
	case "phrase":
		m.phrases = addTexts(m.phrases, rule, alternatives(what))
	case "whole":
		m.wholes = addWords(m.wholes, rule, alternatives(what))
	case "when":
		conditions, err := parseConditions(strings.Join(what, " "))
		if err != nil {
			return err
		}
		m.whens = append(m.whens, when{rule: rule, conditions: conditions})
	default:
		return fmt.Errorf("there is no kind %q", kind)
	}
	return nil
}

// alternatives takes apart what may hold spaces, at the bars between.
func alternatives(fields []string) []string {
	return strings.Split(strings.Join(fields, " "), " | ")
}

func addWords(to map[string]int, rule int, words []string) map[string]int {
	if to == nil {
		to = make(map[string]int)
	}
	for _, w := range words {
		if _, ok := to[w]; !ok {
			to[w] = rule
		}
	}
	return to
}

func addTexts(to []text, rule int, texts []string) []text {
	for _, t := range texts {
		to = append(to, text{rule: rule, text: t})
	}
	return to
}

// first returns the place of the first rule that fits, or none.
func (m *matcher) first(o *observed, spared map[string]bool) int {
	best := min(place(m.methods, strings.ToLower(o.Method)), place(m.wholes, o.agent))
	best = m.firstWord(o.agent, best)
	best = m.firstEnding(o.agent, spared, best)
	best = firstText(m.starts, o.agent, strings.HasPrefix, best)
	best = firstText(m.phrases, o.agent, strings.Contains, best)
	best = firstText(m.purposes, o.Purpose, strings.Contains, best)
	for _, w := range m.whens {
		if w.rule < best && w.holds(o) {
			best = w.rule
		}
	}
	return best
}

func (m *matcher) firstWord(agent string, best int) int {
	if len(m.words) == 0 {
		return best
	}
	for word, rest := wordOf(agent, true); word != ""; word, rest = wordOf(rest, true) {
		best = min(best, place(m.words, word))
	}
	return best
}

func (m *matcher) firstEnding(agent string, spared map[string]bool, best int) int {
	if len(m.endings) == 0 {
		return best
	}
	for word, rest := wordOf(agent, false); word != ""; word, rest = wordOf(rest, false) {
		if !spared[word] {
			best = firstText(m.endings, word, strings.HasSuffix, best)
		}
	}
	return best
}

func firstText(texts []text, in string, fits func(s, part string) bool, best int) int {
	for _, t := range texts {
		if t.rule < best && fits(in, t.text) {
			best = t.rule
		}
	}
	return best
}

func (w when) holds(o *observed) bool {
	for _, c := range w.conditions {
		if !c.holds(o) {
			return false
		}
	}
	return true
}

func place(in map[string]int, key string) int {
	if p, ok := in[key]; ok {
		return p
	}
	return none
}
