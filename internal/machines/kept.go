package machines

import "strings"

// Keep returns what may be stored of a request: everything that rules look at, and no more of a person than that. The
// agent of what calls itself a machine is kept as it came; a browser's is kept without what sets one reader apart from
// others of the same browser: builds, patches, device models. All is printable ASCII and at most MaxAgent long. What
// Judge says of a request it says of what is kept of it.
func (r *Rules) Keep(q Request) Request {
	q = q.trimmed()
	o := observe(q, Conduct{})
	if r.always.first(&o, r.spared) == none {
		q.Agent = reduce(q.Agent)
	}
	return q
}

// Limits of the other texts of a request, in bytes. Nothing that a rule looks for is longer.
const (
	maxMethod  = 20
	maxPurpose = 60
	maxMode    = 20
)

// trimmed is what is looked at of a request.
func (q Request) trimmed() Request {
	q.Method = printable(q.Method, maxMethod)
	q.Agent = printable(q.Agent, MaxAgent)
	q.Purpose = printable(q.Purpose, maxPurpose)
	q.Mode = printable(q.Mode, maxMode)
	return q
}

// printable cuts s, and puts a question mark for every byte that a database may refuse or a page may show as another.
func printable(s string, most int) string {
	s = s[:min(len(s), most)]
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return replaceOthers([]byte(s))
		}
	}
	return s
}

func replaceOthers(b []byte) string {
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	return string(b)
}

// platforms are words with digits that many share.
var platforms = map[string]bool{"win64": true, "x64": true, "wow64": true, "x86": true, "x11": true, "arm64": true, "aarch64": true}

// reduce leaves of a browser's agent the names, and of versions the first number.
func reduce(agent string) string {
	agent = withoutModels(agent)
	var b strings.Builder
	for len(agent) > 0 {
		word, rest := wordOf(agent, false)
		before := agent[:len(agent)-len(rest)-len(word)]
		b.WriteString(before)
		named := strings.HasPrefix(rest, "/")
		switch kind := kindOf(word); {
		case kind == digits && len(word) <= 4:
			b.WriteString(word)
			rest = skipVersion(&b, rest)
		case kind == letters, kind == mixed && (named || platforms[strings.ToLower(word)]):
			b.WriteString(word)
		}
		agent = rest
	}
	return b.String()
}

// skipVersion leaves out what follows the first number of a version; noughts right behind it are left, since they are
// nobody's own.
func skipVersion(b *strings.Builder, rest string) string {
	noughts := true
	for len(rest) > 1 && (rest[0] == '.' || rest[0] == '_') && isDigit(rest[1]) {
		word, after := wordOf(rest, false)
		noughts = noughts && word == "0"
		if noughts {
			b.WriteString(rest[:1] + word)
		}
		rest = after
	}
	return rest
}

// withoutModels leaves out what stands behind Android in its parentheses: the language and the model of the device.
func withoutModels(agent string) string {
	android := strings.Index(agent, "Android ")
	if android < 0 {
		return agent
	}
	end := strings.IndexByte(agent[android:], ')')
	if end < 0 {
		return agent[:android+len("Android ")]
	}
	parts := strings.Split(agent[android:android+end], ";")
	kept := parts[:1]
	for _, p := range parts[1:] {
		switch name := strings.TrimSpace(p); {
		case name == "wv", name == "K", name == "Mobile", name == "Tablet", strings.HasPrefix(name, "rv:"):
			kept = append(kept, p)
		}
	}
	return agent[:android] + strings.Join(kept, ";") + agent[android+end:]
}

// The kinds of word.
const (
	letters = iota
	digits
	mixed
)

func kindOf(word string) int {
	anyLetter, anyDigit := false, false
	for i := range len(word) {
		if isDigit(word[i]) {
			anyDigit = true
		} else {
			anyLetter = true
		}
	}
	switch {
	case anyLetter && anyDigit:
		return mixed
	case anyDigit:
		return digits
	}
	return letters
}
