package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// The beginnings of secrets tell people, and scanners for leaked secrets, what they have found.
const (
	sessionPrefix = "cs_"
	tokenPrefix   = "ct_"
)

// newSecret makes a secret of 32 random bytes behind the prefix.
func newSecret(prefix string) string {
	b := make([]byte, 32)
	rand.Read(b)
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// hashSecret returns what is stored of a secret: lower-case hex SHA-256. A slow hash would gain nothing, because nobody
// guesses 32 random bytes.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
