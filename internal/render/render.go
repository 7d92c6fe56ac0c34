// Package render makes pictures of the pages of PDFs. It knows no database, no pieces and no HTTP: bytes in, pictures out,
// within limits.
//
// PDFium does it, compiled to WebAssembly and run in a sandbox without files, network or clock: a hostile document can spend
// its time and its memory, and nothing else. The file with PDFium is not part of this program; "make pdfium" fetches it.
package render

import (
	"errors"
	"time"
)

// ErrNone means that no pictures can be made of a document: it is damaged, encrypted, too large, or needs more time or memory
// than it may have. The same document gets the same answer next time.
var ErrNone = errors.New("render: no pictures can be made of this document")

// Limits bound what one document may cost.
type Limits struct {
	Input  int64         // bytes of the document
	Pages  int           // that are shown; the rest is left out
	Memory uint32        // bytes in the sandbox
	Time   time.Duration // from Open to Close
	Height int           // of a picture in pixels: what would be higher is made narrower
	AtOnce int           // documents that are open at the same time
}

// DefaultLimits are generous to real documents.
func DefaultLimits() Limits {
	return Limits{Input: 64 << 20, Pages: 50, Memory: 384 << 20, Time: 20 * time.Second, Height: 2700, AtOnce: 2}
}

// Size is the width and height of a page, in points or pixels.
type Size struct{ Width, Height int }

// fit is how large a picture of the page is that is so wide, in pixels.
func (s Size) fit(width, highest int) Size {
	height := max(1, (s.Height*width+s.Width/2)/s.Width)
	if height > highest {
		return Size{Width: max(1, width*highest/height), Height: highest}
	}
	return Size{Width: width, Height: height}
}
