package browsertest

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// policyReport is what pages call when the Content-Security-Policy refused something.
const policyReport = "browsertestPolicyReport"

// onPolicy has every page report what its policy refused. Together with the browser's own findings nothing is missed: those
// come also where scripts are switched off.
const onPolicy = `document.addEventListener("securitypolicyviolation", (e) => ` + policyReport +
	`(e.effectiveDirective + " refused " + (e.blockedURI || "inline") + " at " + e.sourceFile + ":" + e.lineNumber))`

// watch switches on all events that tell of faults.
func watch() chromedp.Action {
	return chromedp.Tasks{
		runtime.Enable(), log.Enable(), audits.Enable(), network.Enable(), page.Enable(),
		runtime.AddBinding(policyReport),
		chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := page.AddScriptToEvaluateOnNewDocument(onPolicy).Do(ctx)
			return err
		}),
	}
}

// faults are what the pages of a tab did wrong.
type faults struct {
	mu       sync.Mutex
	seen     []string
	expected []string
}

func (f *faults) expect(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expected = append(f.expected, text)
}

func (f *faults) add(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = append(f.seen, fmt.Sprintf(format, args...))
}

// listen takes note of an event that tells of a fault.
func (f *faults) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		f.add("exception: %s", e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert || e.Type == runtime.APITypeWarning {
			f.add("console: %s", said(e.Args))
		}
	case *runtime.EventBindingCalled:
		if e.Name == policyReport {
			f.add("policy: %s", e.Payload)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			f.add("browser: %s (%s) %s", e.Entry.Text, e.Entry.Source, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if refused := e.Issue.Details.ContentSecurityPolicyIssueDetails; refused != nil {
			f.add("policy: %s refused %s", refused.ViolatedDirective, refused.BlockedURL)
		}
	}
}

func said(args []*runtime.RemoteObject) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = strings.Trim(string(arg.Value), `"`)
		if words[i] == "" {
			words[i] = arg.Description
		}
	}
	return strings.Join(words, " ")
}

// unexpected returns what was seen and not expected.
func (f *faults) unexpected() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var rest []string
	for _, fault := range f.seen {
		allowed := false
		for _, text := range f.expected {
			allowed = allowed || strings.Contains(fault, text)
		}
		if !allowed {
			rest = append(rest, fault)
		}
	}
	return rest
}
