package access

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPasswordHash(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"correct horse", "", strings.Repeat("ä", 200), "a\x00b\xff"} {
		hash := hashPassword(password, defaultCost())
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("got hash %q, want a PHC string with the parameters", hash)
		}
		if again := hashPassword(password, defaultCost()); again == hash {
			t.Error("the same password has the same hash twice: no salt")
		}
		for _, tt := range []struct {
			tried string
			want  bool
		}{{password, true}, {password + " ", false}} {
			if got, err := matchesPassword(hash, tt.tried); got != tt.want || err != nil {
				t.Errorf("hash of %q with %q: got %v, %v, want %v", password, tt.tried, got, err, tt.want)
			}
		}
	}
}

// The vector is the reference implementation's, with parameters of its own: hashes keep theirs.
func TestPasswordHashOfOtherParameters(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := matchesPassword(hash, "password"); !ok || err != nil {
		t.Errorf("got %v, %v, want a match", ok, err)
	}
}

func TestNobodysHash(t *testing.T) {
	t.Parallel()
	cost := Cost{Memory: 64, Passes: 1}
	nobody := nobodysHash(cost)
	for _, password := range []string{"", "\x00", "password"} {
		if ok, err := matchesPassword(nobody, password); ok || err != nil {
			t.Errorf("%q: got %v, %v, want no match", password, ok, err)
		}
	}
	somebody := hashPassword("x", cost)
	parameters := func(hash string) string { return strings.Join(strings.Split(hash, "$")[:4], "$") }
	if parameters(nobody) != parameters(somebody) || len(nobody) != len(somebody) {
		t.Errorf("nobody's hash %q is not made like a real one %q", nobody, somebody)
	}
}

func TestMalformedPasswordHash(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{
		"", "plain", "$2a$10$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$argon2id$v=16$m=19456,t=2,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=x$AAAA$AAAA", "$argon2id$v=19$m=19456,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=19456,t=2,p=0$AAAA$AAAA",
		"$argon2id$v=19$m=19456,t=2,p=1$%$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$%", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$",
	} {
		if ok, err := matchesPassword(hash, ""); ok || err == nil {
			t.Errorf("%q: got %v, %v, want an error", hash, ok, err)
		}
	}
}

func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	h := newHasher(1)
	release, inside := make(chan struct{}), make(chan struct{})
	go func() {
		_ = h.turn(context.Background(), func() error {
			close(inside)
			<-release
			return nil
		})
	}()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.hash(ctx, "password", defaultCost()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while the only slot is taken: got %v, want to wait until the deadline", err)
	}
	close(release)
	if _, err := h.hash(t.Context(), "password", defaultCost()); err != nil {
		t.Errorf("after the slot was freed: got %v", err)
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"192.0.2.1":            "192.0.2.1",
		"::ffff:192.0.2.1":     "192.0.2.1",
		"2001:db8:1:2::1":      "2001:db8:1:2::/64",
		"2001:db8:1:2:a:b:c:":  "2001:db8:1:2:a:b:c:",
		"2001:db8:1:2:a:b:c:d": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"":                     "",
	}
	for address, want := range tests {
		if got := Network(address); got != want {
			t.Errorf("network of %q: got %q, want %q", address, got, want)
		}
	}
}
