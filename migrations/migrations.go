// Package migrations holds the schema as numbered SQL files, one folder for each database: the same names in both, and
// the same tables and columns from each. They only go forward. It does not know how they are run: the store does that.
package migrations

import "embed"

// FS holds the folders sqlite and postgres.
//
//go:embed sqlite/*.sql postgres/*.sql
var FS embed.FS
