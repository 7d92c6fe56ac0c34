package cli

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// tellRows writes a line for each fault, as compilers do: FILE:LINE: COLUMN: what is wrong.
func (o *libraryOptions) tellRows(w io.Writer, sort string, faults []collateral.RowFault) {
	for _, f := range faults {
		place := o.csv + ": "
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d: ", o.csv, f.Line)
		}
		f.Line = 0 // it stands in the place
		say(w, "%s%s%s\n", place, sort, f)
	}
}

// tellPlan says what would be done, or what keeps it from being done.
func (o *libraryOptions) tellPlan(p Process, plan *registry.Plan) error {
	o.tellRows(p.Stderr, "", plan.Faults)
	o.tellRows(p.Stderr, "warning: ", plan.Warnings)
	if n := len(plan.Faults); n > 0 {
		return fmt.Errorf("%d faults; nothing was brought in", n)
	}
	t := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	say(t, "Rows\t%d (%s)\n", plan.Rows, plan.Format)
	say(t, "Pieces to make\t%d\n", plan.Rows-plan.Known)
	say(t, "Made before\t%d\n", plan.Known)
	say(t, "Links\t%d\n", plan.Links)
	say(t, "Incomplete\t%d (without a primary stage; they cannot be submitted before they have one)\n", plan.Incomplete)
	say(t, "No faults. Nothing was written.\n")
	return t.Flush()
}

func (o *libraryOptions) summarise(ctx context.Context, out io.Writer, pieces *registry.Registry, actor collateral.Actor,
	batch *collateral.Batch, plan *registry.Plan, done registry.Imported, took time.Duration,
) error {
	batch, err := pieces.Batch(ctx, actor, batch.ID)
	if err != nil {
		return err
	}
	duplicates, unread, err := pieces.Duplicates(ctx, actor, batch.ID)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say(t, "Batch\t%s (%s)\n", batch.ID, batch.Name)
	say(t, "Rows\t%d (%s)\n", plan.Rows, plan.Format)
	say(t, "Made now\t%d (%s in %s)\n", done.Made, formatSize(done.Bytes), took.Round(100*time.Millisecond))
	say(t, "Made before\t%d\n", plan.Known)
	say(t, "Failed\t%d\n", done.Failed)
	say(t, "\nSTATE\tROWS\n")
	for _, state := range collateral.ItemStates() {
		if n := batch.Counts[state]; n > 0 {
			say(t, "%s\t%d\n", state, n)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(duplicates) > 0 {
		say(out, "\nLike other pieces: %d. Look at them before they are submitted.\n", len(duplicates))
	}
	for _, d := range duplicates {
		say(out, "%s:%d: %s %s %q (%s)\n", o.csv, d.Item.Line, d.Item.Source, likeness(d), d.Other.Title, d.Other.ID)
	}
	if unread > 0 {
		say(out, "\nThe texts of %d files wait for the running server, or the next one, to read them. The same command tells afterwards which are nearly the same.\n", unread)
	}
	return nil
}

func likeness(d registry.Duplicate) string {
	if d.Same {
		return "has the same content as"
	}
	return fmt.Sprintf("shares about %.0f %% of its text with", 100*d.Likeness)
}
