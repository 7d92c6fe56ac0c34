package privacy

import (
	"time"

	"collateral/internal/collateral"
	"collateral/internal/sharing"
	"collateral/internal/usage"
)

// Terms is what a page says of this registry, so that people know what is recorded of them.
type Terms struct {
	Company   string // empty when nobody said
	Contact   string // empty when nobody said
	UseDays   int    // how long uses and searches are kept with the person
	LinkDays  int    // how long visits of links are kept, and links after their end
	Mails     bool   // notices are mailed
	MinPeople int    // how many people are behind a figure about people
}

// Terms returns what holds here.
func (p *Privacy) Terms() Terms {
	return Terms{
		Company: p.Company, Contact: p.Contact, UseDays: days(usage.MaxAge), LinkDays: days(sharing.Retention),
		Mails: p.Mails, MinPeople: collateral.MinPeople,
	}
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }
