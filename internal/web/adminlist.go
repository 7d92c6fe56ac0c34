package web

import (
	"net/url"
	"time"

	"collateral/internal/collateral"
)

// linesPerPage is how many lines a list of the admin's pages has.
const linesPerPage = 50

// nextPage is the address of the next page of a list that was asked for with the query; empty at the end.
func nextPage(path string, query url.Values, cursor string) string {
	if cursor == "" {
		return ""
	}
	next := url.Values{"cursor": {cursor}}
	for name, values := range query {
		if name != "cursor" {
			next[name] = values
		}
	}
	return path + "?" + next.Encode()
}

// endOfDay is the moment at which a day, YYYY-MM-DD, is over in a zone.
func endOfDay(day string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, zone)
	return t.AddDate(0, 0, 1), err
}

// rolesOf reads the boxes of roles that were ticked. The result is never nil: no box means no role.
func rolesOf(ticked []string) []collateral.Role {
	roles := make([]collateral.Role, len(ticked))
	for i, name := range ticked {
		roles[i] = collateral.Role(name)
	}
	return roles
}

// roleNames writes roles for the boxes of a form.
func roleNames(roles []collateral.Role) []string {
	all := make([]string, len(roles))
	for i, r := range roles {
		all[i] = string(r)
	}
	return all
}
