package browsertest

import (
	"strings"
	"sync"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// questions are what the browser itself asked, in a window that stops the page: whether to go on. The answer is yes.
type questions struct {
	mu    sync.Mutex
	asked []string
}

func (q *questions) add(text string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked = append(q.asked, text)
}

func (q *questions) all() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return strings.Join(q.asked, "\n")
}

// answer says yes to a question. The click that it comes from waits for that, so it must not wait for the click.
func (b *Tab) answer(event any) {
	e, ok := event.(*page.EventJavascriptDialogOpening)
	if !ok {
		return
	}
	b.questions.add(e.Message)
	go func() { _ = chromedp.Run(b.ctx, page.HandleJavaScriptDialog(true)) }() // without an answer the click fails
}

// WasAsked fails the test unless the browser asked a question with the text in it. The answer was yes.
func (b *Tab) WasAsked(text string) {
	b.t.Helper()
	if got := b.questions.all(); !strings.Contains(got, text) {
		b.t.Errorf("the browser asked %q, want %q in it", got, text)
	}
}
