package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// secretPrefix tells people, and scanners for leaked secrets, what they have found.
const secretPrefix = "whsec_"

// secretBytes is the length of a key; the specification wants 24 to 64.
const secretBytes = 32

// NewSecret makes a secret in the form of the specification: whsec_ and the key in base64.
func NewSecret() string {
	key := make([]byte, secretBytes)
	rand.Read(key)
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// signatures are those of a message by each of its secrets, as the header Webhook-Signature has them: version 1 of
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md is HMAC-SHA256 over the
// message's id, time and body.
func signatures(m Message) (string, error) {
	var all []string
	for _, secret := range m.Secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil {
			return "", errors.New("the secret of the webhook is not in the form of one") // its text stays untold
		}
		mac := hmac.New(sha256.New, key)
		mac.Write(fmt.Appendf(nil, "%s.%d.%s", m.ID, m.At.Unix(), m.Body))
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, " "), nil
}
