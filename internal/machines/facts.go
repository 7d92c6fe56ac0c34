package machines

import (
	"cmp"
	"math"
	"strings"
	"time"
)

// MaxAgent is how much of a user agent is looked at, in bytes. Browsers' have 80 to 400.
const MaxAgent = 1024

// Request is what is known when a page is asked for.
type Request struct {
	Method   string        // "" means GET
	Agent    string        // User-Agent
	Purpose  string        // what the request is for when nobody has opened the page yet: prefetch, preview, ...
	Language bool          // a language was asked for: browsers always do
	HTML     bool          // HTML was asked for by name: browsers do, clients often take anything
	Mode     string        // Sec-Fetch-Mode: "navigate" when a browser opens a page; "" when not sent
	Secure   bool          // came by https; browsers send Sec-Fetch-* then only
	Since    time.Duration // since the link was made or mailed, whichever is later; negative when not known
	Others   int           // other links opened from the same network within Together, before or after
}

// Together is how close in time links opened from one network are counted in Request.Others.
const Together = 10 * time.Second

// Read takes what a request's headers tell. header returns a header's value by its name, "" when it was not sent. Secure,
// Since and Others are for the caller to add.
func Read(method string, header func(name string) string) Request {
	return Request{
		Method: method,
		Agent:  header("User-Agent"),
		// Sec-Purpose is the standard's; browsers before it, Safari and Firefox had names of their own.
		Purpose:  cmp.Or(header("Sec-Purpose"), header("Purpose"), header("X-Purpose"), header("X-Moz")),
		Language: header("Accept-Language") != "",
		HTML:     strings.Contains(header("Accept"), "text/html"),
		Mode:     header("Sec-Fetch-Mode"),
		Since:    -1,
	}
}

// Conduct is what followed the request, as far as it has: the zero value at the first request.
type Conduct struct {
	Resources bool          // the page's own style, script or pictures were fetched
	Cookie    bool          // the visitor's cookie came back
	Beats     int           // heartbeats that said the page was visible
	Visible   time.Duration // for how long, as they claim
	Lasted    time.Duration // from the first request to the last one, by the server's clock
	Inputs    int           // touches, clicks, keys and turns of the wheel that the heartbeats tell of
	Passed    bool          // a passcode, or a code from a mail, was right
	Download  bool          // a file was asked for by the page's form
	Ended     bool          // nothing will follow
}

// Slack is how far the clocks of a page and of the server may drift apart within a visit.
const Slack = 5 * time.Second

// plausible tells whether what the heartbeats claim can have happened. A page sends one every few seconds, and one more
// each time it is shown or hidden.
func (c Conduct) plausible() bool {
	return c.Visible >= 0 && c.Visible-Slack <= c.Lasted && c.Inputs >= 0 && time.Duration(c.Beats) <= 10+c.Lasted/time.Second
}

// observed is everything that conditions read.
type observed struct {
	Request
	Conduct
	agent     string // in lower case, cut
	suspected bool
}

func observe(q Request, c Conduct) observed {
	q = q.trimmed()
	q.Purpose = strings.ToLower(q.Purpose)
	return observed{Request: q, Conduct: c, agent: strings.ToLower(q.Agent)}
}

// measures are the facts that conditions of the rules may name. Flags are 0 or 1, times nanoseconds.
var measures = map[string]func(*observed) int64{
	"agent":     func(o *observed) int64 { return flag(strings.TrimSpace(o.agent) != "") },
	"browser":   func(o *observed) int64 { return flag(hasPrefixOf(o.agent, "mozilla/", "opera/")) },
	"chromium":  func(o *observed) int64 { return major(o.agent, "chrome/") },
	"firefox":   func(o *observed) int64 { return major(o.agent, "firefox/") },
	"language":  func(o *observed) int64 { return flag(o.Language) },
	"html":      func(o *observed) int64 { return flag(o.HTML) },
	"mode":      func(o *observed) int64 { return flag(o.Mode != "") },
	"navigates": func(o *observed) int64 { return flag(o.Mode == "navigate") },
	"secure":    func(o *observed) int64 { return flag(o.Secure) },
	"since":     func(o *observed) int64 { return known(o.Since) },
	"others":    func(o *observed) int64 { return int64(o.Others) },
	"resources": func(o *observed) int64 { return flag(o.Resources) },
	"cookie":    func(o *observed) int64 { return flag(o.Cookie) },
	"beats":     func(o *observed) int64 { return int64(o.Beats) },
	"visible":   func(o *observed) int64 { return int64(o.Visible) },
	"inputs":    func(o *observed) int64 { return int64(o.Inputs) },
	"plausible": func(o *observed) int64 { return flag(o.plausible()) },
	"passed":    func(o *observed) int64 { return flag(o.Passed) },
	"download":  func(o *observed) int64 { return flag(o.Download) },
	"ended":     func(o *observed) int64 { return flag(o.Ended) },
	"suspected": func(o *observed) int64 { return flag(o.suspected) },
}

func flag(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// known makes a time that is not known later than any limit.
func known(d time.Duration) int64 {
	if d < 0 {
		return math.MaxInt64
	}
	return int64(d)
}

func hasPrefixOf(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
