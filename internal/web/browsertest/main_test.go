package browsertest_test

import (
	"os"
	"testing"

	"collateral/internal/web/browsertest"
)

func TestMain(m *testing.M) {
	os.Exit(ended{m}.Run())
}

// ended runs the tests of a binary, and ends afterwards what they share.
type ended struct{ m *testing.M }

func (e ended) Run() int {
	defer shared.end()
	return browsertest.Run(e.m)
}
