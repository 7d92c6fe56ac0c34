package web

import (
	"strings"

	"collateral/internal/collateral"
	"collateral/internal/machines"
)

// whyWords says in a sentence what a visit is taken for. A reason that is none of the rules' is a sentence already.
func whyWords(v *collateral.Visit) string {
	why := machines.Why(v.Why)
	switch {
	case v.Counted() && (why == machines.Unconfirmed || v.Why == ""):
		return "Somebody looked."
	case v.Why == "":
		why = machines.Unconfirmed
	}
	if sentence := why.Sentence(); sentence != "" {
		return sentence
	}
	return "Somebody " + v.Why + "."
}

// namedPrograms are the programs and systems that visits are named by, each list from the particular to the general: most
// browsers call themselves by the names of others as well.
var namedPrograms, namedSystems = [][2]string{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
	{"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"},
}, [][2]string{
	{"Android", "Android"}, {"iPhone", "an iPhone"}, {"iPad", "an iPad"}, {"Windows", "Windows"}, {"Mac OS", "a Mac"}, {"Linux", "Linux"},
}

// maxProgram bounds what is shown of a program that is no browser, in bytes of ASCII.
const maxProgram = 60

// programName names a program for people: "Firefox on Windows". What is no browser is named as it names itself.
func programName(agent string) string {
	if !strings.HasPrefix(agent, "Mozilla/") || strings.Contains(agent, "compatible;") {
		return agent[:min(len(agent), maxProgram)]
	}
	var named []string
	for _, list := range [][][2]string{namedPrograms, namedSystems} {
		for _, n := range list {
			if strings.Contains(agent, n[0]) {
				named = append(named, n[1])
				break
			}
		}
	}
	if len(named) == 0 {
		return agent[:min(len(agent), maxProgram)]
	}
	return strings.Join(named, " on ")
}
