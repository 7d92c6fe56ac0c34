// Package blobtest is the conformance suite of blob.Store: what every engine must do, whatever it is made of. It
// knows no engine; an engine's own test calls Run and adds only what is peculiar to that engine.
package blobtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"testing"

	"collateral/internal/blob"
)

// large is more than one buffer, one network packet and one part of a multipart upload can hold.
const large = 5<<20 + 12345

// Opened is a store under test.
type Opened struct {
	blob.Store
	// Damage puts other bytes where the store keeps a blob, behind its back.
	Damage func(t *testing.T, digest string, content []byte)
}

// Run runs the suite. It calls open once per subtest, possibly at the same time, and wants an empty store each time;
// open cleans up through t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	t.Helper()
	tests := []struct {
		name string
		run  func(t *testing.T, s blob.Store)
	}{
		{"round trip", roundTrip},
		{"same bytes twice", sameBytesTwice},
		{"concurrent puts of the same bytes", concurrentPutsSame},
		{"concurrent puts of different bytes", concurrentPutsDifferent},
		{"failing reader leaves nothing", failingReader},
		{"cut-short reader leaves nothing", cutShortReader},
		{"cancelled context leaves nothing", cancelledBefore},
		{"context cancelled while reading leaves nothing", cancelledWhileReading},
		{"seek and read a range", seekAndRange},
		{"read at an offset", readAt},
		{"two readers are independent", twoReaders},
		{"stat", stat},
		{"not found", notFound},
		{"delete", deleteTwice},
		{"delete under an open reader", deleteUnderReader},
		{"store again after delete", putAfterDelete},
		{"hostile digests", hostileDigests},
		{"open with a known size", openSized},
		{"verify", verify},
		{"list", list},
		{"delete what is stale", deleteStale},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open(t).Store)
		})
	}
	damaging := []struct {
		name string
		run  func(t *testing.T, s Opened)
	}{
		{"damage is told", damageIsTold},
		{"damage to what was found right", damageAfterward},
		{"seek while checked", seekWhileChecked},
	}
	for _, test := range damaging {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open(t))
		})
	}
}

// content returns size bytes that differ with every seed.
func content(seed uint64, size int) []byte {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	b := make([]byte, size)
	if _, err := rand.NewChaCha8(key).Read(b); err != nil {
		panic(err) // documented never to happen
	}
	return b
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mustPut(t *testing.T, s blob.Store, b []byte) blob.Info {
	t.Helper()
	info, err := s.Put(t.Context(), bytes.NewReader(b))
	if err != nil {
		t.Fatalf("Put of %d bytes: %v", len(b), err)
	}
	return info
}

func mustOpen(t *testing.T, s blob.Store, digest string) (blob.File, blob.Info) {
	t.Helper()
	r, info, err := s.Open(t.Context(), digest)
	if err != nil {
		t.Fatalf("Open(%s): %v", digest, err)
	}
	t.Cleanup(func() { r.Close() })
	return r, info
}

func wantContent(t *testing.T, s blob.Store, digest string, want []byte) {
	t.Helper()
	r, info := mustOpen(t, s, digest)
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("reading %s: %v", digest, err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("content of %s: got %d bytes that hash to %s, want %d bytes", digest, len(got), digestOf(got), len(want))
	}
	if info.Size != int64(len(want)) || info.SHA256 != digest {
		t.Errorf("Open(%s) info: got %+v, want size %d", digest, info, len(want))
	}
}

// wantNothing checks that nothing is stored: none of the digests, and where the store can list, nothing at all.
func wantNothing(t *testing.T, s blob.Store, digests ...string) {
	t.Helper()
	for _, digest := range digests {
		if info, err := s.Stat(t.Context(), digest); err == nil {
			t.Errorf("Stat(%s): got %+v, want nothing stored", digest, info)
		}
	}
	if lister, ok := s.(blob.Lister); ok {
		for digest := range listed(t, lister) {
			t.Errorf("the store lists %s, want nothing stored", digest)
		}
	}
}

func listed(t *testing.T, lister blob.Lister) map[string]blob.Info {
	t.Helper()
	all := make(map[string]blob.Info)
	err := lister.All(t.Context(), func(info blob.Info) error {
		if _, twice := all[info.SHA256]; twice {
			t.Errorf("All told %s twice", info.SHA256)
		}
		all[info.SHA256] = info
		return nil
	})
	if err != nil {
		t.Fatalf("All: %v", err)
	}
	return all
}
