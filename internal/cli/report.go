package cli

import (
	"context"

	"github.com/spf13/cobra"

	"collateral/api"
	"collateral/internal/store"
	"collateral/internal/usage"
)

func newReport(p Process) *cobra.Command {
	return group(&cobra.Command{Use: "report", Short: "What the registry knows, in figures"}, newReportUnused(p), newReportCoverage(p), newReportSearches(p), newReportReviews(p), newReportAdoption(p))
}

func newReportUnused(p Process) *cobra.Command {
	var o reportOptions
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "unused",
		Short: "Which published pieces the field does not use",
		Long: `Which published pieces the field does not use. Strictly, a piece is unused when nobody in the field shared or
presented it in the window; leniently, when nobody even opened it. With --format json all definitions are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := writerOf(o.format, writeUnusedTable, usage.WriteUnusedCSV, api.UnusedAnswer)
			if err != nil {
				return err
			}
			return withUsage(cmd, p, settings, func(ctx context.Context, s *store.Store, uses *usage.Usage) error {
				query, err := o.query(ctx, s)
				if err != nil {
					return err
				}
				report, err := uses.Unused(ctx, operator(), query)
				if err != nil {
					return err
				}
				return write(p.Stdout, report)
			})
		},
	}
	flags := cmd.Flags()
	o.addTo(flags)
	o.addFilters(flags)
	addFlags(flags, settings)
	return cmd
}

func newReportCoverage(p Process) *cobra.Command {
	var o reportOptions
	var personas []string
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "For which buying stage and persona there is a piece, and whether it is used",
		Long: `For which buying stage and persona there is a piece, and whether the field uses it: covered (and used), unused, too_new,
stale (past its review date) or missing. With --format json all definitions and the pieces are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := writerOf(o.format, writeCoverageTable, usage.WriteCoverageCSV, api.CoverageAnswer)
			if err != nil {
				return err
			}
			return withUsage(cmd, p, settings, func(ctx context.Context, s *store.Store, uses *usage.Usage) error {
				q, err := o.query(ctx, s)
				if err != nil {
					return err
				}
				report, err := uses.Coverage(ctx, operator(), usage.CoverageQuery{
					Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners, Personas: personas,
				})
				if err != nil {
					return err
				}
				return write(p.Stdout, report)
			})
		},
	}
	flags := cmd.Flags()
	o.addTo(flags)
	o.addFilters(flags)
	flags.StringSliceVar(&personas, "persona", nil, "only this `PERSONA`, or "+usage.NoPersona+" for pieces that name none; may be repeated")
	addFlags(flags, settings)
	return cmd
}

func newReportSearches(p Process) *cobra.Command {
	var o reportOptions
	var limit int
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "searches",
		Short: "What the field searched for and did not find, or found and did not open",
		Long: `What the field searched for and did not find, or found and did not open. It names nobody, and tells how many people
asked from five on. With --format json all definitions are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := writerOf(o.format, writeSearchesTable, usage.WriteSearchesCSV, api.SearchesAnswer)
			if err != nil {
				return err
			}
			return withUsage(cmd, p, settings, func(ctx context.Context, s *store.Store, uses *usage.Usage) error {
				q, err := o.query(ctx, s)
				if err != nil {
					return err
				}
				report, err := uses.Searches(ctx, operator(), usage.SearchesQuery{Window: q.Window, AsOf: q.AsOf, Limit: limit})
				if err != nil {
					return err
				}
				return write(p.Stdout, report)
			})
		},
	}
	flags := cmd.Flags()
	o.addTo(flags)
	flags.IntVar(&limit, "limit", 0, "at most so many `QUERIES` in each list (default all)")
	addFlags(flags, settings)
	return cmd
}
