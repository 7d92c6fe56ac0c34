package browsertest_test

import (
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"collateral/internal/collateral"
	"collateral/internal/demo"
)

// mostPages bounds how many addresses a walk follows; mostAlike, how many of them differ in an id or in what is asked for only.
const (
	mostPages = 600
	mostAlike = 20
)

// leftovers are what a template leaves in a page when something is wrong with it.
var leftovers = []string{"<no value>", "&lt;no value&gt;", "%!", "ZgotmplZ", "&lt;nil&gt;", "00000000-0000-0000-0000-000000000000"}

// TestNoLinkLeadsNowhere follows every link, picture, frame and form that only asks, from the first page on, as each of the
// five roles.
func TestNoLinkLeadsNowhere(t *testing.T) {
	t.Parallel()
	for _, role := range collateral.Roles() {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			w := &walk{t: t, town: newTown(t), seen: map[string]bool{}, alike: map[string]int{}}
			w.signIn(emailOf(role))
			w.note("/", "")
			w.note("/account", "")
			for w.next < len(w.found) && w.next < mostPages {
				w.follow(w.found[w.next])
				w.next++
			}
			if w.next < 40 || w.next == mostPages {
				t.Errorf("followed %d addresses of %d, want the whole site", w.next, len(w.found))
			}
		})
	}
}

// walk is somebody's way through the site, broad before deep.
type walk struct {
	t      *testing.T
	town   *town
	client *http.Client
	found  []found
	next   int // of found, to be followed
	seen   map[string]bool
	alike  map[string]int
}

type found struct{ address, on string }

func (w *walk) signIn(email string) {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	home, err := url.Parse(w.town.url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host != home.Host {
			return http.ErrUseLastResponse // a piece that is a page elsewhere
		}
		return nil
	}}
	answer, err := w.client.PostForm(w.town.url+"/signin", url.Values{"email": {email}, "password": {demo.Password}})
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		w.t.Fatalf("signing in as %s: got status %d", email, answer.StatusCode)
	}
}

// note keeps an address to be followed, unless it was, or enough that are like it.
func (w *walk) note(address, on string) {
	address, _, _ = strings.Cut(address, "#")
	kind := kindOf(address)
	if w.seen[address] || w.alike[kind] >= mostAlike {
		return
	}
	w.seen[address] = true
	w.alike[kind]++
	w.found = append(w.found, found{address, on})
}

// kindOf is the path of an address without its ids.
func kindOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part != "" && (len(part) == 36 || strings.Trim(part, "0123456789") == "") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

func (w *walk) follow(f found) {
	w.t.Helper()
	answer, err := w.client.Get(w.town.url + f.address)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		w.t.Errorf("%s, which %s leads to: got status %d at %s", f.address, f.on, answer.StatusCode, answer.Request.URL.Path)
		return
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if kind != "text/html" || strings.HasSuffix(answer.Request.URL.Path, "/content") || strings.HasPrefix(f.address, "/api/") {
		return // what people uploaded leads where they want
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, leftover := range leftovers {
		if at := strings.Index(string(body), leftover); at >= 0 {
			w.t.Errorf("%s says %q", f.address, body[max(at-60, 0):min(at+60, len(body))])
		}
	}
	w.noteAll(answer.Request.URL, f.address, string(body))
}

// noteAll notes everything that a page leads to within the site.
func (w *walk) noteAll(at *url.URL, on, body string) {
	w.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	doc.Find("[href], [src]").Each(func(_ int, s *goquery.Selection) { w.noteFrom(at, on, s.AttrOr("href", s.AttrOr("src", ""))) })
	doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		if strings.EqualFold(form.AttrOr("method", "get"), "get") {
			w.noteFrom(at, on, form.AttrOr("action", at.Path)+"?"+asked(form).Encode())
		}
	})
	doc.Find("a[href^='#']").Each(func(_ int, s *goquery.Selection) {
		if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); id != "" && doc.Find("[id='"+id+"']").Length() == 0 {
			w.t.Errorf("%s has a link to #%s, which is not on the page", on, id)
		}
	})
}

func (w *walk) noteFrom(at *url.URL, on, address string) {
	to, err := at.Parse(address)
	if err != nil {
		w.t.Errorf("%s leads to %q, which is no address: %v", on, address, err)
		return
	}
	if to.Host == at.Host && to.Scheme == at.Scheme {
		w.note(to.RequestURI(), on)
	}
}

// asked is what a form asks for as it stands on the page.
func asked(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], select[name], button[name]").Each(func(_ int, field *goquery.Selection) {
		name, kind := field.AttrOr("name", ""), field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case (kind == "checkbox" || kind == "radio") && !checked, goquery.NodeName(field) == "button":
		case goquery.NodeName(field) == "select":
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			values.Add(name, chosen.AttrOr("value", chosen.Text()))
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	return values
}
