package web_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// The beacon is at an address that never changes, may be loaded by any page, and is small.
func TestBeaconIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	res, err := http.Get(w.url + "/beacon.js")
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if len(script) < 1000 || len(script) >= 4<<10 {
		t.Errorf("the beacon has %d bytes, want less than 4 kB", len(script))
	}
	for name, want := range map[string]string{
		"Content-Type": "text/javascript", "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
		"Cache-Control": "public, max-age=3600", "ETag": `"`,
	} {
		if got := res.Header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q at its beginning", name, got, want)
		}
	}
	again, err := http.NewRequest(http.MethodGet, w.url+"/beacon.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", res.Header.Get("ETag"))
	res, err = http.DefaultClient.Do(again)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: got %d, %v, want 304", res.StatusCode, err)
	}
}
