package browsertest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// errNoAxe says that this machine has no axe.
var errNoAxe = errors.New("there is no axe-core in the user's cache: scripts/test-setup fetches it")

// axeSource is axe-core, which scripts/test-setup puts into the user's cache.
var axeSource = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", errNoAxe
	}
	source, err := os.ReadFile(filepath.Join(cache, "collateral", "axe-core", "axe.min.js"))
	if err != nil {
		return "", errNoAxe
	}
	return string(source), nil
})

// violation is a rule of accessibility that a page breaks.
type violation struct {
	ID    string
	Help  string
	Nodes []struct {
		Target         []any
		FailureSummary string
	}
}

// Axe fails the test for every rule of accessibility that the page breaks, with the elements that do. All rules of axe count,
// best practices too. What frames show has pages of its own.
func (b *Tab) Axe() {
	b.t.Helper()
	for _, broken := range b.violations() {
		for _, node := range broken.Nodes {
			b.t.Errorf("%s at %d px breaks %s (%s) at %s: %s", b.Path(), b.width, broken.ID, broken.Help, fmt.Sprint(node.Target...),
				strings.Join(strings.Fields(node.FailureSummary), " "))
		}
	}
}

func (b *Tab) violations() []violation {
	b.t.Helper()
	source, err := axeSource()
	unlessMissing(b.t, err)
	if !evaluate[bool](b, `"axe" in globalThis`) {
		b.do(chromedp.Evaluate(source, nil)) // by the debugger, so that the page's policy has no say
	}
	return evaluate[[]violation](b, `axe.run(document, {iframes: false, resultTypes: ["violations"]}).then((r) => r.violations)`)
}
