package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"collateral/internal/blob"
)

// Instead is content that was made out of c: what is served in its place, under its name and media type. Size and digest of its
// version are those of the new bytes. It needs no closing.
func (c *Content) Instead(content []byte) *Content {
	v := *c.Version
	sum := sha256.Sum256(content)
	v.Size, v.SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	return &Content{File: inMemory{bytes.NewReader(content)}, Version: &v, registry: c.registry, made: true}
}

// inMemory is a file that takes no closing.
type inMemory struct{ *bytes.Reader }

var _ blob.File = inMemory{}

func (inMemory) Close() error { return nil }
