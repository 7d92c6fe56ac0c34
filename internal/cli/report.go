package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"collateral/api"
	"collateral/internal/collateral"
	"collateral/internal/store"
	"collateral/internal/usage"
)

func newReport(p Process) *cobra.Command {
	return group(&cobra.Command{Use: "report", Short: "What the registry knows, in figures"}, newReportUnused(p))
}

// unusedOptions are the report's own flags.
type unusedOptions struct {
	format string
	asOf   string
	owners []string
	query  usage.UnusedQuery
}

func newReportUnused(p Process) *cobra.Command {
	var o unusedOptions
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "unused",
		Short: "Which published pieces the field does not use",
		Long: `Which published pieces the field does not use. Strictly, a piece is unused when nobody in the field shared or
presented it in the window; leniently, when nobody even opened it. With --format json all definitions are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := unusedWriter(o.format)
			if err != nil {
				return err
			}
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error {
				report, err := o.report(cmd.Context(), s)
				if err != nil {
					return err
				}
				return write(p.Stdout, report)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", "table", "`FORMAT` of the report: table, csv (the pieces) or json (everything)")
	flags.IntVar(&o.query.Window, "window", usage.DefaultWindow, "how many `DAYS` to look back")
	flags.StringVar(&o.asOf, "as-of", "", "last `DAY` of the window, or a time in it (default now)")
	flags.StringSliceVar(&o.query.Stages, "stage", nil, "only pieces signed for this `STAGE`: its key; may be repeated")
	flags.StringSliceVar(&o.query.Types, "type", nil, "only pieces of this `TYPE`; may be repeated")
	flags.StringSliceVar(&o.owners, "owner", nil, "only pieces of this `PERSON`: the e-mail address or id; may be repeated")
	addFlags(flags, settings)
	return cmd
}

func (o unusedOptions) report(ctx context.Context, s *store.Store) (usage.UnusedReport, error) {
	q := o.query
	if q.Window == 0 {
		return usage.UnusedReport{}, usageError(fmt.Sprintf("--window: use 1 to %d days.", usage.MaxWindow))
	}
	var err error
	if o.asOf != "" {
		if q.AsOf, err = usage.ParseAsOf(o.asOf); err != nil {
			return usage.UnusedReport{}, err
		}
	}
	for _, person := range o.owners {
		id, err := personID(ctx, s, person)
		if err != nil {
			return usage.UnusedReport{}, err
		}
		q.Owners = append(q.Owners, id)
	}
	uses := usage.New(s)
	report, err := uses.Unused(ctx, operator(), q)
	if err != nil {
		return usage.UnusedReport{}, err
	}
	return report, uses.Close(ctx)
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

func unusedWriter(format string) (func(io.Writer, usage.UnusedReport) error, error) {
	switch format {
	case "table":
		return writeUnusedTable, nil
	case "csv":
		return usage.WriteUnusedCSV, nil
	case "json":
		return writeUnusedJSON, nil
	}
	return nil, usageError(fmt.Sprintf("--format: %q is not a format of the report: use table, csv or json.", format))
}

// writeUnusedJSON writes what the API answers.
func writeUnusedJSON(w io.Writer, r usage.UnusedReport) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(api.UnusedAnswer(r))
}
