package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// Each fault of a page is seen, and expecting one hides no other.
func TestFaultsOfPagesAreSeen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, want string
	}{
		{"an error on the console", `<script nonce="n">console.error("broken", 7)</script>`, "console: broken 7"},
		{"an exception", `<script nonce="n">throw new Error("oh no")</script>`, "oh no"},
		{"a promise that nobody caught", `<script nonce="n">Promise.reject(new Error("left alone"))</script>`, "left alone"},
		{"a script within the page", `<script>1</script>`, "policy: script-src-elem refused inline"},
		{"a style within the page", `<p style="color: red">x</p>`, "policy: style-src-attr refused inline"},
		{"a picture from elsewhere", `<img alt="" src="http://127.0.0.2:1/x.png">`, "policy: img-src refused http://127.0.0.2:1/x.png"},
		{"a picture that is not there", `<img alt="" src="/missing.png">`, "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := Open(t, site(t, tt.body))
			b.Go("/")
			b.until(func() (bool, string) {
				seen := b.faults.unexpected()
				return slices.ContainsFunc(seen, func(f string) bool { return strings.Contains(f, tt.want) }), fmt.Sprintf("saw %q, want %q", seen, tt.want)
			})
			b.Expect(tt.want)
			b.Expect("Content Security Policy")
			b.Expect("policy: ")
		})
	}
}

func TestSoundPageHasNoFault(t *testing.T) {
	t.Parallel()
	b := Open(t, site(t, `<main><h1>Fine</h1><form><label>Name <input name="name"></label><button>Send</button></form></main>`))
	b.Go("/")
	b.Axe()
	b.FitsWidth()
}

// What breaks a rule is told, and so is what is too wide.
func TestBadPageIsSeen(t *testing.T) {
	t.Parallel()
	b := Open(t, site(t, `<main><h1>Bad</h1><form><input name="nameless"></form><hr width="2000"></main>`))
	b.Width(Phone)
	b.Go("/")
	if got := b.violations(); !slices.ContainsFunc(got, func(v violation) bool { return v.ID == "label" }) {
		t.Errorf("got the violations %+v, want one of the rule label", got)
	}
	if got := b.extent(); got.Wide <= Phone || !strings.HasPrefix(got.First, "<hr ") {
		t.Errorf("got %+v, want it wider than %d px by its line", got, Phone)
	}
}

// Things are found by what people call them, and by nothing else.
func TestFinder(t *testing.T) {
	t.Parallel()
	b := Open(t, site(t, `<main><h1>Fine</h1><form>
		<label>Name of the piece <input name="name"></label>
		<label for="why">Why</label> <textarea id="why" name="why"></textarea>
		<label>Stage <select name="stage"><option value="">None</option><option value="v">Validation</option></select></label>
		<label><input type="checkbox" name="key" value="1"> Primary</label>
		<p hidden><button>Send</button></p>
		<button>Send</button> <button name="kind" value="later">Send later</button></form></main>`))
	b.Go("/")
	b.Fill("Name of the piece", "old")
	b.Fill("Name of the piece", "Prices & terms")
	b.Fill("Why", "Buyers ask.")
	b.Choose("Stage", "Validation")
	b.Click("Primary")
	b.Follow("Send later")
	if got, want := b.Path(), "/?name=Prices+%26+terms&why=Buyers+ask.&stage=v&key=1&kind=later"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.Scripts(false)
	b.Reload()
	b.Fill("Name of the piece", "Without scripts")
	b.Leaves(func() { b.Press("Enter") })
	if got, want := b.Path(), "/?name=Without+scripts&why=&stage="; got != want {
		t.Errorf("without scripts: got %s, want %s", got, want)
	}
}

// site serves one page under a strict policy.
func site(t *testing.T, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-n'; img-src 'self' data:; form-action 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>Page</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head><body>%s</body></html>`, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
