package files

// info, document and deck are used by all tests here. Each word to look for stands in one place only.
func info() Info {
	return Info{
		Title:    "Harbourline Freight: How <Cold> Chains & Ports Meet",
		Subtitle: "What to check before the first container leaves",
		Author:   "Réka Fjord",
		Footer:   "Harbourline Freight · for partners",
		Accent:   Colour{0x0b, 0x5d, 0x57},
	}
}

func document() Document {
	return Document{Info: info(), Sections: []Section{
		{
			Heading:    "Questions of the buyer",
			Paragraphs: []string{"A refrigerated container that waits on a quay loses a degree an hour. The figure sounds small; over a weekend it is the whole shipment, and no insurer pays for a door that was left ajar.", "Naïve estimates ignore café-crème pallets."},
			Bullets:    []string{"Who watches the thermometer at night?", "What does a day of delay cost, in euros and in customers who do not come back because their strawberries arrived as jam?", "Which plug fits?"},
		},
		{
			Heading: "Proof by numbers",
			Table:   Table{{"Port", "Delay", "Loss"}, {"Northhaven", "2 days", "4 %"}, {"Eastmole", "6 hours", "0.5 %, and that only in weeks with a public holiday in them"}, {"Quietwater"}},
		},
		{Paragraphs: []string{"Third page without a heading: albatross."}},
	}}
}

func deck() Deck {
	return Deck{Info: info(), Slides: []Slide{
		{Title: "Why now", Bullets: []string{"Tariffs change in April", "Fuel is a third of the cost of a refrigerated voyage, and the share grows with every degree below zero that the cargo must be kept at", "Drivers are scarce"}, Notes: "Pause here.\nAsk about the turnstile."},
		{Title: "Proof", Bullets: []string{"Measured over twelve months"}, Table: Table{{"Port", "Delay"}, {"Northhaven", "2 days"}, {"Quietwater"}}},
		{Title: "Table only", Table: Table{{"One", "Two", "Three"}, {"a", "b", "periwinkle"}}},
		{Title: "Nothing but a title"},
	}}
}
