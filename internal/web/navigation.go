package web

import (
	"strings"

	"collateral/internal/collateral"
)

// area is a part of the site in the navigation.
type area struct {
	Name    string
	Path    string
	Here    bool
	Count   int // of what waits there; 0 shows nothing
	CountOf string
}

// The areas of the site, for page.Area.
const (
	areaFind    = "find"
	areaShelf   = "shelf"
	areaWork    = "work"
	areaReviews = "reviews"
	areaReports = "reports"
	areaAdmin   = "admin"
)

// navigation is the areas in their order, and for whom each is.
var navigation = []struct {
	key, name, path string
	who             []collateral.Role // none means everybody
}{
	{areaFind, "Find", "/", nil},
	{areaReviews, "Sign off", "/reviews", []collateral.Role{collateral.Approver}},
	{areaWork, "My pieces", "/work", makers()},
	{areaReports, "Reports", "/reports", []collateral.Role{collateral.Leader, collateral.Admin, collateral.Marketer}},
	{areaShelf, "My shelf", "/favourites", nil},
	{areaAdmin, "Admin", "/admin", keepers()},
}

// makers are those who have pieces of their own.
func makers() []collateral.Role {
	return []collateral.Role{collateral.Marketer, collateral.Rep, collateral.Admin}
}

// Areas returns the areas that the reader has a use for.
func (p page) Areas() []area {
	var areas []area
	for _, n := range navigation {
		if len(n.who) > 0 && !p.Actor.Is(n.who...) {
			continue
		}
		a := area{Name: n.name, Path: n.path, Here: n.key == p.Area}
		switch n.key {
		case areaReviews:
			a.Count, a.CountOf = p.Waiting, "waiting for you"
		case areaWork:
			a.Count, a.CountOf = p.Undone, "in need of you"
		}
		areas = append(areas, a)
	}
	return areas
}

// RoleNames lists the reader's roles.
func (p page) RoleNames() string {
	names := make([]string, len(p.Actor.Roles))
	for i, r := range p.Actor.Roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
