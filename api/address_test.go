package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"collateral/internal/store"
	"collateral/internal/store/storetest"
)

// Behind a proxy of ours each caller has a limit of their own; past it nobody gets another one by a header.
func TestSignInLimitBehindAProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t, store.SQLite))
	attempt := func(peer, forwarded string) int {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, BasePath+"/sessions", strings.NewReader(`{"email":"ada@example.com","password":"not this one"}`))
		r.Header.Set("Content-Type", mediaJSON)
		r.Header.Set("X-Forwarded-For", forwarded)
		r.RemoteAddr = peer + ":40000"
		return w.send(nil, r).status
	}
	const limit = 10
	for _, from := range []struct {
		what, peer string
		forwarded  func(attempt int) string
	}{
		{"one caller behind the proxy", "198.51.100.7", func(n int) string { return fmt.Sprintf("192.0.2.%d, 203.0.113.1", n) }},
		{"another caller behind the proxy", "198.51.100.7", func(n int) string { return fmt.Sprintf("192.0.2.%d, 203.0.113.2", n) }},
		{"a caller past the proxy", "203.0.113.3", func(n int) string { return fmt.Sprintf("192.0.2.%d", n) }},
	} {
		for n := range limit {
			if got := attempt(from.peer, from.forwarded(n)); got != 401 {
				t.Fatalf("%s, failure %d: got %d, want 401", from.what, n+1, got)
			}
		}
		if got := attempt(from.peer, from.forwarded(limit)); got != 429 {
			t.Errorf("%s, after %d failures: got %d, want 429", from.what, limit, got)
		}
	}
}
