package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"collateral/internal/blob"
	"collateral/internal/collateral"
	"collateral/internal/extract"
	"collateral/internal/store"
)

// File is an upload on its way in.
type File struct {
	Name    string
	Note    string
	Content io.Reader
	// NoteAfter returns the note of an upload in which it may stand behind the content, and is asked when the content
	// was read to its end; nil when Note is it.
	NoteAfter func() string
}

// Upload stores a file as the next version of a piece. Sent again while nothing became of it, it is the version that it
// became the first time. The warnings name other pieces that have the same bytes, as far
// as the actor may see them. When it fails, nothing of the file remains.
func (r *Registry) Upload(ctx context.Context, actor collateral.Actor, id uuid.UUID, f File) (*collateral.Version, []string, error) {
	if err := collateral.CheckFileName("/file", f.Name); err != nil {
		return nil, nil, err
	}
	// Before the bytes are taken: a refusal should not cost the sender a whole upload.
	if err := mayUpload(ctx, r.Store, actor, id); err != nil {
		return nil, nil, err
	}
	v, err := r.takeFile(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	warnings, err := r.addVersion(ctx, actor, id, v)
	if err != nil {
		r.free(ctx, v.SHA256)
		return nil, nil, err
	}
	return v, warnings, nil
}

// takeFile stores a file's bytes and returns the version that they are to become.
func (r *Registry) takeFile(ctx context.Context, f File) (*collateral.Version, error) {
	head := make([]byte, extract.HeadSize)
	n, err := io.ReadFull(f.Content, head)
	switch {
	case errors.Is(err, io.EOF):
		return nil, collateral.Fault("/file", "The file is empty.")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, readFault(err)
	}
	head = head[:n]
	limited := &limitedReader{r: io.MultiReader(bytes.NewReader(head), f.Content), left: r.MaxUpload, limit: r.MaxUpload}
	info, err := r.checker.Put(ctx, r.Blobs, limited)
	if err != nil {
		return nil, readFault(err)
	}
	if f.NoteAfter != nil {
		f.Note = f.NoteAfter()
	}
	return &collateral.Version{FileName: f.Name, Note: f.Note, MediaType: extract.MediaType(head, f.Name), Size: info.Size, SHA256: info.SHA256}, nil
}

// AddLink stores an address as the next version of a piece.
func (r *Registry) AddLink(ctx context.Context, actor collateral.Actor, id uuid.UUID, address, note string) (*collateral.Version, []string, error) {
	if err := collateral.CheckURL("/url", address); err != nil {
		return nil, nil, err
	}
	v := linkVersion(address, note)
	warnings, err := r.addVersion(ctx, actor, id, v)
	return v, warnings, err
}

// linkVersion is the version that an address is to become.
func linkVersion(address, note string) *collateral.Version {
	sum := sha256.Sum256([]byte(address))
	return &collateral.Version{URL: address, Note: note, MediaType: collateral.LinkMediaType, Size: int64(len(address)), SHA256: hex.EncodeToString(sum[:])}
}

// CopyVersion makes a new version of the bytes of an earlier one, so that other tags or another audience can be signed.
func (r *Registry) CopyVersion(ctx context.Context, actor collateral.Actor, id uuid.UUID, from int, note string) (*collateral.Version, []string, error) {
	if err := mayUpload(ctx, r.Store, actor, id); err != nil {
		return nil, nil, err
	}
	old, err := r.Store.Version(ctx, id, from)
	if collateral.KindOf(err) == collateral.NotFound {
		return nil, nil, collateral.Fault("/from", "The piece has no version %d.", from)
	}
	if err != nil {
		return nil, nil, err
	}
	if old.Purged {
		return nil, nil, collateral.Fault("/from", "The bytes of version %d were purged. Upload the file again.", from)
	}
	v := &collateral.Version{FileName: old.FileName, MediaType: old.MediaType, Size: old.Size, SHA256: old.SHA256, URL: old.URL, Note: note}
	warnings, err := r.addVersion(ctx, actor, id, v)
	return v, warnings, err
}

// mayUpload loads the whole piece only to find the right words for a refusal.
func mayUpload(ctx context.Context, s *store.Store, actor collateral.Actor, id uuid.UUID) error {
	if makes, err := s.Makes(ctx, actor.UserID, id); makes || err != nil {
		return err
	}
	a, err := s.Asset(ctx, collateral.ScopeOf(actor), id)
	if err != nil {
		return err
	}
	return mayEdit(actor, a)
}

// addVersion stores v as the asset's next draft, with the job that reads its text, unless it is the newest one again.
func (r *Registry) addVersion(ctx context.Context, actor collateral.Actor, id uuid.UUID, v *collateral.Version) ([]string, error) {
	if err := collateral.CheckNote("/note", v.Note); err != nil {
		return nil, err
	}
	err := r.Store.Tx(ctx, func(tx *store.Store) error {
		if err := tx.LockAsset(ctx, id); err != nil {
			return err
		}
		if err := mayUpload(ctx, tx, actor, id); err != nil {
			return err
		}
		v.UploadedBy = actor.UserID
		if earlier, err := again(ctx, tx, actor, id, v); err != nil {
			return err
		} else if earlier != nil {
			*v = *earlier
			return nil
		}
		return r.addDraft(ctx, tx, actor, id, v)
	})
	if err != nil {
		return nil, err
	}
	if v.Extraction == nil { // it is there again
		if err := r.fillExtractions(ctx, []*collateral.Version{v}); err != nil {
			return nil, err
		}
	}
	return r.sameBytes(ctx, actor, v)
}

// addDraft stores v as the next draft of an asset that is locked or new.
func (r *Registry) addDraft(ctx context.Context, tx *store.Store, actor collateral.Actor, id uuid.UUID, v *collateral.Version) error {
	v.ID, v.AssetID, v.UploadedBy, v.CreatedAt = tx.NewID(), id, actor.UserID, tx.Now()
	if err := tx.AddVersion(ctx, v); err != nil {
		return err
	}
	if err := r.readLater(ctx, tx, v); err != nil {
		return err
	}
	return audit(ctx, tx, actor, "version.added", id, v.ID.String())
}

// readLater enqueues the reading of a file's text, and says in v.Extraction how that stands. The bytes must still be there: they
// may have been freed between their arrival and now, when the last version that shared them went.
func (r *Registry) readLater(ctx context.Context, tx *store.Store, v *collateral.Version) error {
	if v.IsLink() {
		v.Extraction = &collateral.Extraction{VersionID: v.ID, State: collateral.ExtractionEmpty,
			Reason: "A link is found by its title, summary and tags; what it leads to is not read."}
		return tx.SetExtraction(ctx, *v.Extraction, nil)
	}
	if err := tx.LockBlob(ctx, v.SHA256); err != nil {
		return err
	}
	if _, err := r.Blobs.Stat(ctx, v.SHA256); errors.Is(err, blob.ErrNotFound) {
		return collateral.Errorf(collateral.Unavailable, "The file could not be kept. Upload it again.")
	} else if err != nil {
		return fmt.Errorf("looking for blob %s: %w", v.SHA256, orRefusal(err))
	}
	if !extract.Supported(v.MediaType) { // a job would find out no more
		unsupported := failed(v, extract.Unsupported.Sentence())
		v.Extraction = &unsupported
		return tx.SetExtraction(ctx, unsupported, nil)
	}
	v.Extraction = &collateral.Extraction{VersionID: v.ID, State: collateral.ExtractionPending}
	if err := tx.SetExtraction(ctx, *v.Extraction, nil); err != nil {
		return err
	}
	return tx.Enqueue(ctx, JobExtract, v.ID)
}

func (r *Registry) sameBytes(ctx context.Context, actor collateral.Actor, v *collateral.Version) ([]string, error) {
	others, err := r.Store.SameBytes(ctx, collateral.ScopeOf(actor), v.SHA256, v.AssetID)
	if err != nil {
		return nil, err
	}
	var warnings []string
	for _, a := range others {
		warnings = append(warnings, fmt.Sprintf("The piece %q (%s) has the same content.", a.Title, a.ID))
	}
	return warnings, nil
}

// readFault says why a file could not be taken.
func readFault(err error) error {
	err = orRefusal(err)
	if _, ok := errors.AsType[*collateral.Error](err); ok {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return collateral.Errorf(collateral.Malformed, "The upload broke off before the file's end. Nothing was stored; send it again.")
	}
	return fmt.Errorf("taking a file: %w", err)
}

// limitedReader fails with TooLarge once more than the limit was read.
type limitedReader struct {
	r           io.Reader
	left, limit int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, collateral.FileTooLarge("/file", l.limit)
	}
	return n, err
}
