package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/office"
	"collateral/internal/render"
	"collateral/internal/store"
)

// isOffice tells whether pictures of a version's pages are made by way of a PDF. That takes seconds, so a job does it: at
// submission, so that they are there when somebody looks, and when somebody looks and they are not.
func (r *Registry) isOffice(v *collateral.Version) bool {
	return r.Office != nil && r.Pictures != nil && !v.IsLink() && office.Reads(v.MediaType)
}

// drawLater asks for the pictures of a version. Asking again while they are asked for changes nothing: neither does a page
// write each time that it is looked at, nor does what fails come any sooner.
func drawLater(ctx context.Context, s *store.Store, v *collateral.Version) error {
	open, err := s.HasOpenJob(ctx, JobPictures, v.ID)
	if err != nil || open {
		return err
	}
	return s.Enqueue(ctx, JobPictures, v.ID)
}

// DrawPages makes the pictures of the pages of a slide deck or a document. That there can be none of it is kept as well. An
// error is returned only when another try may succeed.
func (r *Registry) DrawPages(ctx context.Context, version uuid.UUID) error {
	v, err := r.Store.VersionByID(ctx, version)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil || v.Purged || !r.isOffice(v) {
		return err
	}
	known, err := r.Store.Preview(ctx, v.SHA256)
	if err != nil || known != nil {
		return err
	}
	found, pictures, err := r.draw(ctx, v)
	if err != nil && !isNone(err) {
		return err
	}
	if err != nil {
		r.Log.Warn("a file is shown by its text: there are no pictures of it, or not of all pages", "version", v.ID, "sha256", v.SHA256, "error", err)
	}
	return r.keepPictures(ctx, v, func(tx *store.Store) error {
		if err := tx.PutPreview(ctx, v.SHA256, found); err != nil {
			return err
		}
		for i, picture := range pictures {
			if err := tx.PutPreviewPicture(ctx, v.SHA256, found.Pages[i].N, picture); err != nil {
				return err
			}
		}
		return nil
	})
}

// isNone tells that a file is to blame for it that there are no pictures of it.
func isNone(err error) bool { return errors.Is(err, render.ErrNone) || errors.Is(err, office.ErrNone) }

// draw makes all pictures at once: the PDF is not kept. What was made before an error is returned with it.
func (r *Registry) draw(ctx context.Context, v *collateral.Version) (found collateral.Preview, pictures [][]byte, err error) {
	pdf, err := r.pdfOf(ctx, v)
	if err != nil {
		return found, nil, err
	}
	d, err := r.Pictures.Open(ctx, bytes.NewReader(pdf), int64(len(pdf)))
	if err != nil {
		return found, nil, err
	}
	defer d.Close()
	for n := 1; n <= len(d.Pages); n++ {
		picture, err := d.Picture(n, pictureWidth)
		if err != nil {
			return found, pictures, fmt.Errorf("drawing page %d: %w", n, err)
		}
		found.Total, found.Pictures = d.Total, true
		found.Pages = append(found.Pages, collateral.PreviewPage{N: n, Width: picture.Width, Height: picture.Height})
		pictures = append(pictures, picture.JPEG)
	}
	return found, pictures, nil
}

// pdfOf turns a version's file into a PDF.
func (r *Registry) pdfOf(ctx context.Context, v *collateral.Version) ([]byte, error) {
	file, info, err := r.checker.Open(ctx, r.Blobs, v.SHA256, v.Size)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		return nil, fmt.Errorf("%w: %v", office.ErrNone, err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the bytes of version %s: %w", v.ID, orRefusal(err))
	}
	defer file.Close()
	pdf, err := r.Office.PDF(ctx, v.MediaType, file, info.Size)
	switch {
	case errors.Is(err, blob.ErrDamaged):
		return nil, fmt.Errorf("%w: %v", office.ErrNone, err)
	case err != nil:
		return nil, fmt.Errorf("turning version %s into a PDF: %w", v.ID, orRefusal(err))
	}
	return pdf, nil
}
