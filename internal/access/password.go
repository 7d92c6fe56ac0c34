package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what hashing a password takes. It stands in each hash, so that raising it leaves old passwords valid.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
}

// defaultCost is what OWASP's Password Storage Cheat Sheet proposes for argon2id, with one thread.
func defaultCost() Cost { return Cost{Memory: 19 * 1024, Passes: 2} }

const (
	hashThreads = 1
	saltLength  = 16
	keyLength   = 32
)

// maxHashing bounds how many passwords are hashed at once, and so the memory that sign-ins can take (19 MiB each).
const maxHashing = 4

// hasher hashes passwords, a bounded number at once; others wait their turn.
type hasher struct{ slots chan struct{} }

func newHasher(slots int) hasher { return hasher{slots: make(chan struct{}, slots)} }

// turn runs f when a slot is free, or returns ctx's error.
func (h hasher) turn(ctx context.Context, f func() error) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.slots }()
	return f()
}

// hash returns the PHC string of a new password.
func (h hasher) hash(ctx context.Context, password string, cost Cost) (string, error) {
	var encoded string
	err := h.turn(ctx, func() error {
		encoded = hashPassword(password, cost)
		return nil
	})
	return encoded, err
}

func hashPassword(password string, cost Cost) string {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	return encodeHash(cost, salt, argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, hashThreads, keyLength))
}

func encodeHash(cost Cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Passes, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// nobodysHash is a well-formed hash that no password is known to match. An unknown account is checked against it, so that
// the answer takes as long as for a known one.
func nobodysHash(cost Cost) string {
	return encodeHash(cost, make([]byte, saltLength), make([]byte, keyLength))
}

// NoPassword is the hash of an account that no password opens.
func NoPassword() string { return nobodysHash(defaultCost()) }

// matchesPassword reports whether the PHC string was made of the password. It is called within a turn.
func matchesPassword(encoded, password string) (bool, error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, fmt.Errorf("reading password hash: not argon2id version %d", argon2.Version)
	}
	var cost Cost
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Passes, &threads); err != nil {
		return false, fmt.Errorf("reading parameters of password hash: %w", err)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("reading salt of password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("reading key of password hash: %w", err)
	}
	if len(want) == 0 || cost.Passes == 0 || threads == 0 {
		return false, fmt.Errorf("reading password hash: empty key or parameters")
	}
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
