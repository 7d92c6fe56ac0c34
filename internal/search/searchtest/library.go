package searchtest

import (
	"fmt"

	"collateral/internal/search"
)

// library returns the pieces of an invented company that sells software to logistics firms.
func library() []search.Document {
	manual := make([]string, 800)
	for i := range manual {
		manual[i] = fmt.Sprintf("Chapter %d. Settings of the console, in the order in which they are shown.", i+1)
	}
	manual[399] = "Cold chain monitoring needs two sensors for each trailer, and a gateway that survives a power cut."
	manual[12] = "Sensors are paired from the console."
	manual[700] = "The gateway restarts by itself."

	return []search.Document{
		{
			ID: "renewal-deck", Title: "Renewal playbook", Type: "deck", Summary: "How to keep a customer whose contract ends",
			Stages: []string{"renewal"}, Personas: []string{"cfo"}, Products: []string{"fleet-hub"}, Language: "en", Uses: 12, PublishedAt: day(10),
			Pages: []string{"Why customers stay", "Three questions to ask ninety days before the contract ends", "Discounts, and when to refuse them"},
		},
		{
			ID: "price-list", Title: "Price list", Type: "data-sheet", Summary: "All editions and add-ons",
			Stages: []string{"negotiation"}, Personas: []string{"procurement"}, Language: "en", Uses: 40, PublishedAt: day(20),
			Pages: []string{"Editions", "Renewal terms: the price of the first year holds for three years"},
		},
		{
			ID: "battlecard-north", Title: "Battlecard: Northwind Freight", Type: "battlecard", Summary: "Where they are strong, and what they never mention",
			Stages: []string{"evaluation"}, Personas: []string{"head-of-logistics"}, Language: "en", Uses: 33, PublishedAt: day(5),
			Pages: []string{"Their implementation takes nine months", "Traps to set: ask for the cost of customization"},
		},
		{
			ID: "security-paper", Title: "Security white paper", Type: "white-paper", Summary: "Encryption, certificates and the audit trail",
			Stages: []string{"evaluation"}, Personas: []string{"ciso"}, Language: "en", PublishedAt: day(2),
			Pages: []string{"ISO 27001 and what it covers", "Keys are rotated every 90 days", "Penetration tests are published"},
		},
		{
			ID: "sdk-sheet", Title: "Developer kit for C++ and .NET", Type: "data-sheet", Summary: "Libraries, samples and limits",
			Stages: []string{"evaluation"}, Personas: []string{"developer"}, Language: "en", PublishedAt: day(3),
			Pages: []string{"The C++ library has no dependencies", "Version 3.5 needs .NET 8"},
		},
		{
			ID: "c-course", Title: "Vitamin C: a wellness calendar", Type: "brochure", Summary: "For the staff canteen",
			Stages: []string{"discovery"}, Language: "en", PublishedAt: day(30),
		},
		{
			ID: "erp-connector", Title: "Connector for S/4HANA", Type: "one-pager", Summary: "Orders flow both ways, without middleware",
			Stages: []string{"evaluation"}, Industries: []string{"automotive"}, Language: "en", PublishedAt: day(7),
			Pages: []string{"Real-time stock levels on both sides"},
		},
		{
			ID: "case-cafe", Title: "Case study: Café Zürich", Type: "case-study", Summary: "How a coffee roaster halved its returns",
			Stages: []string{"discovery"}, Industries: []string{"food"}, Language: "en", Uses: 4, PublishedAt: day(15),
			Pages: []string{"Before: paper lists and phone calls", "After: one screen for 2,000 deliveries a day"},
		},
		{
			ID: "console-manual", Title: "Console manual", Type: "faq", Summary: "Every setting", Stages: []string{"onboarding"},
			Language: "en", PublishedAt: day(1), Pages: manual,
		},
		{
			ID: "gateway-sheet", Title: "Hardware overview", Type: "data-sheet", Summary: "What is in the box", Stages: []string{"onboarding"},
			Language: "en", PublishedAt: day(4), Pages: []string{"A gateway and four sensors", "Power: 12 to 24 volts"},
		},
		{
			ID: "roi-calculator", Title: "Savings calculator", Type: "calculator", Summary: "Enter routes and trucks, read the payback",
			Stages: []string{"business-case"}, Personas: []string{"cfo"}, Language: "en", Uses: 7, PublishedAt: day(12),
		},
		{
			ID: "onboarding-mail", Title: "Welcome e-mail", Type: "email-template", Summary: "The first message after signature",
			Stages: []string{"onboarding"}, Language: "en", PublishedAt: day(9), Pages: []string{"Dear {{name}}, your kick-off is on Monday"},
		},
		{
			ID: "preisliste", Title: "Preisübersicht für Spediteure", Type: "data-sheet", Summary: "Gültig ab März",
			Stages: []string{"negotiation"}, Language: "de", PublishedAt: day(8), Pages: []string{"Straßentransport und Lager"},
		},
	}
}

// firstHits is the quality of search as data: what a person types, and the piece that must come first.
func firstHits() []struct{ typed, want string } {
	return []struct{ typed, want string }{
		// whole words, in the title, the tags, the summary, the text
		{"renewal", "renewal-deck"},
		{"RENEWAL PLAYBOOK", "renewal-deck"},
		{"business case", "roi-calculator"},
		{"procurement", "price-list"},
		{"payback", "roi-calculator"},
		{"customization", "battlecard-north"},

		// several words in different parts
		{"price renewal", "price-list"},
		{"northwind implementation", "battlecard-north"},
		{"cfo contract", "renewal-deck"},
		{"paper penetration", "security-paper"},

		// faults
		{"reneawl", "renewal-deck"},
		{"secruity", "security-paper"},
		{"batlecard", "battlecard-north"},
		{"calcualtor", "roi-calculator"},
		{"implemetnaton", "battlecard-north"},
		{"welcom e-mail", "onboarding-mail"},

		// beginnings
		{"calc", "roi-calculator"},
		{"renewal play", "renewal-deck"},
		{"nor", "battlecard-north"},
		{"welc", "onboarding-mail"},

		// word forms
		{"calculators", "roi-calculator"},
		{"battlecards", "battlecard-north"},
		{"case studies", "case-cafe"},
		{"trap", "battlecard-north"},
		{"test published", "security-paper"},

		// accents and other alphabets
		{"cafe zurich", "case-cafe"},
		{"CAFÉ", "case-cafe"},
		{"cafe\u0301", "case-cafe"},
		{"preisubersicht", "preisliste"},
		{"strassentransport", "preisliste"},

		// names with signs, joints and numbers
		{"C++", "sdk-sheet"},
		{"c++ library", "sdk-sheet"},
		{".NET", "sdk-sheet"},
		{"S/4HANA", "erp-connector"},
		{"s4hana", "erp-connector"},
		{"s/4hana connector", "erp-connector"},
		{"one-pager", "erp-connector"},
		{"onepager", "erp-connector"},
		{"one pager", "erp-connector"},
		{"real time", "erp-connector"},
		{"email", "onboarding-mail"},
		{"e-mail", "onboarding-mail"},
		{"kickoff", "onboarding-mail"},
		{"ISO 27001", "security-paper"},
		{"2000 deliveries", "case-cafe"},
		{"2,000", "case-cafe"},
		{"3.5", "sdk-sheet"},

		// words that stand together only on page 400 of 800
		{"cold chain monitoring", "console-manual"},
		{"sensors trailer gateway", "console-manual"},
	}
}
