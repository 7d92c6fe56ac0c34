package cli

import (
	"context"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"collateral/api"
	"collateral/internal/collateral"
	"collateral/internal/report"
	"collateral/internal/store"
	"collateral/internal/usage"
)

func newReportAdoption(p Process) *cobra.Command {
	var o reportOptions
	var list string
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "adoption",
		Short: "How soon new pieces are brought to buyers, and how many reps are active",
		Long: `How soon new pieces are brought to buyers, through how many teams they spread, and how many reps are active. Nothing is told
about fewer than five people. With --format json all definitions are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := writerOf(o.format, writeAdoptionTable, report.WriteAdoptionCSV, api.AdoptionAnswer)
			if err != nil {
				return err
			}
			return withUsage(cmd, p, settings, func(ctx context.Context, s *store.Store, uses *usage.Usage) error {
				q, err := o.query(ctx, s)
				if err != nil {
					return err
				}
				reports := report.Reports{Store: s, Usage: uses}
				found, err := reports.Adoption(ctx, operator(), report.AdoptionQuery{
					Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners, List: report.AdoptionList(list),
				})
				if err != nil {
					return err
				}
				return write(p.Stdout, found)
			})
		},
	}
	flags := cmd.Flags()
	o.addTo(flags)
	o.addFilters(flags)
	flags.StringVar(&list, "list", string(report.AllNew), "which `PIECES` to print: new, used or without")
	addFlags(flags, settings)
	return cmd
}

// writeAdoptionTable writes the figures of both periods for a terminal, then the teams and the pieces.
func writeAdoptionTable(w io.Writer, r report.AdoptionReport) error {
	say(w, "Adoption, %s to %s (%d days)\n\n", r.Window.From, r.Window.To, r.Window.Days)
	if r.Late != nil {
		say(w, "%s\n\n", r.Late.Note)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	now, before := r.Figures, r.Before
	say(t, "FIGURE\tNOW\tBEFORE\n")
	say(t, "new pieces\t%d\t%d\n", now.New, before.New)
	say(t, "used\t%d\t%d\n", now.Used, before.Used)
	say(t, "not used\t%d\t%d\n", now.Without, before.Without)
	say(t, "half used within\t%s\t%s\n", wholeDays(now.Median), wholeDays(before.Median))
	say(t, "nine in ten within\t%s\t%s\n", wholeDays(now.P90), wholeDays(before.P90))
	say(t, "\nTEAM\tREPS\tACTIVE\n")
	for _, team := range r.Reps.Teams {
		name := orDash(team.Name)
		if team.Others {
			name = "other teams"
		}
		say(t, "%s\t%d\t%d\n", name, team.Reps, team.Active)
	}
	say(t, "all\t%s\t%s\n", peopleTold(r.Reps.Reps), peopleTold(r.Reps.Active))
	if len(r.Items) > 0 {
		say(t, "\nPUBLISHED\tFIRST USED\tTOOK\tTEAMS\tTITLE\tOWNER\n")
	}
	for _, p := range r.Items {
		say(t, "%s\t%s\t%s\t%d\t%s\t%s\n", p.PublishedOn, orDash(p.FirstUsedOn), wholeDays(p.Days), p.Teams, p.Title, p.OwnerName)
	}
	return t.Flush()
}

// wholeDays writes a number of days, a dash for none.
func wholeDays(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n) + " d"
}

// peopleTold writes a number of people, where 0 stands for too few.
func peopleTold(n int) string {
	if n == 0 {
		return "<" + strconv.Itoa(collateral.MinPeople)
	}
	return strconv.Itoa(n)
}
