package cli

import (
	"time"

	"collateral/internal/machines"
	"collateral/internal/sharing"
)

// newJudge tells by the rules of the program whether a visit is a machine's when it begins, as far as that can be told then.
func newJudge(now func() time.Time) (func(sharing.Evidence) sharing.Verdict, error) {
	rules, err := machines.Default()
	if err != nil {
		return nil, err
	}
	var lately burst
	return func(e sharing.Evidence) sharing.Verdict {
		q := machines.Read(e.Method, func(name string) string {
			if e.Header == nil {
				return ""
			}
			return e.Header(name)
		})
		q.Agent, q.Secure = e.UserAgent, e.Header != nil && e.Header("X-Forwarded-Proto") == "https"
		q.Since = now().Sub(e.Link.CreatedAt)
		q.Others = lately.others(now(), e.Address, e.Link.ID)
		verdict, kept := rules.Judge(q, machines.Conduct{}), rules.Keep(q)
		return sharing.Verdict{Machine: verdict.Machine, Why: string(verdict.Why), Agent: kept.Agent}
	}, nil
}
