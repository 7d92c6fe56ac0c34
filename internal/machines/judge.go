package machines

import "strings"

// Judge tells what the facts known so far amount to. It is asked at the first request, with no conduct, and again with
// each heartbeat and when the visit has ended. What calls itself a machine is one whatever it does; what only behaves
// like one, or cannot be told, becomes a person by what persons alone do.
func (r *Rules) Judge(q Request, c Conduct) Verdict {
	o := observe(q, c)
	if at := r.always.first(&o, r.spared); at != none {
		return Verdict{Machine: true, Why: r.rules[at].why, Rule: r.rules[at].id}
	}
	// What is presumed rests on what is kept, so that judging again says the same.
	o.agent = strings.ToLower(reduce(o.Agent))
	presumed := r.presumed.first(&o, r.spared)
	o.suspected = presumed != none
	if at := r.shown.first(&o, r.spared); at != none {
		return Verdict{Person: true, Why: r.rules[at].why, Rule: r.rules[at].id}
	}
	if o.suspected {
		return Verdict{Machine: true, Why: r.rules[presumed].why, Rule: r.rules[presumed].id}
	}
	return Verdict{Why: Unconfirmed}
}
