package minioblob_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collateral/internal/blob/minioblob"
	"collateral/internal/blob/s3test"
)

// What is wrong with a store is said at the start, in one sentence that names the setting and tells no secret.
func TestOpenExplains(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	tls := overTLS(t, server)
	unread := filepath.Join(t.TempDir(), "unread.pem")
	if err := os.WriteFile(unread, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	on := func(endpoint string, options ...string) string {
		return "s3://none-of-ours?" + strings.Join(append(options, "endpoint="+endpoint), "&")
	}
	tests := []struct {
		name, address string
		keys          minioblob.Keys
		want          string
	}{
		{"no bucket", on(server.URL), keys(), `BLOB_URL: there is no bucket "none-of-ours"`},
		{"no access key", on(server.URL), minioblob.Keys{}, "S3_ACCESS_KEY is not set"},
		{"no secret", on(server.URL), minioblob.Keys{Access: s3test.Access}, "S3_SECRET_KEY is not set"},
		{"unknown access key", on(server.URL), minioblob.Keys{Access: "nobody", Secret: "hidden"}, "S3_ACCESS_KEY: the store"},
		{"wrong secret", on(server.URL), minioblob.Keys{Access: s3test.Access, Secret: "hidden"}, "S3_SECRET_KEY: the store"},
		{"wrong region", on(server.URL, "region=mars-north-1"), keys(), "BLOB_URL: region=mars-north-1 is not the region"},
		{"nobody listens", on("http://127.0.0.1:1"), keys(), "BLOB_URL: the store at http://127.0.0.1:1 cannot be reached"},
		{"no such name", on("http://store.invalid"), keys(), "BLOB_URL: "},
		{"TLS to a store without", on(strings.Replace(server.URL, "http:", "https:", 1)), keys(), "BLOB_URL: the store does not speak TLS: write its endpoint as http://"},
		{"no TLS to a store with it", on(strings.Replace(tls.URL, "https:", "http:", 1)), keys(), "BLOB_URL: the store "},
		{"unknown certificate", on(tls.URL), keys(), "name who has with ca=FILE"},
		{"certificates are not there", on(tls.URL, "ca=/nowhere.pem"), keys(), "BLOB_URL: the certificates of option ca cannot be read"},
		{"certificates are none", on(tls.URL, "ca="+unread), keys(), "in which there is no PEM certificate"},
		{"certificate for another name", on(strings.Replace(tls.URL, "127.0.0.1", "localhost", 1), "ca="+certificateOf(t, tls)), keys(), "BLOB_URL: the certificate of https://localhost"},
		{"own certificate", on(tls.URL, "ca="+certificateOf(t, tls)), keys(), `there is no bucket "none-of-ours"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := openStore(t, test.address, test.keys)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want a sentence with %q", err, test.want)
			}
			for _, secret := range []string{"hidden", s3test.Secret} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the secret is told: %v", err)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("got more than a line: %v", err)
			}
		})
	}
}

// A store behind TLS with a certificate of one's own works as any other.
func TestOwnCertificate(t *testing.T) {
	t.Parallel()
	server := s3test.Shared(t)
	tls := overTLS(t, server)
	s := mustOpenStore(t, strings.Replace(server.BucketURL("ca="+certificateOf(t, tls)), server.URL, tls.URL, 1))
	mustPut(t, s, random(9<<20))
}

// overTLS puts a server behind a certificate that nobody has signed.
func overTLS(t *testing.T, server *s3test.Server) *httptest.Server {
	t.Helper()
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = at.Scheme, at.Host, r.In.Host // which is signed
	}})
	proxy.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust it, as they should not
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	return proxy
}

func certificateOf(t *testing.T, server *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
