package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a window of a browser that shares no cookies with others. Its methods fail the test when what they should do cannot
// be done in time.
type Tab struct {
	t         testing.TB
	ctx       context.Context
	url       string // of the site
	faults    *faults
	questions *questions
	width     int
}

// The widths that pages are made for.
const (
	Laptop = 1440
	Phone  = 390
)

// Open opens an empty tab for a site, http://HOST:PORT. It closes with the test, which fails when a page had a fault that was
// not expected.
func Open(t testing.TB, site string) *Tab {
	t.Helper()
	b, err := shared()
	unlessMissing(t, err)
	ctx, closeTab, err := b.newTab()
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	tab := &Tab{t: t, ctx: ctx, url: strings.TrimSuffix(site, "/"), faults: &faults{}, questions: &questions{}}
	t.Cleanup(func() {
		if t.Failed() {
			tab.keepPicture()
		}
		closeTab()
		for _, fault := range tab.faults.unexpected() {
			t.Errorf("fault of a page: %s", fault)
		}
	})
	chromedp.ListenTarget(ctx, tab.faults.listen)
	chromedp.ListenTarget(ctx, tab.answer)
	tab.do(watch())
	tab.Width(Laptop)
	return tab
}

// do has the browser do something.
func (b *Tab) do(actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.t.Fatalf("the browser: %v", err)
	}
}

// Go opens an address of the site and waits until it is loaded.
func (b *Tab) Go(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// Reload loads the page again.
func (b *Tab) Reload() {
	b.t.Helper()
	b.do(chromedp.Reload())
}

// Path is the path and the query of the page that is shown.
func (b *Tab) Path() string {
	b.t.Helper()
	return evaluate[string](b, `location.pathname + location.search`)
}

// Width makes the window so wide, in CSS pixels, and as high as such windows are.
func (b *Tab) Width(width int) {
	b.t.Helper()
	b.width = width
	height, phone := int64(900), width < 600
	if phone {
		height = 844
	}
	b.do(emulation.SetDeviceMetricsOverride(int64(width), height, 1, phone), emulation.SetTouchEmulationEnabled(phone))
}

// Print shows pages as they are printed, or as on a screen again.
func (b *Tab) Print(on bool) {
	b.t.Helper()
	medium := "screen"
	if on {
		medium = "print"
	}
	b.do(emulation.SetEmulatedMedia().WithMedia(medium))
}

// Dark chooses whether the system prefers dark pages.
func (b *Tab) Dark(dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}))
}

// Scripts switches the scripts of pages on or off, from the next page on.
func (b *Tab) Scripts(on bool) {
	b.t.Helper()
	b.do(emulation.SetScriptExecutionDisabled(!on))
}

// Forget drops all cookies, as if the session had ended.
func (b *Tab) Forget() {
	b.t.Helper()
	b.do(chromedp.ActionFunc(clearCookies))
}

// Expect allows faults that contain the text.
func (b *Tab) Expect(fault string) { b.faults.expect(fault) }

// Shows fails the test unless what fits the CSS selector says the text, or comes to do so in time.
func (b *Tab) Shows(selector, text string) {
	b.t.Helper()
	b.until(func() (bool, string) {
		got := b.Text(selector)
		return strings.Contains(got, text), fmt.Sprintf("%s says %q, want %q in it", selector, got, text)
	})
}

// Holds fails the test unless the field that fits the CSS selector has the text in it, or comes to have it in time.
func (b *Tab) Holds(selector, text string) {
	b.t.Helper()
	b.until(func() (bool, string) {
		got := evaluate[string](b, `document.querySelector(`+quote(selector)+`)?.value ?? "nothing"`)
		return strings.Contains(got, text), fmt.Sprintf("%s holds %q, want %q in it", selector, got, text)
	})
}

// Hides fails the test unless nothing is to be seen that fits the CSS selector, or comes to be so in time.
func (b *Tab) Hides(selector string) {
	b.t.Helper()
	b.until(func() (bool, string) {
		got := b.Count(selector)
		return got == 0, fmt.Sprintf("%d elements like %s are to be seen, want none", got, selector)
	})
}

// Text is what can be seen of what fits the CSS selector, with single blanks.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	text := evaluate[string](b, `[...document.querySelectorAll(`+quote(selector)+`)].map((e) => e.innerText ?? e.textContent).join(" ")`)
	return strings.Join(strings.Fields(text), " ")
}

// Count is how many elements that fit the CSS selector are to be seen.
func (b *Tab) Count(selector string) int {
	b.t.Helper()
	return evaluate[int](b, `[...document.querySelectorAll(`+quote(selector)+`)].filter((e) => e.checkVisibility()).length`)
}

// Until fails the test unless a JavaScript expression is true, or comes to be so in time.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	b.until(func() (bool, string) { return evaluate[bool](b, expression), expression + " is not so" })
}

// Eval returns what a JavaScript expression comes to, in JSON.
func (b *Tab) Eval(expression string) json.RawMessage {
	b.t.Helper()
	return evaluate[json.RawMessage](b, expression)
}

// until waits for something to be so; what says what is not.
func (b *Tab) until(so func() (ok bool, what string)) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ok, what := so()
		switch {
		case ok:
			return
		case time.Now().After(deadline):
			b.t.Fatalf("%s: %s", b.Path(), what)
		}
	}
}

// evaluate returns what a JavaScript expression comes to. While one page goes and the next comes there is none to ask, so it
// is asked again.
func evaluate[T any](b *Tab, expression string) (result T) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Run(ctx, chromedp.Evaluate(expression, &result, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
			return p.WithAwaitPromise(true)
		}))
		cancel()
		if err == nil {
			return result
		}
		gone := strings.Contains(err.Error(), "context") || strings.Contains(err.Error(), "navigated")
		if !gone || time.Now().After(deadline) {
			b.t.Fatalf("asking the page %.200s: %v", expression, err)
		}
	}
}

// keepPicture keeps what a failed test saw last, for "go test -artifacts".
func (b *Tab) keepPicture() {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	var picture []byte
	err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().Do(ctx)
		return err
	}))
	if err == nil {
		writePicture(b.t, filepath.Join(b.t.ArtifactDir(), "last.png"), picture)
	}
}

// quote writes text as a string of JavaScript.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // text cannot fail
	}
	return string(quoted)
}
