package store

import (
	"strings"

	"collateral/internal/collateral"
)

// engineFor reads the address of a database.
func engineFor(databaseURL string, limits Limits) (engine, error) {
	if strings.HasPrefix(databaseURL, "postgres://") || strings.HasPrefix(databaseURL, "postgresql://") {
		return postgresEngine{url: databaseURL, limits: limits}, nil
	}
	path := databaseURL
	for _, scheme := range []string{"sqlite:", "file:"} {
		if rest, ok := strings.CutPrefix(path, scheme); ok {
			path = rest
			if after, ok := strings.CutPrefix(path, "//"); ok {
				path = after
			}
			break
		}
	}
	if path == "" || strings.HasPrefix(path, ":memory:") || strings.Contains(path, "://") {
		return nil, collateral.Errorf(collateral.Invalid,
			"The database address must be the path of a file or begin with postgres://; it is %q.", databaseURL)
	}
	return sqliteEngine{path: path}, nil
}
