package registry

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/render"
	"collateral/internal/store"
)

// pictureWidth is how wide pictures of pages are in pixels: enough to read them on a laptop.
const pictureWidth = 900

// picturesAtOnce are made when one of them is asked for: who looks at a page looks at the next, and opening the file costs
// more than drawing.
const picturesAtOnce = 4

// Picture is how a page looks.
type Picture struct {
	JPEG    []byte
	Version *collateral.Version
}

// Preview says how a version that the actor was given can be shown: by pictures of its pages where they can be made, else by
// their text. Without either it has no pages.
func (r *Registry) Preview(ctx context.Context, v *collateral.Version) (collateral.Preview, error) {
	if v.Purged || v.IsLink() {
		return collateral.Preview{}, nil
	}
	texts, err := r.Store.VersionPages(ctx, v.ID)
	if err != nil {
		return collateral.Preview{}, err
	}
	known, err := r.measured(ctx, v)
	if err != nil {
		return collateral.Preview{}, err
	}
	if !known.Pictures {
		p := textOnly(texts)
		p.Coming = known.Coming
		return p, nil
	}
	// On its way to a PDF a document may get other pages than those that its text was read by, and a deck lose hidden slides.
	samePages := len(texts) == known.Total || !r.isOffice(v)
	for i, page := range known.Pages {
		if samePages && page.N <= len(texts) {
			known.Pages[i].Text = texts[page.N-1]
		}
	}
	return *known, nil
}

// textOnly is the preview of a file by its words. Pages without any are left out.
func textOnly(texts []string) collateral.Preview {
	p := collateral.Preview{Total: len(texts)}
	for i, text := range texts {
		if text != "" && len(p.Pages) < render.DefaultLimits().Pages {
			p.Pages = append(p.Pages, collateral.PreviewPage{N: i + 1, Text: text})
		}
	}
	return p
}

// PublishedPicture returns how a page looks of what is published of a piece. Whoever serves it says with Opened that it was
// used.
func (r *Registry) PublishedPicture(ctx context.Context, actor collateral.Actor, id uuid.UUID, page int) (*Picture, error) {
	v, err := r.Store.PublishedVersion(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return nil, err
	}
	return r.picture(ctx, v, page)
}

// VersionPicture returns how a page looks of version n of a piece, for those who may open that.
func (r *Registry) VersionPicture(ctx context.Context, actor collateral.Actor, id uuid.UUID, n, page int) (*Picture, error) {
	v, err := r.version(ctx, actor, id, n)
	if err != nil {
		return nil, err
	}
	return r.picture(ctx, v, page)
}

// PictureOf returns how a page looks of a version that its reader was let in to by other means than an account, and records
// nothing.
func (r *Registry) PictureOf(ctx context.Context, v *collateral.Version, page int) (*Picture, error) {
	return r.picture(ctx, v, page)
}

// picture returns the picture of a page. It is made, with those after it, when it is asked for the first time; who asks for the
// same ones at that moment waits for them.
func (r *Registry) picture(ctx context.Context, v *collateral.Version, page int) (*Picture, error) {
	if v.Purged {
		return nil, collateral.Errorf(collateral.Gone, "The bytes of this version were purged.")
	}
	known, err := r.measured(ctx, v)
	if err != nil {
		return nil, err
	}
	if page < 1 || page > len(known.Pages) {
		return nil, noPicture(page)
	}
	kept, err := r.Store.PreviewPicture(ctx, v.SHA256, page)
	if err != nil || kept != nil {
		return &Picture{JPEG: kept, Version: v}, err
	}
	if r.isOffice(v) { // all of them were made at once
		return nil, noPicture(page)
	}
	first := page - (page-1)%picturesAtOnce
	made, err, _ := r.making.Do(v.SHA256+" "+strconv.Itoa(first), func() (any, error) {
		return r.makePictures(context.WithoutCancel(ctx), v, first, min(first+picturesAtOnce-1, len(known.Pages)))
	})
	if err != nil {
		return nil, err
	}
	pictures, ok := made.(map[int][]byte)
	if !ok || pictures[page] == nil {
		return nil, noPicture(page)
	}
	return &Picture{JPEG: pictures[page], Version: v}, nil
}

func noPicture(page int) error {
	return collateral.Errorf(collateral.NotFound, "There is no picture of page %d.", page)
}

// measured returns how large the pages of a version are, and that there are none where no pictures can be made.
func (r *Registry) measured(ctx context.Context, v *collateral.Version) (*collateral.Preview, error) {
	isPDF := r.Pictures != nil && !v.IsLink() && v.MediaType == "application/pdf"
	if !isPDF && !r.isOffice(v) {
		return &collateral.Preview{}, nil
	}
	known, err := r.Store.Preview(ctx, v.SHA256)
	if err != nil || known != nil {
		return known, err
	}
	if !isPDF {
		if err := drawLater(ctx, r.Store, v); err != nil {
			// Who only looks is shown the text, also when nothing can be written.
			r.Log.Warn("pictures of a file cannot be asked for", "version", v.ID, "error", err)
			return &collateral.Preview{}, nil
		}
		return &collateral.Preview{Coming: true}, nil
	}
	found := collateral.Preview{}
	err = r.withPages(ctx, v, func(d *render.Document) error {
		found.Total, found.Pictures = d.Total, true
		for n := 1; n <= len(d.Pages); n++ {
			size := d.PictureSize(n, pictureWidth)
			found.Pages = append(found.Pages, collateral.PreviewPage{N: n, Width: size.Width, Height: size.Height})
		}
		return nil
	})
	if err != nil && !errors.Is(err, render.ErrNone) {
		return nil, err
	}
	return &found, r.keepPictures(ctx, v, func(tx *store.Store) error { return tx.PutPreview(ctx, v.SHA256, found) })
}

// makePictures makes those of the pages from first to last, and keeps them. A page that cannot be drawn has none.
func (r *Registry) makePictures(ctx context.Context, v *collateral.Version, first, last int) (map[int][]byte, error) {
	made := make(map[int][]byte)
	err := r.withPages(ctx, v, func(d *render.Document) error {
		for n := first; n <= min(last, len(d.Pages)); n++ {
			picture, err := d.Picture(n, pictureWidth)
			if err != nil {
				return err
			}
			made[n] = picture.JPEG
		}
		return nil
	})
	if err != nil && !errors.Is(err, render.ErrNone) {
		return nil, err
	}
	return made, r.keepPictures(ctx, v, func(tx *store.Store) error {
		for n, picture := range made {
			if err := tx.PutPreviewPicture(ctx, v.SHA256, n, picture); err != nil {
				return err
			}
		}
		return nil
	})
}

// withPages opens a version's file for its pages.
func (r *Registry) withPages(ctx context.Context, v *collateral.Version, use func(*render.Document) error) error {
	file, info, err := r.checker.Open(ctx, r.Blobs, v.SHA256, v.Size)
	if errors.Is(err, blob.ErrNotFound) || errors.Is(err, blob.ErrDamaged) {
		return fmt.Errorf("%w: %v", render.ErrNone, err)
	}
	if err != nil {
		return fmt.Errorf("opening the bytes of version %s: %w", v.ID, orRefusal(err))
	}
	defer file.Close()
	d, err := r.Pictures.Open(ctx, file, info.Size)
	if err != nil {
		return err
	}
	defer d.Close()
	return use(d)
}

// keepPictures stores what was made, unless the bytes ceased to be used meanwhile: then their pictures must not stay either.
func (r *Registry) keepPictures(ctx context.Context, v *collateral.Version, put func(tx *store.Store) error) error {
	return r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockBlob(ctx, v.SHA256); err != nil {
			return err
		}
		used, err := tx.BlobInUse(ctx, v.SHA256)
		if err != nil || !used {
			return err
		}
		return put(tx)
	})
}

// ForgetPictures drops pictures that are older than age. They are made again when somebody looks, so what nobody looks at any
// more takes no room.
func (r *Registry) ForgetPictures(ctx context.Context, age time.Duration) error {
	before := r.Store.Now().Add(-age)
	return r.Store.Tx(ctx, func(tx *store.Store) error { return tx.ForgetPreviews(ctx, before) })
}
