package usage

import (
	"fmt"
	"slices"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Late says that the figures of a report about the past have changed since: uses of its window were reported afterwards.
type Late struct {
	Days int       // of the window, of which uses came in afterwards
	At   time.Time // when the last of them came in
	Note string    // the same as a sentence
}

// lateDays returns the days that uses were recorded after, with the time of the last of them. Those that do not qualify
// change no figure.
func lateDays(events []collateral.Event) []store.LateDay {
	var days []store.LateDay
	for _, e := range events {
		day := dayOf(e.OccurredAt)
		if !e.Qualifies || day >= dayOf(e.RecordedAt) {
			continue
		}
		at := slices.IndexFunc(days, func(d store.LateDay) bool { return d.Day == day })
		switch {
		case at < 0:
			days = append(days, store.LateDay{Day: day, ArrivedAt: e.RecordedAt})
		case e.RecordedAt.After(days[at].ArrivedAt):
			days[at].ArrivedAt = e.RecordedAt
		}
	}
	return days
}

// lateIn tells what of the late days changed a report of that window as of that time, or returns nil.
func lateIn(days []store.LateDay, w Window, asOf time.Time) *Late {
	var late Late
	for _, d := range days {
		if d.Day < w.From || d.Day > w.To || !d.ArrivedAt.After(asOf) {
			continue
		}
		late.Days++
		if d.ArrivedAt.After(late.At) {
			late.At = d.ArrivedAt
		}
	}
	if late.Days == 0 {
		return nil
	}
	uses := fmt.Sprintf("Uses of %d days", late.Days)
	if late.Days == 1 {
		uses = "Uses of one day"
	}
	late.Note = fmt.Sprintf("%s of this window were reported after the time of this report, the last on %s. They are counted, so an earlier answer may have said less.",
		uses, dayOf(late.At))
	return &late
}
