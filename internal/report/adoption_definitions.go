package report

import (
	"fmt"

	"collateral/internal/collateral"
	"collateral/internal/usage"
)

// adoptionDefinitions are those of the report on adoption, in the order in which they build upon each other.
func adoptionDefinitions(days int) []usage.Definition {
	return []usage.Definition{
		{Term: "window", Text: fmt.Sprintf("The day of as_of and the %d days before it, whole days in UTC. The period before has as many days and ends the day before.", days)},
		{Term: "new", Text: "Pieces published at as_of that were published here for the first time in the window. A new version of an older piece is not new."},
		{Term: "used", Text: "New pieces that a qualifying person shared or presented by as_of."},
		{Term: "without", Text: "New pieces that nobody in the field shared or presented yet, however young they are."},
		{Term: "median", Text: "Days from the first publication to the first use that half of the used pieces did not exceed: of all in ascending order, the one whose rank is half their number, rounded up. 0 is the same day. Pieces without a use are not in it."},
		{Term: "p90", Text: "The days that nine in ten of them did not exceed, found the same way."},
		{Term: "qualifying", Text: "By a person who held the rep role at that time and neither owns the piece nor contributed to or signed any version of it."},
		{Term: "reps", Text: "Active people with the rep role at as_of, by the team they belong to now. No filter by stage, type or owner bears on them."},
		{Term: "active", Text: "Of these, who opened, downloaded, shared or presented any piece in the window, as a qualifying person. " + collateral.FewPeople},
		{Term: "teams", Text: fmt.Sprintf("Through how many teams a piece spread: teams of at least %d reps in which somebody shared or presented it in the window. Which teams is not told. Uses of people who are forgotten are in no team.", collateral.MinPeople)},
	}
}
