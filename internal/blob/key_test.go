package blob_test

import (
	"strings"
	"testing"

	"collateral/internal/blob"
)

const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func TestIsDigest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, s string
		want    bool
	}{
		{"digest", digest, true},
		{"empty", "", false},
		{"upper case", strings.ToUpper(digest), false},
		{"one short", digest[1:], false},
		{"one long", digest + "0", false},
		{"not hex", "g" + digest[1:], false},
		{"path of the right length", "../../" + digest[6:], false},
		{"NUL at the end", digest[:63] + "\x00", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := blob.IsDigest(test.s); got != test.want {
				t.Errorf("IsDigest(%q) = %v, want %v", test.s, got, test.want)
			}
		})
	}
}

func TestKeyAndBack(t *testing.T) {
	t.Parallel()
	key := blob.Key(digest)
	if want := "sha256/9f/86/" + digest; key != want {
		t.Errorf("Key = %q, want %q", key, want)
	}
	if got, ok := blob.DigestOf(key); !ok || got != digest {
		t.Errorf("DigestOf(%q) = %q, %v, want %q, true", key, got, ok, digest)
	}
	for _, foreign := range []string{"", digest, "sha256/9f/87/" + digest, "sha256/9f/86/x", "md5/9f/86/" + digest, key + "/"} {
		if got, ok := blob.DigestOf(foreign); ok {
			t.Errorf("DigestOf(%q) = %q, true, want false", foreign, got)
		}
	}
}
