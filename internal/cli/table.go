package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"collateral/internal/usage"
)

// writeUnusedTable writes the report for a terminal: the headline, then by step, stage, type and owner, then the pieces.
func writeUnusedTable(w io.Writer, r usage.UnusedReport) error {
	say(w, "Unused collateral, %s to %s (%d days)\n\n", r.Window.From, r.Window.To, r.Window.Days)
	if r.Strict.Share == nil {
		say(w, "%s\n", r.Strict.Note)
	} else {
		say(w, "Of %d pieces, %d (%s) were shared or presented by nobody in the field; %d (%s) were not even opened.\n",
			r.Eligible, r.Strict.Unused, percent(r.Strict), r.Lenient.Unused, percent(r.Lenient))
		say(w, "Reported elsewhere: %.0f to %.0f %% unused, by other definitions.\n", 100*r.Benchmark.Low, 100*r.Benchmark.High)
	}
	if r.Late != nil {
		say(w, "%s\n", r.Late.Note)
	}
	if n := len(r.TooNew); n > 0 {
		say(w, "Too new to be judged: %d.\n", n)
	}
	if r.Eligible == 0 {
		return nil
	}

	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	say(t, "\nSTEP\tPIECES\n")
	for _, rung := range r.Ladder {
		say(t, "%d %s\t%d\n", rung.Step, rung.Name, rung.Count)
	}
	writeGroups(t, "STAGE", r.ByStage)
	writeGroups(t, "TYPE", r.ByType)
	writeGroups(t, "OWNER", r.ByOwner)
	say(t, "\nSTEP\tUSES\tLAST USE\tTITLE\tSTAGE\tOWNER\n")
	for _, p := range r.Items {
		say(t, "%d %s\t%d\t%s\t%s\t%s\t%s\n", p.Step, usage.StepName(p.Step), p.Uses, orDash(p.LastUseOn), p.Title, p.StageName, p.OwnerName)
	}
	return t.Flush()
}

func writeGroups(w io.Writer, heading string, groups []usage.Group) {
	say(w, "\n%s\tPIECES\tUNUSED\tSHARE\tNOT OPENED\tSHARE\n", heading)
	for _, g := range groups {
		say(w, "%s\t%d\t%d\t%s\t%d\t%s\n", g.Name, g.Eligible, g.Strict.Unused, percent(g.Strict), g.Lenient.Unused, percent(g.Lenient))
	}
}

func percent(s usage.Share) string {
	if s.Share == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100**s.Share)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
