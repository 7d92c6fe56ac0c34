package cli

import "testing"

func TestFirstAdminCanBeTyped(t *testing.T) {
	t.Parallel()
	const rest = " user add you@example.com --name 'Your Name' --role admin --password-stdin --data "
	tests := []struct {
		name     string
		data     string
		database string // empty for the default
		want     string
	}{
		{"collateral", "data", "", "collateral" + rest + "data"},
		{"./bin/collateral", "/srv/it's data", "", "./bin/collateral" + rest + `'/srv/it'\''s data'`},
		{"/tmp/go-build123/b001/exe/collateral", "data", "", "go run ." + rest + "data"},
		{"collateral", "data", "/srv/a.db", "collateral" + rest + "data --database-url /srv/a.db"},
		{"collateral", "data", "postgres://ada:hidden@host/registry", "collateral" + rest + `data --database-url "$DATABASE_URL"`},
	}
	for _, test := range tests {
		cfg := Defaults(test.data)
		if test.database != "" {
			cfg.DatabaseURL = test.database
		}
		if got := firstAdmin(test.name, cfg); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}
