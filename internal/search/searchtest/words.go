package searchtest

import (
	"testing"

	"collateral/internal/search"
)

func testWords(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	put(t, x,
		search.Document{ID: "all", Title: "Margin", Summary: "Freight", Type: "white-paper", Stages: []string{"final-decision"}, Personas: []string{"buyer"},
			Industries: []string{"retail"}, Products: []string{"fleet-hub"}, Language: "en", Pages: []string{"tariffs", "customs duties"}},
		search.Document{ID: "some", Title: "Margin", Pages: []string{"Customs"}},
		search.Document{ID: "plan", Title: "Planning a visit"},
		search.Document{ID: "rien", Title: "Résumé of São Paulo", Pages: []string{"ﬁnal ﬁgures of the Łódź depot"}},
		search.Document{ID: "c", Title: "Vitamin C"},
		search.Document{ID: "c++", Title: "C++ samples"},
		search.Document{ID: "customer", Title: "The customer’s view", Summary: "don't say it"},
		search.Document{ID: "han", Title: "物流价格表"},
	)
	for _, c := range []struct {
		why, typed string
		want       []string
	}{
		{"every word is required", "margin duties", []string{"all"}},
		{"each part of a document is searched", "margin freight decision buyer retail fleet tariffs ", []string{"all"}},
		{"the type is searched", "white paper", []string{"all"}},
		{"the language is not a word", "en ", nil},
		{"one missing word is enough for no hit", "margin bicycles", nil},
		{"the order of words does not matter", "duties margin", []string{"all"}},
		{"a repeated word counts once", "margin margin", []string{"all", "some"}},
		{"case does not matter", "mARGIN", []string{"all", "some"}},

		{"the last word may be a beginning", "marg", []string{"all", "some"}},
		{"of one letter, too", "margin f", []string{"all"}},
		{"of four letters, too", "margin frei", []string{"all"}},
		{"but not after a space", "marg ", nil},
		{"and only the last one", "marg freight", nil},

		{"plural for singular", "margins", []string{"all", "some"}},
		{"singular for plural", "tariff ", []string{"all"}},
		{"singular for plural in -ies", "duty ", []string{"all"}},
		{"tense", "planned ", []string{"plan"}},

		{"accents are no difference in the document", "resume sao ", []string{"rien"}},
		{"nor in the query", "mârgin ", []string{"all", "some"}},
		{"ligatures are letters", "final figures ", []string{"rien"}},
		{"a stroke is no other letter", "lodz ", []string{"rien"}},

		{"a sign belongs to a short name", "c++ ", []string{"c++"}},
		{"which is also found without", "c ", []string{"c", "c++"}},
		{"a hyphen may be a space", "fleet hub ", []string{"all"}},
		{"or nothing", "fleethub ", []string{"all"}},
		{"or be typed", "fleet-hub ", []string{"all"}},
		{"a possessive is its word", "customer ", []string{"customer"}},
		{"also in the query", "customer's view ", []string{"customer"}},
		{"an apostrophe may be missing", "dont ", []string{"customer"}},
		{"ideographs are words", "价格 ", []string{"han"}},
	} {
		same(t, c.why+": "+c.typed, found(t, x, c.typed), c.want)
	}
	everything := []string{"all", "c", "c++", "customer", "han", "plan", "rien", "some"}
	for _, typed := range []string{"", " ", "\t\n", "?!", "---", "«»", "&", "…", "++ ##"} {
		same(t, "nothing is asked for by "+typed, found(t, x, typed), everything)
	}
}

func testTypos(t *testing.T, open func(*testing.T) search.Index) {
	x := open(t)
	for _, word := range []string{"deck", "quota", "contract", "logistics", "enterprise"} {
		put(t, x, search.Document{ID: word, Pages: []string{"about the " + word + " itself"}})
	}
	put(t, x, search.Document{ID: "part", Title: "Part AB12345 of 98765"})
	for _, c := range []struct {
		why, typed, want string // want is empty when nothing may be found
	}{
		{"four letters as they are", "deck", "deck"},
		{"four letters, one wrong", "dekk", ""},
		{"four letters, one missing", "dck", ""},
		{"four letters swapped", "dcek", ""},
		{"four letters, one too many makes five", "decks", "deck"},

		{"five letters, one wrong", "quoto", "quota"},
		{"five letters, swapped", "qutoa", "quota"},
		{"five letters, the first wrong", "cuota", "quota"},
		{"five letters, two wrong", "quiti", ""},
		{"six letters, one too many", "quotta", "quota"},

		{"eight letters, one missing", "contrct x", ""},
		{"eight letters, one wrong", "contrakt", "contract"},
		{"eight letters, swapped", "contarct", "contract"},
		{"eight letters, one too many", "conttract", "contract"},
		{"eight letters, two wrong", "kontrakt", ""},
		{"eight letters, two swaps", "ocntarct", ""},

		{"nine letters, one wrong", "logistiks", "logistics"},
		{"nine letters, two wrong", "lokistiks", "logistics"},
		{"nine letters, two swaps", "olgisitcs", "logistics"},
		{"nine letters, a swap and a wrong one", "lgoistiks", "logistics"},
		{"nine letters, three wrong", "lokisdiks", ""},
		{"ten letters, two missing is eight, and those may have one", "enterpri x", ""},
		{"ten letters, one missing and one wrong", "enterprze", "enterprise"},

		{"a number has no letters", "98766", ""},
		{"nor have digits in a name", "AB12346", ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		same(t, c.why+": "+c.typed, found(t, x, c.typed+" "), want)
	}
	t.Run("EachWordMayHaveItsOwn", func(t *testing.T) {
		put(t, x, search.Document{ID: "both", Pages: []string{"the contract of the enterprise"}})
		same(t, "hits", found(t, x, "contarct entreprize "), []string{"both"})
	})
}
