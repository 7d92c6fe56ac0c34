package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Drop drags files of this machine from outside the browser onto the one element that fits the CSS selector.
func (b *Tab) Drop(selector string, paths ...string) {
	b.t.Helper()
	at := b.find("press", "body", "css="+selector)
	const copies = 1
	files := &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: copies}
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		for _, step := range []input.DispatchDragEventType{input.DragEnter, input.DragOver, input.Drop} {
			if err := input.DispatchDragEvent(step, at.X, at.Y, files).Do(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
}
