package minioblob_test

import (
	"strings"
	"testing"

	"collateral/internal/blob/minioblob"
)

func TestParsePlace(t *testing.T) {
	t.Parallel()
	p, err := minioblob.ParsePlace("s3://files/of/ours/?endpoint=http://127.0.0.1:7070&region=eu-west-1&create=true&sse=kms:one&public=https://files.example.com")
	if err != nil {
		t.Fatal(err)
	}
	if p.Bucket != "files" || p.Prefix != "of/ours/" || p.Endpoint.String() != "http://127.0.0.1:7070" || p.Public.String() != "https://files.example.com" ||
		p.Region != "eu-west-1" || !p.PathStyle || !p.Create || p.SSE == nil {
		t.Errorf("got %+v", p)
	}
	p, err = minioblob.ParsePlace("s3://files")
	if err != nil || p.Prefix != "" || p.Endpoint.String() != "https://s3.amazonaws.com" || p.Public != p.Endpoint || p.Region != "us-east-1" || p.PathStyle || p.Create || p.SSE != nil {
		t.Errorf("without options: got %+v, %v", p, err)
	}
}

func TestParsePlaceRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ address, want string }{
		{"s3://", "cannot be the name of a bucket"},
		{"s3://Files", "cannot be the name of a bucket"},
		{"s3://files/a//b", "cannot be the prefix"},
		{"s3://files/../b", "cannot be the prefix"},
		{"s3://key:hidden@files", "S3_ACCESS_KEY"},
		{"s3://files?endpoint=https://key:hidden@host", "S3_ACCESS_KEY"},
		{"s3://files?endpoint=host:9000", "endpoint is not the address of a server"},
		{"s3://files?endpoint=https://host/files", "without a path"},
		{"s3://files?public=ftp://host", "public is not the address of a server"},
		{"s3://files?endpoint=", "endpoint"},
		{"s3://files?region=", "region"},
		{"s3://files?create=perhaps", "create is true or false"},
		{"s3://files?path-style=2", "path-style is true or false"},
		{"s3://files?sse=aes", "sse is s3"},
		{"s3://files?secret=hidden", `there is no option "secret"`},
		{"s3://files?a=%zz&secret=hidden", "cannot be read"},
		{"s3://fi les", "s3://BUCKET/PREFIX"},
	}
	for _, test := range tests {
		_, err := minioblob.ParsePlace(test.address)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want a sentence with %q", test.address, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: the secret is told: %v", test.address, err)
		}
	}
}
