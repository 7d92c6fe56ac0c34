package machines

import "fmt"

// Kept is what is stored of a visit, from which it can be judged again.
type Kept struct {
	Request Request // as Rules.Keep returned it
	Conduct Conduct
	Verdict Verdict
	Rules   string // version of the rules that gave the verdict
}

// Rejudged tells what other rules change in visits that were judged before.
type Rejudged struct {
	Rules   string // version of the rules that judged now
	Visits  int    // all that were judged
	Changes []Change
	In      int // visits that count now, and did not
	Out     int // visits that counted, and do not now
}

// Change is a visit whose verdict changed, if only its reason.
type Change struct {
	At   int // place of the visit among those that were given
	From Verdict
	To   Verdict
}

// Rejudge judges visits again. It changes nothing; who writes the changes down writes the note beside them.
func (r *Rules) Rejudge(visits []Kept) Rejudged {
	done := Rejudged{Rules: r.version, Visits: len(visits)}
	for at, v := range visits {
		now := r.Judge(v.Request, v.Conduct)
		if now == v.Verdict {
			continue
		}
		done.Changes = append(done.Changes, Change{At: at, From: v.Verdict, To: now})
		switch {
		case now.Person && !v.Verdict.Person:
			done.In++
		case !now.Person && v.Verdict.Person:
			done.Out++
		}
	}
	return done
}

// Note says for the readers of figures what changed and why.
func (d Rejudged) Note() string {
	return fmt.Sprintf("Visits were judged again by rules %s: of %d, %d count now that did not, and %d no longer count.", d.Rules, d.Visits, d.In, d.Out)
}
