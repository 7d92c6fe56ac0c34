package render

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// quality of the JPEGs: text stays crisp, and a page of it has some 60 kB.
const quality = 80

// Picture is a page as a JPEG.
type Picture struct {
	Size // in pixels

	JPEG []byte
}

// PictureSize is how large the picture of page n is that is so wide. The first page is 1.
func (d *Document) PictureSize(n, width int) Size {
	return d.Pages[n-1].fit(width, d.pdfium.limits.Height)
}

// Picture makes a picture of page n, so many pixels wide. The first page is 1, and the last len(d.Pages).
func (d *Document) Picture(n, width int) (Picture, error) {
	size := d.PictureSize(n, width)
	page, err := d.call("FPDF_LoadPage", d.handle, uint64(n-1))
	if err != nil {
		return Picture{}, err
	}
	if page == 0 {
		return Picture{}, fmt.Errorf("%w: page %d is damaged", ErrNone, n)
	}
	pixels, err := d.draw(page, size)
	if err != nil {
		return Picture{}, err
	}
	if _, err := d.call("FPDF_ClosePage", page); err != nil {
		return Picture{}, err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, pixels, &jpeg.Options{Quality: quality}); err != nil {
		return Picture{}, fmt.Errorf("writing the picture of page %d: %w", n, err)
	}
	return Picture{Size: size, JPEG: out.Bytes()}, nil
}

// draw draws a page on white, with its annotations.
func (d *Document) draw(page uint64, size Size) (image.Image, error) {
	const white, annotations = 0xffffffff, 0x01
	width, height := uint64(size.Width), uint64(size.Height)
	bitmap, err := d.call("FPDFBitmap_Create", width, height, 0)
	if err != nil {
		return nil, err
	}
	if bitmap == 0 {
		return nil, fmt.Errorf("%w: its pictures need more memory than they may have", ErrNone)
	}
	if _, err := d.call("FPDFBitmap_FillRect", bitmap, 0, 0, width, height, white); err != nil {
		return nil, err
	}
	if _, err := d.call("FPDF_RenderPageBitmap", bitmap, page, 0, 0, width, height, 0, annotations); err != nil {
		return nil, err
	}
	at, err := d.call("FPDFBitmap_GetBuffer", bitmap)
	if err != nil {
		return nil, err
	}
	bgrx, ok := d.module.Memory().Read(uint32(at), uint32(4*width*height))
	if !ok {
		return nil, fmt.Errorf("%w: a picture lies outside of memory", ErrNone)
	}
	pixels := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	for i := 0; i < len(bgrx); i += 4 {
		pixels.Pix[i], pixels.Pix[i+1], pixels.Pix[i+2], pixels.Pix[i+3] = bgrx[i+2], bgrx[i+1], bgrx[i], 0xff
	}
	_, err = d.call("FPDFBitmap_Destroy", bitmap)
	return pixels, err
}
