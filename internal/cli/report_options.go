package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

// reportOptions are the flags that reports have in common.
type reportOptions struct {
	format string
	window int
	asOf   string
	stages []string
	types  []string
	owners []string
}

func (o *reportOptions) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "format", "table", "`FORMAT` of the report: table, csv (its rows) or json (everything)")
	flags.IntVar(&o.window, "window", usage.DefaultWindow, "how many `DAYS` to look back")
	flags.StringVar(&o.asOf, "as-of", "", "last `DAY` of the window, or a time in it (default now)")
}

func (o *reportOptions) addFilters(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.stages, "stage", nil, "only pieces signed for this `STAGE`: its key; may be repeated")
	flags.StringSliceVar(&o.types, "type", nil, "only pieces of this `TYPE`; may be repeated")
	flags.StringSliceVar(&o.owners, "owner", nil, "only pieces of this `PERSON`: the e-mail address or id; may be repeated")
}

func (o *reportOptions) query(ctx context.Context, s *store.Store) (usage.UnusedQuery, error) {
	q := usage.UnusedQuery{Window: o.window, Stages: o.stages, Types: o.types}
	if q.Window == 0 {
		return q, usageError(fmt.Sprintf("--window: use 1 to %d days.", usage.MaxWindow))
	}
	var err error
	if o.asOf != "" {
		if q.AsOf, err = usage.ParseAsOf(o.asOf); err != nil {
			return q, err
		}
	}
	for _, person := range o.owners {
		id, err := personID(ctx, s, person)
		if err != nil {
			return q, err
		}
		q.Owners = append(q.Owners, id)
	}
	return q, nil
}

// withUsage runs f on the database that the settings name.
func withUsage(cmd *cobra.Command, p Process, settings []setting, f func(context.Context, *store.Store, *usage.Usage) error) error {
	cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
	if err != nil {
		return err
	}
	return withStore(cmd.Context(), cfg, func(s *store.Store) error {
		uses := usage.New(s)
		if err := f(cmd.Context(), s, uses); err != nil {
			return err
		}
		return uses.Close(cmd.Context())
	})
}

// writerOf returns how a report is written in a format. The answer is what the API answers.
func writerOf[R, A any](format string, table, csv func(io.Writer, R) error, answer func(R) A) (func(io.Writer, R) error, error) {
	switch format {
	case "table":
		return table, nil
	case "csv":
		return csv, nil
	case "json":
		return func(w io.Writer, r R) error {
			out := json.NewEncoder(w)
			out.SetIndent("", "  ")
			out.SetEscapeHTML(false)
			return out.Encode(answer(r))
		}, nil
	}
	return nil, usageError(fmt.Sprintf("--format: %q is not a format of the report: use table, csv or json.", format))
}

// operator is who acts on the command line: whoever can read the database may see everything.
func operator() collateral.Actor { return collateral.Actor{Roles: []collateral.Role{collateral.Admin}} }

// personID finds a person by id or e-mail address.
func personID(ctx context.Context, s *store.Store, person string) (uuid.UUID, error) {
	if id, err := uuid.Parse(person); err == nil {
		return id, nil
	}
	found, err := s.CredentialsOf(ctx, collateral.NormalEmail(person))
	if collateral.KindOf(err) == collateral.NotFound {
		return uuid.Nil, fmt.Errorf("nobody has the e-mail address %q", person)
	}
	return found.UserID, err
}
