package report

import (
	"fmt"

	"collateral/internal/usage"
)

// reviewDefinitions are those of the report on sign-off, in the order in which they build upon each other.
func reviewDefinitions(days int) []usage.Definition {
	return []usage.Definition{
		{Term: "window", Text: fmt.Sprintf("The day of as_of and the %d days before it, whole days in UTC. The period before has as many days and ends the day before.", days)},
		{Term: "decided", Text: "Versions that Sales signed, sent back for changes or rejected in the window. A version is decided on once."},
		{Term: "took", Text: "From the last submission of the version to the decision, nights and weekends included; of what waits, up to as_of."},
		{Term: "median", Text: "The time that half of the decisions did not exceed: of all times in ascending order, the one whose rank is half their number, rounded up. It is one of them. None is told when nothing was decided."},
		{Term: "p90", Text: "The time that nine in ten decisions did not exceed, found the same way."},
		{Term: "first_decided", Text: "Decisions on what was new: the first one on a piece, and the first one after a version of it was signed."},
		{Term: "first_share", Text: "Signed at first try: of these, the share that were signatures."},
		{Term: "sent_back", Text: "Decisions that asked for changes or rejected the version; the comment says why."},
		{Term: "waiting", Text: "Versions that were submitted by as_of and not decided then, where no newer version was made by then."},
		{Term: "approvers", Text: "Who can sign what waits: active people with the approver role at as_of who had no hand in the version. A version counts under each of them. How fast a single one decides is told nowhere."},
		{Term: "unsignable", Text: "Versions that wait while nobody can sign them."},
		{Term: "past_review", Text: "Pieces published at as_of whose review date is before its day."},
		{Term: "expiring", Text: fmt.Sprintf("Pieces published at as_of whose review date is on its day or within %d days after.", ExpiresDays)},
		{Term: "owner_gone", Text: "Pieces published at as_of whose owner was deactivated then."},
		{Term: "past_days", Text: "Of an earlier day, these are not known any more: review dates, owners, co-authors, titles and types, which are those of today; and versions that waited then and were taken back since, which are missing."},
	}
}
