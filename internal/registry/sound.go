package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"collateral/internal/blob"
)

// Sound tells whether content is what was uploaded, which takes reading it once; what was found right is remembered. With
// any error no part of it may be handed out.
func (c *Content) Sound(ctx context.Context) error {
	if c.made {
		return nil
	}
	err := c.registry.checker.Sound(ctx, c.registry.Blobs, c.Version.SHA256, c.File)
	if err != nil {
		return fmt.Errorf("checking the bytes of version %s: %w", c.Version.ID, orRefusal(err))
	}
	return nil
}

// Read implements io.Reader. That bytes are damaged is found when an answer has begun, so it is told here.
func (c *Content) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.registry.Log.Error("serving the bytes of a version was broken off", "version", c.Version.ID, "sha256", c.Version.SHA256, "error", err)
	}
	return n, err
}

// Reader is what to serve content from. A file that the kernel can send is handed out as it is: it was found right.
func (c *Content) Reader() io.ReadSeeker {
	if _, local := c.File.(syscall.Conn); local {
		return c.File
	}
	return c
}

// Link returns an address at which content can be fetched from where it lies, for as long as Registry.Links says, with the
// given headers beside its media type; "" where that is not wanted or the store has none.
func (c *Content) Link(ctx context.Context, disposition, cacheControl string) (string, error) {
	linker, ok := c.registry.Blobs.(blob.Linker)
	if !ok || c.registry.Links <= 0 || c.made {
		return "", nil
	}
	// Nobody looks at what the store hands out then.
	if err := c.Sound(ctx); err != nil {
		return "", err
	}
	headers := blob.LinkHeaders{ContentType: c.Version.MediaType, ContentDisposition: disposition, CacheControl: cacheControl}
	address, err := linker.Link(ctx, c.Version.SHA256, headers, c.registry.Links)
	if err != nil {
		return "", fmt.Errorf("making an address for the bytes of version %s: %w", c.Version.ID, orRefusal(err))
	}
	return address, nil
}
