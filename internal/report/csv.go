package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"collateral/internal/collateral"
)

// WriteReviewsCSV writes the items of the report on sign-off. Times are RFC 3339 in UTC, spans whole seconds; of several people, their
// names have semicolons between them.
func WriteReviewsCSV(w io.Writer, r ReviewsReport) error {
	lines := [][]string{{
		"list", "asset_id", "title", "type", "stage", "owner", "owner_name", "owner_gone", "version", "submitted_at", "decided_at", "took_seconds",
		"decision", "first", "comment", "signers", "review_by",
	}}
	for _, i := range r.Items {
		names := make([]string, len(i.Signers))
		for n, s := range i.Signers {
			names[n] = s.Name
		}
		took := ""
		if !i.SubmittedAt.IsZero() {
			took = secondsCell(&i.Took)
		}
		lines = append(lines, []string{
			string(r.List), i.AssetID.String(), collateral.GuardCell(i.Title), string(i.Type), i.Stage, i.OwnerID.String(), collateral.GuardCell(i.OwnerName),
			strconv.FormatBool(i.OwnerGone), strconv.Itoa(i.N), timeCell(i.SubmittedAt), timeCell(i.DecidedAt), took,
			string(i.Decision), strconv.FormatBool(i.First), collateral.GuardCell(i.Comment), collateral.GuardCell(strings.Join(names, "; ")), i.ReviewBy,
		})
	}
	return writeCSV(w, lines)
}

// WriteReviewFiguresCSV writes a line for each figure of the report on sign-off, with that of the period before where there is one.
func WriteReviewFiguresCSV(w io.Writer, r ReviewsReport) error {
	lines := [][]string{{"figure", "value", "before"}, {"from", r.Window.From, r.BeforeWindow.From}, {"to", r.Window.To, r.BeforeWindow.To}}
	before := figureCells(r.Before)
	for i, figure := range figureCells(r.Figures) {
		lines = append(lines, []string{figure[0], figure[1], before[i][1]})
	}
	lines = append(lines,
		[]string{"past_review", strconv.Itoa(r.PastReview), ""}, []string{"expiring", strconv.Itoa(r.Expiring), ""}, []string{"owner_gone", strconv.Itoa(r.OwnerGone), ""})
	return writeCSV(w, lines)
}

func figureCells(f ReviewFigures) [][2]string {
	return [][2]string{
		{"decided", strconv.Itoa(f.Decided)}, {"median_seconds", secondsCell(f.Median)}, {"p90_seconds", secondsCell(f.P90)},
		{"signed", strconv.Itoa(f.Signed)}, {"changes_requested", strconv.Itoa(f.ChangesRequested)}, {"rejected", strconv.Itoa(f.Rejected)},
		{"first_decided", strconv.Itoa(f.FirstDecided)}, {"first_signed", strconv.Itoa(f.FirstSigned)}, {"first_share", shareCell(f.FirstShare)},
		{"waiting", strconv.Itoa(f.Waiting)}, {"unsignable", strconv.Itoa(f.Unsignable)}, {"longest_wait_seconds", secondsCell(f.LongestWait)},
	}
}

// shareCell is a share with four decimals, empty for none.
func shareCell(share *float64) string {
	if share == nil {
		return ""
	}
	return strconv.FormatFloat(*share, 'f', 4, 64)
}

// secondsCell is a span in whole seconds, empty for none.
func secondsCell(span *time.Duration) string {
	if span == nil {
		return ""
	}
	return strconv.FormatInt(int64(*span/time.Second), 10)
}

// timeCell is a time, empty for none.
func timeCell(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func writeCSV(w io.Writer, lines [][]string) error {
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("writing %d lines of CSV: %w", len(lines), err)
	}
	return nil
}

// WriteAdoptionCSV writes the items of the report on adoption.
func WriteAdoptionCSV(w io.Writer, r AdoptionReport) error {
	lines := [][]string{{"asset_id", "title", "type", "stage", "owner", "owner_name", "published_on", "first_used_on", "days", "teams"}}
	for _, p := range r.Items {
		lines = append(lines, []string{
			p.AssetID.String(), collateral.GuardCell(p.Title), string(p.Type), p.Stage, p.OwnerID.String(), collateral.GuardCell(p.OwnerName),
			p.PublishedOn, p.FirstUsedOn, daysCell(p.Days), strconv.Itoa(p.Teams),
		})
	}
	return writeCSV(w, lines)
}

// WriteAdoptionTeamsCSV writes the teams of the report on adoption. A marketer's report has none.
func WriteAdoptionTeamsCSV(w io.Writer, r AdoptionReport) error {
	lines := [][]string{{"team", "others", "reps", "active"}}
	if r.Reps != nil {
		for _, t := range r.Reps.Teams {
			lines = append(lines, []string{collateral.GuardCell(t.Name), strconv.FormatBool(t.Others), strconv.Itoa(t.Reps), strconv.Itoa(t.Active)})
		}
	}
	return writeCSV(w, lines)
}

// daysCell is a number of days, empty for none.
func daysCell(days *int) string {
	if days == nil {
		return ""
	}
	return strconv.Itoa(*days)
}
