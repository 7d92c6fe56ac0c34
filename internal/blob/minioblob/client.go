package minioblob

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"collateral/internal/blob"
)

// newClient speaks to the store at an address. It does not retry by itself: how often and how long is said in one place,
// which is ours.
func newClient(place Place, at *url.URL, keys Keys) (*minio.Client, error) {
	who, err := credentialsOf(place, keys)
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(place.CA)
	if err != nil {
		return nil, err
	}
	lookup := minio.BucketLookupDNS
	if place.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds: who, Secure: at.Scheme == "https", Transport: transport, Region: place.Region, BucketLookup: lookup, MaxRetries: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: the endpoint %s cannot be used: %w", at, err)
	}
	return client, nil
}

func credentialsOf(place Place, keys Keys) (*credentials.Credentials, error) {
	switch {
	case keys.Access == "" && keys.Secret == "" && place.onAWS():
		return credentials.NewIAM(""), nil
	case keys.Access == "":
		return nil, errors.New("S3_ACCESS_KEY is not set: the store of the files wants to know who asks")
	case keys.Secret == "":
		return nil, errors.New("S3_SECRET_KEY is not set: it belongs to S3_ACCESS_KEY")
	}
	return credentials.NewStaticV4(keys.Access, keys.Secret, keys.Session), nil
}

// newTransport is http.DefaultTransport without limits of its own on how long an answer may take, with as many idle
// connections as uploads use, and with bodies left as they are.
func newTransport(ca string) (*http.Transport, error) {
	t := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		MaxIdleConns:        64,
		MaxIdleConnsPerHost: 64,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true,
		WriteBufferSize:     128 << 10,
		ReadBufferSize:      128 << 10,
	}
	if ca == "" {
		return t, nil
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: the certificates of option ca cannot be read: %w", err)
	}
	t.TLSClientConfig.RootCAs = x509.NewCertPool()
	if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("BLOB_URL: option ca names %s, in which there is no PEM certificate", ca)
	}
	return t, nil
}

// queryOf asks the store to answer with headers.
func queryOf(h blob.LinkHeaders) url.Values {
	query := make(url.Values)
	for name, value := range map[string]string{
		"response-content-type": h.ContentType, "response-content-disposition": h.ContentDisposition, "response-cache-control": h.CacheControl,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}
