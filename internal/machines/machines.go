// Package machines tells machines from people among those who open a link: crawlers, previews in chats and mail, security
// gateways, monitors and programs on one side, buyers on the other. What it goes by is a data file (rules.txt) and the
// facts it is handed; the same facts give the same verdict for one version of the rules. It knows no HTTP, no clock, no
// database and no link, and it drops nothing: what a verdict moves is for those who count to say.
package machines

// Verdict is what the facts known so far amount to. Only a Person is counted. What is neither came as a browser does, and
// nothing has shown yet whether somebody sat before it. A verdict may change until the visit has ended.
type Verdict struct {
	Machine bool
	Person  bool // never together with Machine
	Why     Why
	Rule    string // id of the line of the rules that decided; "" when Why is Unconfirmed
}

// Why is the reason of a verdict, one of Whys.
type Why string

// The reasons for which a visit is a machine's, or presumed to be.
const (
	Crawler   Why = "crawler"
	Preview   Why = "preview"
	Gateway   Why = "gateway"
	Monitor   Why = "monitor"
	Program   Why = "program"
	Automated Why = "automated"
	Probe     Why = "probe"
	Prefetch  Why = "prefetch"
	Nameless  Why = "nameless"
	Disguised Why = "disguised"
	Hasty     Why = "hasty"
	Burst     Why = "burst"
	Bare      Why = "bare"
	Forged    Why = "forged"
)

// The reasons for which a visit is a person's.
const (
	Attended Why = "attended"
	Admitted Why = "admitted"
	Clicked  Why = "clicked"
)

// Unconfirmed is the reason of a verdict that is neither.
const Unconfirmed Why = "unconfirmed"

// Whys returns every reason there is, those of machines first.
func Whys() []Why {
	return []Why{
		Crawler, Preview, Gateway, Monitor, Program, Automated, Probe, Prefetch, Nameless, Disguised, Hasty, Burst, Bare, Forged,
		Attended, Admitted, Clicked,
		Unconfirmed,
	}
}

// Sentence says the reason to whoever looks at a link's visits; "" for what is no reason.
func (w Why) Sentence() string { return sentences[w] }

var sentences = map[Why]string{
	Crawler:     "A crawler of a search engine or of an archive.",
	Preview:     "A chat or mail program fetched the page to show a preview of the link.",
	Gateway:     "A security product checked the link.",
	Monitor:     "A monitor checked whether the page answers.",
	Program:     "A program fetched the page, not a browser.",
	Automated:   "A browser that a program steers.",
	Probe:       "Only asked whether the page is there.",
	Prefetch:    "A browser fetched the page ahead, in case somebody opens it.",
	Nameless:    "Came without a name of a browser.",
	Disguised:   "Called itself a browser, and did not behave like one.",
	Hasty:       "Came sooner after the link was sent than a person can.",
	Burst:       "Several links were opened from one network within seconds.",
	Bare:        "Fetched the page, and nothing that belongs to it.",
	Forged:      "Claimed more time before the page than had passed.",
	Attended:    "Somebody had the page before their eyes.",
	Admitted:    "Somebody gave the passcode or the code from the mail.",
	Clicked:     "Somebody clicked to download.",
	Unconfirmed: "Came as a browser does. Nothing shows that somebody looked.",
}
