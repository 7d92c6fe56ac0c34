package extract

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
)

// readOLE never yields text: the binary formats of old Office are not read. But new Office wraps a document with a
// password into the same container, and its owner should learn that the password is the reason.
func readOLE(_ context.Context, r io.ReaderAt, size int64, _ Limits) (Result, error) {
	var header [512]byte
	if _, err := r.ReadAt(header[:], 0); err != nil && err != io.EOF {
		return Result{}, fmt.Errorf("reading the container: %w", err)
	}
	if !bytes.HasPrefix(header[:], []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return Result{}, fmt.Errorf("%w: no header of a compound file", Damaged)
	}
	sector := int64(1) << min(binary.LittleEndian.Uint16(header[30:]), 12)
	directory := (int64(binary.LittleEndian.Uint32(header[48:])) + 1) * sector
	names := make([]byte, 4096)
	n, err := r.ReadAt(names, min(directory, size))
	if err != nil && err != io.EOF {
		return Result{}, fmt.Errorf("reading the container's directory: %w", err)
	}
	if bytes.Contains(names[:n], utf16le("EncryptedPackage")) {
		return Result{}, fmt.Errorf("%w: an encrypted Office document", Encrypted)
	}
	return Result{}, fmt.Errorf("%w: a compound file", OldFormat)
}

func utf16le(ascii string) []byte {
	var b []byte
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}
