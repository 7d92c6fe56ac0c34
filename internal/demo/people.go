package demo

import (
	"context"
	"fmt"

	"collateral/internal/access"
	"collateral/internal/collateral"
)

// Company is the name of the company.
const Company = "Marrowby"

// Password is that of every account of the demo.
const Password = "marrowby-demo"

// firstDay is how many days ago the people came.
const firstDay = 185

// person has an account. The key is the part of the address before the @, and what pieces/ calls the person.
type person struct {
	key   string
	name  string
	role  collateral.Role
	team  string
	pace  float64 // of a rep: visits to the registry on a day
	guest bool    // one of the accounts that are printed to look around with
}

// people begin with the admin, who makes the others' accounts.
var people = []person{
	{key: "admin", name: "Ansel Korrigan", role: collateral.Admin, team: "Operations", guest: true},
	{key: "leader", name: "Perpetua Lindgard", role: collateral.Leader, team: "Sales leadership", guest: true},
	{key: "marketer", name: "Imke Sandvoort", role: collateral.Marketer, team: "Product marketing", guest: true},
	{key: "tobias", name: "Tobias Quarn", role: collateral.Marketer, team: "Product marketing"},
	{key: "lucille", name: "Lucille Prendry", role: collateral.Marketer, team: "Customer stories"},
	{key: "devika", name: "Devika Rollands", role: collateral.Marketer, team: "Campaigns"},
	{key: "approver", name: "Marcus Odenwall", role: collateral.Approver, team: "Sales excellence", guest: true},
	{key: "sunniva", name: "Sunniva Brack", role: collateral.Approver, team: "Sales excellence"},
	{key: "jonah", name: "Jonah Telfer", role: collateral.Approver, team: "Solution consulting"},

	{key: "rep", name: "Nadia Ferrow", role: collateral.Rep, team: "Mid-market North", guest: true, pace: 0.7},
	{key: "arvid", name: "Arvid Stenlock", role: collateral.Rep, team: "Mid-market North", pace: 0.35},
	{key: "bea", name: "Bea Culshaw", role: collateral.Rep, team: "Mid-market North", pace: 0.3},
	{key: "caspian", name: "Caspian Wroe", role: collateral.Rep, team: "Mid-market North", pace: 0.1},
	{key: "dilys", name: "Dilys Tranmere", role: collateral.Rep, team: "Mid-market North", pace: 0.25},
	{key: "edmund", name: "Edmund Pyke", role: collateral.Rep, team: "Mid-market North", pace: 0.05},
	{key: "farah", name: "Farah Lindell", role: collateral.Rep, team: "Mid-market North", pace: 0.2},
	{key: "gideon", name: "Gideon Marsh-Hale", role: collateral.Rep, team: "Mid-market South", pace: 0.6},
	{key: "hanne", name: "Hanne Overby", role: collateral.Rep, team: "Mid-market South", pace: 0.3},
	{key: "ivo", name: "Ivo Castellane", role: collateral.Rep, team: "Mid-market South", pace: 0.2},
	{key: "juno", name: "Juno Abery", role: collateral.Rep, team: "Mid-market South", pace: 0.25},
	{key: "kasimir", name: "Kasimir Dole", role: collateral.Rep, team: "Mid-market South", pace: 0.05},
	{key: "lettie", name: "Lettie Orchard", role: collateral.Rep, team: "Mid-market South", pace: 0.15},
	{key: "milan", name: "Milan Threlkeld", role: collateral.Rep, team: "Enterprise", pace: 0.8},
	{key: "noor", name: "Noor Vanterpool", role: collateral.Rep, team: "Enterprise", pace: 0.4},
	{key: "oswin", name: "Oswin Berrington", role: collateral.Rep, team: "Enterprise", pace: 0.25},
	{key: "petra", name: "Petra Halvik", role: collateral.Rep, team: "Enterprise", pace: 0.2},
	{key: "quentin", name: "Quentin Farr", role: collateral.Rep, team: "Enterprise", pace: 0.1},
	{key: "rosalind", name: "Rosalind Ketteridge", role: collateral.Rep, team: "Enterprise", pace: 0.02},
	{key: "silke", name: "Silke Ambacher", role: collateral.Rep, team: "Central Europe", pace: 0.5},
	{key: "thibault", name: "Thibault Maurienne", role: collateral.Rep, team: "Central Europe", pace: 0.35},
	{key: "ursina", name: "Ursina Feldbach", role: collateral.Rep, team: "Central Europe", pace: 0.2},
	{key: "valentin", name: "Valentin Groenmark", role: collateral.Rep, team: "Central Europe", pace: 0.15},
	{key: "wiebke", name: "Wiebke Torsten", role: collateral.Rep, team: "Central Europe", pace: 0.1},
	{key: "yannick", name: "Yannick Delorme", role: collateral.Rep, team: "Central Europe", pace: 0.02},
}

func (p person) account() collateral.NewUser {
	return collateral.NewUser{Email: p.key + "@marrowby.example", Name: p.name, Team: p.team, Roles: []collateral.Role{p.role}}
}

// SignIns returns one account of each role, in the order of roles.
func SignIns() []collateral.NewUser {
	var all []collateral.NewUser
	for _, role := range collateral.Roles() {
		for _, p := range people {
			if p.guest && p.role == role {
				all = append(all, p.account())
			}
		}
	}
	return all
}

// reps returns those who sell.
func reps() []person {
	var all []person
	for _, p := range people {
		if p.role == collateral.Rep {
			all = append(all, p)
		}
	}
	return all
}

// hire makes the accounts. Their password is printed for everybody, so it is hashed for speed.
func (c *company) hire(ctx context.Context) error {
	c.clock.set(c.workday(firstDay))
	desk := access.New(c.registry.Store)
	desk.Cost = access.Cost{Memory: 1024, Passes: 1}
	var admin *collateral.Actor
	for _, p := range people {
		user, _, err := desk.CreateUser(ctx, admin, p.account(), Password)
		if err != nil {
			return fmt.Errorf("making the account of %s: %w", p.name, err)
		}
		actor := collateral.Actor{UserID: user.ID, Roles: user.Roles}
		c.staff[p.key] = actor
		if admin == nil {
			admin = &actor
		}
	}
	return nil
}
