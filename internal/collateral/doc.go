// Package collateral says what things are: assets and their versions, buying stages, reviews, approvals,
// publications, people and uses; the rules between them; and the kinds of refusal. Everything here is a value or a
// rule on values. The package knows no database, no HTTP, no clock and no file: use cases load values, ask the rule
// and store what it says.
package collateral
