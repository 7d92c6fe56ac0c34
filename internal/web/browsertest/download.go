package browsertest

import (
	"context"
	"os"
	"path/filepath"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Download clicks on what is called so, and returns the file that the browser saves then, under the name that it gives it.
func (b *Tab) Download(name string) (saved string, content []byte) {
	b.t.Helper()
	folder := b.t.TempDir()
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		tab := chromedp.FromContext(ctx)
		over := cdp.WithExecutor(ctx, tab.Browser)
		info, err := target.GetTargetInfo().WithTargetID(tab.Target.TargetID).Do(over)
		if err != nil {
			return err
		}
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).
			WithBrowserContextID(info.BrowserContextID).WithDownloadPath(folder).Do(over)
	}))
	b.Click(name)
	b.until(func() (bool, string) {
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil || len(files) != 1 || filepath.Ext(files[0]) == ".crdownload" {
			return false, "no file is saved"
		}
		saved = filepath.Base(files[0])
		content, err = os.ReadFile(files[0])
		return err == nil && len(content) > 0, "the file that is saved has nothing in it"
	})
	return saved, content
}
