package machines

import (
	"crypto/sha256"
	_ "embed" // the rules
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

//go:embed rules.txt
var rulesFile string

// method is the number of the way in which Judge reads the rules. It is raised when a change of this package, not of the
// data file, changes verdicts.
const method = "1"

// Rules is a data file, ready to judge by. It may be used by several goroutines.
type Rules struct {
	version  string
	rules    []rule // in the order of the file
	spared   map[string]bool
	always   matcher // machines whatever they do
	presumed matcher // machines until they show otherwise
	shown    matcher // what shows a person
}

// rule is a line of the data file.
type rule struct {
	id  string
	why Why
}

// Default returns the rules that come with the program.
func Default() (*Rules, error) {
	r, err := Parse(rulesFile)
	if err != nil {
		return nil, fmt.Errorf("reading the rules that tell machines from people: %w", err)
	}
	return r, nil
}

// Version names the rules and the way they are read: verdicts of one version can be compared, those of two cannot.
func (r *Rules) Version() string { return r.version }

// IDs returns the ids of all rules in the order of the file.
func (r *Rules) IDs() []string {
	ids := make([]string, len(r.rules))
	for i := range r.rules {
		ids[i] = r.rules[i].id
	}
	return ids
}

// Parse reads a data file; rules.txt describes its form. An error names the line.
func Parse(text string) (*Rules, error) {
	sum := sha256.Sum256([]byte(text))
	r := &Rules{version: method + "-" + hex.EncodeToString(sum[:6]), spared: make(map[string]bool)}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.add(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return r, nil
}

func (r *Rules) add(line string) error {
	fields := strings.Fields(line)
	if len(fields) < 5 {
		return fmt.Errorf("a rule has an effect, an id, a reason, a kind and what it looks for")
	}
	effect, id, why, kind := fields[0], fields[1], Why(fields[2]), fields[3]
	if effect == "spare" {
		for _, w := range fields[4:] {
			r.spared[w] = true
		}
		return nil
	}
	if slices.Contains(r.IDs(), id) {
		return fmt.Errorf("rule %s is there already", id)
	}
	into, whys := r.side(effect)
	if into == nil {
		return fmt.Errorf("rule %s: there is no effect %q", id, effect)
	}
	if !slices.Contains(whys, why) {
		return fmt.Errorf("rule %s: %q is no reason for %q", id, why, effect)
	}
	if err := into.add(len(r.rules), kind, fields[4:]); err != nil {
		return fmt.Errorf("rule %s: %w", id, err)
	}
	r.rules = append(r.rules, rule{id: id, why: why})
	return nil
}

// side returns where rules of an effect are kept, and the reasons they may have.
func (r *Rules) side(effect string) (*matcher, []Why) {
	people := slices.Index(Whys(), Attended)
	switch effect {
	case "always":
		return &r.always, Whys()[:people]
	case "presume":
		return &r.presumed, Whys()[:people]
	case "person":
		return &r.shown, Whys()[people : len(Whys())-1]
	}
	return nil, nil
}
