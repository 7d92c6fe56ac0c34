package browsertest

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// finder finds what can be used on a page by its name, as people do.
//
//go:embed finder.js
var finder string

// place is where something that was found is.
type place struct {
	X, Y  float64
	Fault string // why it cannot be used; "" when it can
}

// Click clicks on what is called so: a link, a button, a choice or what opens something. The name is what is written on it, or
// how it is called for who cannot see it; a CSS selector after "css=" will do as well.
func (b *Tab) Click(name string) { b.t.Helper(); b.ClickIn("body", name) }

// ClickIn is Click for what stands within the first element that fits the CSS selector.
func (b *Tab) ClickIn(selector, name string) {
	b.t.Helper()
	at := b.find("press", selector, name)
	b.do(chromedp.MouseClickXY(at.X, at.Y))
}

// Follow clicks on what leads to another page, and waits until that is loaded.
func (b *Tab) Follow(name string) { b.t.Helper(); b.FollowIn("body", name) }

// FollowIn is Follow for what stands within the first element that fits the CSS selector.
func (b *Tab) FollowIn(selector, name string) {
	b.t.Helper()
	b.Leaves(func() { b.ClickIn(selector, name) })
}

// Leaves waits until another page is loaded after something was done.
func (b *Tab) Leaves(do func()) {
	b.t.Helper()
	before := evaluate[float64](b, `performance.timeOrigin`)
	do()
	b.until(func() (bool, string) {
		return evaluate[bool](b, fmt.Sprintf(`document.readyState === "complete" && performance.timeOrigin !== %f`, before)), "no other page comes"
	})
}

// Fill types a text into the field with the label, in place of what is there.
func (b *Tab) Fill(label, text string) {
	b.t.Helper()
	b.find("field", "body", label)
	b.do(chromedp.Evaluate(`document.activeElement.select?.()`, nil))
	if text == "" {
		b.Press("Delete")
		return
	}
	b.do(input.InsertText(text))
}

// SetDate fills a field for a date, YYYY-MM-DD, which the browser's own picker does otherwise.
func (b *Tab) SetDate(label, date string) {
	b.t.Helper()
	b.find("field", "body", label)
	b.do(chromedp.Evaluate(`document.activeElement.value = `+quote(date)+`; document.activeElement.dispatchEvent(new Event("change", {bubbles: true}))`, nil))
}

// Choose takes the option that reads so in the list with the label.
func (b *Tab) Choose(label, option string) {
	b.t.Helper()
	b.find("field", "body", label)
	got := evaluate[string](b, `finder.choose(document.activeElement, `+quote(option)+`)`)
	if got != "" {
		b.t.Fatalf("%s: %q: %s", b.Path(), label, got)
	}
}

// Files chooses files of this machine in the field with the label.
func (b *Tab) Files(label string, paths ...string) {
	b.t.Helper()
	b.find("field", "body", label)
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		found, exception, err := runtime.Evaluate(`finder.found`).Do(ctx)
		if err == nil && exception != nil {
			err = exception
		}
		if err != nil {
			return err
		}
		return dom.SetFileInputFiles(paths).WithObjectID(found.ObjectID).Do(ctx)
	}))
}

// Press presses keys one after the other: a letter, or a name such as Enter, Escape, ArrowDown or Tab.
func (b *Tab) Press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		named, ok := namedKeys[key]
		if !ok {
			named = key
		}
		b.do(chromedp.KeyEvent(named))
	}
}

// SignIn signs in by the page for it, and ends where path leads.
func (b *Tab) SignIn(email, password, path string) {
	b.t.Helper()
	b.Go(path)
	b.Fill("E-mail", email)
	b.Fill("Password", password)
	b.Follow("Sign in")
}

// find waits until the page has one thing of that kind and name that can be used, brings it into view, gives fields the focus,
// and tells where it is.
func (b *Tab) find(kind, within, name string) (at place) {
	b.t.Helper()
	b.until(func() (bool, string) {
		b.do(chromedp.Evaluate(finder, nil))
		at = evaluate[place](b, fmt.Sprintf(`finder.%s(%s, %s)`, kind, quote(within), quote(name)))
		return at.Fault == "", fmt.Sprintf("%q: %s", name, at.Fault)
	})
	return at
}

func clearCookies(ctx context.Context) error { return network.ClearBrowserCookies().Do(ctx) }

// namedKeys are those without a letter.
var namedKeys = map[string]string{
	"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Backspace": kb.Backspace, "Delete": kb.Delete, "Home": kb.Home, "End": kb.End,
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}
