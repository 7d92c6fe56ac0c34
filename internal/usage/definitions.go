package usage

import (
	"fmt"

	"collateral/internal/collateral"
)

// Benchmark is what the field reports, to stand behind the company's own figure. Shares are 0 to 1.
type Benchmark struct {
	Low    float64
	High   float64
	Source string
}

func benchmark() Benchmark {
	return Benchmark{
		Low: 0.60, High: 0.93,
		Source: "Share of sales collateral reported as unused: SiriusDecisions 60 to 70 %, Forrester 70 %, IDC and Larato 80 %, " +
			"American Marketing Association 90 %, and 93 % where a reseller merged three portals. Mostly quoted at second hand; " +
			"definitions differ between them and from the one used here.",
	}
}

// Definition says what a word of a report means.
type Definition struct {
	Term string
	Text string
}

// definitions are those of the unused report, in the order in which they build upon each other.
func definitions(days int) []Definition {
	return []Definition{
		{"window", fmt.Sprintf("The day of as_of and the %d days before it, whole days in UTC.", days)},
		{"eligible", fmt.Sprintf("Published at as_of, and first published at least %d days before. A new version does not restart that.", MinAge)},
		{"too_new", fmt.Sprintf("Published at as_of, but first published less than %d days before: listed with the step reached so far, in no figure.", MinAge)},
		{"qualifying", "By a person who held the rep role at that time and neither owns the piece nor contributed to or signed any version of it."},
		{"step", "The highest step that qualifying uses reached in the window: 0 unseen, 1 found (shown in a result page), 2 opened, 3 taken (downloaded), 4 field-used (shared or presented), 5 engaged (a buyer with a link gave it attention)."},
		{"unused_strict", "Eligible pieces below step 4: in the window nobody in the field shared or presented them, and they engaged no buyer. A piece that was shared before the window and engaged a buyer in it is used."},
		{"unused_lenient", "Eligible pieces below step 2: nobody in the field even opened them in the window."},
		{"share", "Unused divided by eligible; null when nothing is eligible."},
		{"uses", "How often the piece was shared or presented in the window, by qualifying people."},
		{"last_use_on", "The day on which it was last shared or presented up to as_of, also before the window; null when it never was."},
		{"by_stage", "By the buying stages of the published version, merged ones under the stage that took over. A piece counts under each of its stages, so these rows may add up to more than the whole."},
		{"by_owner", "By who owns the piece now. It says nothing about who used it."},
		{"benchmark", "Figures that others published, for comparison only."},
	}
}

// coverageDefinitions are those of the coverage report.
func coverageDefinitions(days int) []Definition {
	return []Definition{
		{"window", fmt.Sprintf("The day of as_of and the %d days before it, whole days in UTC.", days)},
		{"cell", "The pieces published at as_of that were signed for this buying stage and name this persona. A piece counts in each of its cells, and once in the total of a stage."},
		{"covered", "At least one piece was shared or presented in the window by a qualifying person, or engaged a buyer in it, and is not past its review date."},
		{"unused", fmt.Sprintf("There are pieces within their review date, published at least %d days, and in the window nobody in the field shared or presented any of them, nor did any engage a buyer.", MinAge)},
		{"too_new", fmt.Sprintf("All pieces within their review date were first published less than %d days before as_of, and are not used yet.", MinAge)},
		{"stale", "There are pieces, and all of them are past their review date. They are still shown and served; whether they are used changes nothing."},
		{"missing", "There is no piece. This is a gap to fill, or a combination that does not come up."},
		{"none", "There is no piece without a persona at this stage, which is no gap."},
		{"persona", "The personas that the piece names now, whatever it named at as_of; the same holds for review dates. The column _none holds pieces that name none."},
		{"qualifying", "By a person who held the rep role at that time and neither owns the piece nor contributed to or signed any version of it."},
	}
}

// searchesDefinitions are those of the report on searches.
func searchesDefinitions(days int) []Definition {
	return []Definition{
		{"window", fmt.Sprintf("The day of as_of and the %d days before it, whole days in UTC.", days)},
		{"search", "One search with words by a person who held the rep role at that time. Keystrokes and pages of one search count as one; looking through a list without words is none."},
		{"nothing", "Searches that found no piece, with the filters that were set."},
		{"unopened", "Searches that found something, and of what they showed the person opened, took, shared or presented nothing within half an hour; nor does any use in that time name the search."},
		{"query", "Spellings that search takes for the same count as one, shown in the spelling used most."},
		{"people", fmt.Sprintf("How many different people asked. Fewer than %d are not told apart. Of what so few asked, e-mail addresses and long numbers are left out.", collateral.MinPeople)},
		{"last_on", "The last day on which it was asked and ended this way. No time of day and no person is told."},
		{"filters", "Every filter that was set in any of these searches."},
	}
}
