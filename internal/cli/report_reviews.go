package cli

import (
	"context"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"collateral/api"
	"collateral/internal/report"
	"collateral/internal/store"
	"collateral/internal/usage"
)

func newReportReviews(p Process) *cobra.Command {
	var o reportOptions
	var list string
	settings := storeSettings()
	var names []string
	for _, l := range report.ReviewLists() {
		names = append(names, string(l))
	}
	cmd := &cobra.Command{
		Use:   "reviews",
		Short: "How long sign-off takes, what waits, what was sent back, and what is past its review date",
		Long: `How long sign-off takes, what waits for it, what was sent back, and what is past its review date. --list chooses which rows
follow the figures. With --format json all definitions are printed.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write, err := writerOf(o.format, writeReviewsTable, report.WriteReviewsCSV, api.ReviewsAnswer)
			if err != nil {
				return err
			}
			return withUsage(cmd, p, settings, func(ctx context.Context, s *store.Store, uses *usage.Usage) error {
				q, err := o.query(ctx, s)
				if err != nil {
					return err
				}
				reports := report.Reports{Store: s, Usage: uses}
				found, err := reports.Reviews(ctx, operator(), report.ReviewsQuery{
					Window: q.Window, AsOf: q.AsOf, Stages: q.Stages, Types: q.Types, Owners: q.Owners, List: report.ReviewList(list),
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
	flags.StringVar(&list, "list", string(report.WaitingNow), "which `ROWS` to print: "+strings.Join(names, ", "))
	addFlags(flags, settings)
	return cmd
}

// writeReviewsTable writes the figures of both periods for a terminal, then the rows of the list.
func writeReviewsTable(w io.Writer, r report.ReviewsReport) error {
	say(w, "Sign-off, %s to %s (%d days)\n\n", r.Window.From, r.Window.To, r.Window.Days)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	now, before := r.Figures, r.Before
	say(t, "FIGURE\tNOW\tBEFORE\n")
	say(t, "half decided within\t%s\t%s\n", days(now.Median), days(before.Median))
	say(t, "nine in ten within\t%s\t%s\n", days(now.P90), days(before.P90))
	for _, f := range []struct {
		name        string
		now, before int
	}{
		{"decided", now.Decided, before.Decided},
		{"signed", now.Signed, before.Signed},
		{"changes asked for", now.ChangesRequested, before.ChangesRequested},
		{"rejected", now.Rejected, before.Rejected},
		{"first tries", now.FirstDecided, before.FirstDecided},
		{"signed at first try", now.FirstSigned, before.FirstSigned},
		{"waiting", now.Waiting, before.Waiting},
		{"waiting, nobody can sign", now.Unsignable, before.Unsignable},
	} {
		say(t, "%s\t%d\t%d\n", f.name, f.now, f.before)
	}
	say(t, "past review date\t%d\n", r.PastReview)
	say(t, "review date within %d days\t%d\n", report.ExpiresDays, r.Expiring)
	say(t, "owner gone\t%d\n", r.OwnerGone)
	for _, a := range r.Approvers {
		say(t, "%s could sign\t%d\n", a.Name, a.Waiting)
	}
	if len(r.Items) > 0 {
		say(t, "\nTOOK\tDECISION\tREVIEW BY\tTITLE\tVERSION\tOWNER\n")
	}
	for _, i := range r.Items {
		took := "-"
		if !i.SubmittedAt.IsZero() {
			took = days(&i.Took)
		}
		say(t, "%s\t%s\t%s\t%s\t%d\t%s\n", took, orDash(string(i.Decision)), orDash(i.ReviewBy), i.Title, i.N, i.OwnerName)
	}
	return t.Flush()
}

// days writes a span in days and tenths, a dash for none.
func days(span *time.Duration) string {
	if span == nil {
		return "-"
	}
	return strconv.FormatFloat(span.Hours()/24, 'f', 1, 64) + " d"
}
