package machines_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"collateral/internal/machines"
)

// visit is a line of testdata/visits.tsv.
type visit struct {
	line    int
	person  bool
	request machines.Request
	conduct machines.Conduct
}

// TestVisitsAreToldApart judges each visit of the data file as it stands at its end. What is not counted as a person's is
// out, named a machine or not.
func TestVisitsAreToldApart(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	var machinesSeen, machinesOut, machinesNamed, people, peopleOut int
	for _, v := range readVisits(t) {
		got := rules.Judge(v.request, v.conduct)
		switch {
		case v.person:
			people++
			if !got.Person {
				peopleOut++
				t.Logf("line %d: a person is out: %+v", v.line, got)
			}
		default:
			machinesSeen++
			if got.Machine {
				machinesNamed++
			}
			if got.Person {
				t.Logf("line %d: a machine is in: %+v", v.line, got)
			} else {
				machinesOut++
			}
		}
	}
	t.Logf("machines out: %d of %d, %.1f %% (%d named)", machinesOut, machinesSeen, percent(machinesOut, machinesSeen), machinesNamed)
	t.Logf("people out: %d of %d, %.1f %%", peopleOut, people, percent(peopleOut, people))
	if machinesSeen < 80 || people < 80 {
		t.Errorf("got %d machines and %d people, want 80 of each or more", machinesSeen, people)
	}
	if percent(machinesOut, machinesSeen) < 99 {
		t.Errorf("got %.1f %% of machines out, want 99 or more", percent(machinesOut, machinesSeen))
	}
	if percent(peopleOut, people) > 1 {
		t.Errorf("got %.1f %% of people out, want 1 at most", percent(peopleOut, people))
	}
}

// TestNobodyIsAPersonAtFirst: a request alone never counts.
func TestNobodyIsAPersonAtFirst(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	for _, v := range readVisits(t) {
		if got := rules.Judge(v.request, machines.Conduct{}); got.Person {
			t.Errorf("line %d at the first request: got %+v, want no person yet", v.line, got)
		}
	}
}

func TestEveryRuleDecidesAVisit(t *testing.T) {
	t.Parallel()
	rules := standard(t)
	used := make(map[string]bool)
	for _, v := range readVisits(t) {
		used[rules.Judge(v.request, machines.Conduct{}).Rule] = true
		used[rules.Judge(v.request, v.conduct).Rule] = true
	}
	for _, id := range rules.IDs() {
		if !used[id] {
			t.Errorf("rule %s decides no line of testdata/visits.tsv: give it one, or take it out", id)
		}
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

func readVisits(t testing.TB) []visit {
	t.Helper()
	data, err := os.ReadFile("testdata/visits.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []visit
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if line = strings.TrimRight(line, "\n"); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := readVisit(line)
		if err != nil {
			t.Fatalf("testdata/visits.tsv, line %d: %v", n, err)
		}
		v.line = n
		all = append(all, v)
	}
	return all
}

func readVisit(line string) (visit, error) {
	fields := strings.Split(line, "\t")
	if len(fields) != 3 || !slices.Contains([]string{"person", "machine"}, fields[0]) {
		return visit{}, fmt.Errorf("got %q, want person or machine, what is known, and an agent", line)
	}
	v := visit{
		person:  fields[0] == "person",
		request: machines.Request{Method: "GET", Agent: fields[2], Secure: true, Since: time.Hour},
		conduct: machines.Conduct{Ended: true},
	}
	for word := range strings.FieldsSeq(fields[1]) {
		if err := v.learn(word); err != nil {
			return visit{}, fmt.Errorf("%s: %w", word, err)
		}
	}
	return v, nil
}

// learn takes one word of what is known.
func (v *visit) learn(word string) (err error) {
	q, c := &v.request, &v.conduct
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "browser": // what a browser of today sends by https
		q.Language, q.HTML, q.Mode = true, true, "navigate"
	case "plain": // what a browser sends by http, and older ones by https
		q.Language, q.HTML = true, true
	case "lang":
		q.Language = true
	case "html":
		q.HTML = true
	case "mode":
		q.Mode = value
	case "http":
		q.Secure = false
	case "purpose":
		q.Purpose = value
	case "HEAD", "OPTIONS":
		q.Method = name
	case "since":
		q.Since, err = time.ParseDuration(value)
	case "others":
		q.Others, err = strconv.Atoi(value)
	case "res":
		c.Resources = true
	case "cookie":
		c.Cookie = true
	case "beats":
		c.Beats, err = strconv.Atoi(value)
	case "visible":
		c.Visible, err = time.ParseDuration(value)
	case "lasted":
		c.Lasted, err = time.ParseDuration(value)
	case "inputs":
		c.Inputs, err = strconv.Atoi(value)
	case "passed":
		c.Passed = true
	case "download":
		c.Download = true
	case "open":
		c.Ended = false
	default:
		err = fmt.Errorf("there is no such word")
	}
	return err
}
