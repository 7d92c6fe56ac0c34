// Package browsertest lets tests use pages as people do: in a real browser, by what is written on buttons and beside fields,
// with the mouse and the keyboard. It knows the web, and nothing of what the pages are about.
//
// The browser is the machine's own Chromium, which scripts/test-setup installs. Without it tests are skipped, and fail when CI
// is set. One browser serves all tests of a binary; each test has tabs of its own that share nothing.
//
// A tab watches its pages: what they write to the console as an error, exceptions that nobody caught, what the
// Content-Security-Policy refused and what the browser finds wrong itself fail the test, unless it was expected.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// programs are the names that Chromium goes by.
var programs = []string{"chromium", "chromium-browser", "google-chrome"}

// errNoProgram says that this machine has no browser.
var errNoProgram = errors.New("there is no Chromium on the PATH: scripts/test-setup installs it, or on Debian apt-get install chromium")

// shared is the one browser of a test binary.
var shared = sync.OnceValues(start)

// browser is a running Chromium.
type browser struct {
	ctx context.Context // of its first, empty tab
}

// ends has how to end the browser, when it was started.
var ends = sync.OnceValue(func() chan context.CancelFunc { return make(chan context.CancelFunc, 1) })

// Run runs the tests of a binary, and ends the browser that they used. Call it from TestMain.
func Run(m interface{ Run() int }) int {
	defer func() {
		select {
		case end := <-ends():
			end()
		default:
		}
	}()
	return m.Run()
}

func start() (*browser, error) {
	path, err := program()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(patience),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		// Screenshots look the same on every machine.
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("hide-scrollbars", true),
		// Without its own name for itself, which says that a program steers it: visits by it would not count.
		chromedp.UserAgent("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses root otherwise
	}
	allocator, endProcess := chromedp.NewExecAllocator(context.Background(), options...)
	// The browser is newer than the library, and sends events that the library does not know.
	ctx, endTab := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	end := func() {
		endTab()
		endProcess() // waits for the process, and removes its folder
	}
	if err := chromedp.Run(ctx); err != nil {
		end()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	ends() <- end
	return &browser{ctx: ctx}, nil
}

// newTab opens a tab in a context of its own, which is a window of its own: Chromium has no tab without one.
func (b *browser) newTab() (context.Context, context.CancelFunc, error) {
	over := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	apart, err := target.CreateBrowserContext().Do(over)
	if err != nil {
		return nil, nil, err
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(apart).WithNewWindow(true).Do(over)
	if err != nil {
		return nil, nil, err
	}
	ctx, detach := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	// The first run is the one whose context the tab lives by, so it has no deadline.
	if err := chromedp.Run(ctx); err != nil {
		detach()
		return nil, nil, err
	}
	return ctx, func() {
		_ = target.DisposeBrowserContext(apart).Do(over) // at the latest with the browser
		detach()
	}, nil
}

func program() (string, error) {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoProgram
}

// patience is for a machine that is busy with other tests.
const patience = time.Minute

// unlessMissing skips a test for which something is not on this machine; with CI set that is a failure.
func unlessMissing(t testing.TB, err error) {
	t.Helper()
	switch {
	case (errors.Is(err, errNoProgram) || errors.Is(err, errNoAxe)) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED IN A BROWSER: %v", err)
	case err != nil:
		t.Fatalf("no browser to test in: %v", err)
	}
}
