package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// unlimited is a connection as fast as the machine.
const unlimited = -1

// Slow lets the tab send so many bytes a second, and no more.
func (b *Tab) Slow(bytes int) { b.t.Helper(); b.connection(false, float64(bytes)) }

// Offline cuts the tab off; what is under way breaks.
func (b *Tab) Offline() { b.t.Helper(); b.connection(true, unlimited) }

// Online connects the tab again, at full speed.
func (b *Tab) Online() { b.t.Helper(); b.connection(false, unlimited) }

func (b *Tab) connection(cut bool, upload float64) {
	b.t.Helper()
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		all := &network.Conditions{DownloadThroughput: unlimited, UploadThroughput: upload}
		_, err := network.EmulateNetworkConditionsByRule(cut, []*network.Conditions{all}).Do(ctx)
		return err
	}))
}
