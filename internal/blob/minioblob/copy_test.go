package minioblob_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"collateral/internal/blob"
	"collateral/internal/blob/s3test"
)

// A store that does not copy parts copies the whole.
func TestStoreWithoutCopiesOfParts(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var refused atomic.Int64
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(at)
		r.Out.Host = r.In.Host // which is signed
	}}
	poor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Copy-Source-Range") == "" {
			through.ServeHTTP(w, r)
			return
		}
		refused.Add(1)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotImplemented)
		_, _ = io.WriteString(w, "<Error><Code>NotImplemented</Code><Message>no copies of parts</Message></Error>")
	}))
	t.Cleanup(poor.Close)
	address := strings.Replace(server.BucketURL(), server.URL, poor.URL, 1)
	s := mustOpenStore(t, address)
	info := mustPut(t, s, random(large))
	if err := blob.Verify(t.Context(), s, info.SHA256); err != nil || info.Size != large {
		t.Errorf("got %d bytes, %v, want %d", info.Size, err, large)
	}
	if refused.Load() == 0 {
		t.Error("no copy of a part was asked for")
	}
	wantNothingUnfinished(t, address)
}
