package minioblob

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"collateral/internal/blob"
)

// explain says in one sentence why a store cannot be used and which setting to look at. What the store said itself follows.
// It is blob.ErrUnavailable only where waiting may help.
func explain(p Place, err error) error {
	if isAway(err) {
		return fmt.Errorf("%s: %w", reason(p, err), err)
	}
	return fmt.Errorf("%s: %v", reason(p, err), err) // what is configured wrong is not away
}

// isAway tells a store that does not answer from one that refuses, or cannot be spoken to.
func isAway(err error) bool {
	if response, answered := errors.AsType[minio.ErrorResponse](err); answered {
		return response.StatusCode >= http.StatusInternalServerError
	}
	var certificate *tls.CertificateVerificationError
	var notTLS tls.RecordHeaderError
	return !errors.As(err, &certificate) && !errors.As(err, &notTLS) && !strings.Contains(err.Error(), "HTTP response to HTTPS client")
}

func reason(p Place, err error) string {
	response, answered := errors.AsType[minio.ErrorResponse](err)
	switch {
	case !answered:
		return unreachable(p, err)
	case errors.Is(err, blob.ErrFull):
		return fmt.Sprintf("BLOB_URL: there is no room left in bucket %q at %s", p.Bucket, p.Endpoint)
	case strings.Contains(err.Error(), "HTTP request to an HTTPS server"):
		return fmt.Sprintf("BLOB_URL: the store speaks TLS: write its endpoint as https://%s", p.Endpoint.Host)
	}
	switch response.Code {
	case minio.NoSuchBucket:
		return fmt.Sprintf("BLOB_URL: there is no bucket %q at %s: make it, or add create=true to have it made", p.Bucket, p.Endpoint)
	case minio.InvalidAccessKeyID, "XAdminUserNotFound", "InvalidToken", "ExpiredToken":
		return fmt.Sprintf("S3_ACCESS_KEY: the store at %s does not know this key", p.Endpoint)
	case minio.SignatureDoesNotMatch:
		return fmt.Sprintf("S3_SECRET_KEY: the store at %s does not take it as the secret of S3_ACCESS_KEY", p.Endpoint)
	case minio.AuthorizationHeaderMalformed, minio.InvalidRegion, "PermanentRedirect", "IllegalLocationConstraintException":
		return fmt.Sprintf("BLOB_URL: region=%s is not the region of bucket %q", p.Region, p.Bucket)
	case minio.AccessDenied, minio.AllAccessDisabled, minio.BucketAlreadyExists:
		return fmt.Sprintf("S3_ACCESS_KEY: this key may not list and write bucket %q at %s", p.Bucket, p.Endpoint)
	case minio.RequestTimeTooSkewed:
		return fmt.Sprintf("BLOB_URL: the clocks of this machine and of the store at %s differ too much", p.Endpoint)
	case minio.NotImplemented, minio.InvalidArgument:
		if p.SSE != nil {
			return fmt.Sprintf("BLOB_URL: the store at %s does not take sse, or not this key", p.Endpoint)
		}
	}
	return fmt.Sprintf("BLOB_URL: the store at %s does not work as one that speaks S3 should", p.Endpoint)
}

// unreachable is for a store that gave no answer.
func unreachable(p Place, err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	var notTLS tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return fmt.Sprintf("BLOB_URL: nobody this machine trusts has signed the certificate of %s: name who has with ca=FILE", p.Endpoint)
	case errors.As(err, &wrongName):
		return fmt.Sprintf("BLOB_URL: the certificate of %s is for another name", p.Endpoint)
	case errors.As(err, &invalid):
		return fmt.Sprintf("BLOB_URL: the certificate of %s is not valid", p.Endpoint)
	case errors.As(err, &notTLS), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return fmt.Sprintf("BLOB_URL: the store does not speak TLS: write its endpoint as http://%s", p.Endpoint.Host)
	case errors.As(err, &dns):
		return fmt.Sprintf("BLOB_URL: there is no server by the name of %s", p.Endpoint.Hostname())
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("BLOB_URL: the store at %s does not answer in time", p.Endpoint)
	}
	return fmt.Sprintf("BLOB_URL: the store at %s cannot be reached", p.Endpoint)
}
