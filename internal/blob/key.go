package blob

import "strings"

// keyRoot leaves room beside it for another digest, should SHA-256 ever have to go.
const keyRoot = "sha256"

// IsDigest tells whether s is a SHA-256 as this package writes it: 64 characters of lower-case hex. Engines ask it
// before s becomes part of a path or key, so that no caller's string can name anything but a blob.
func IsDigest(s string) bool {
	if len(s) != 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Key is where engines keep the blob of a digest: "sha256/ab/cd/abcd...". No key is a folder of another one and
// none ends in a slash, which every object store and file system can hold. The digest must satisfy IsDigest.
func Key(digest string) string {
	return strings.Join([]string{keyRoot, digest[:2], digest[2:4], digest}, "/")
}

// DigestOf is the inverse of Key. It reports false for anything that Key does not produce.
func DigestOf(key string) (string, bool) {
	digest := key[strings.LastIndexByte(key, '/')+1:]
	if !IsDigest(digest) || Key(digest) != key {
		return "", false
	}
	return digest, true
}
