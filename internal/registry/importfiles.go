package registry

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Imported is how far the rows of a batch have become pieces.
type Imported struct {
	Made   int                   // pieces, now
	Of     int                   // rows that awaited their files
	Bytes  int64                 // of the files that were taken
	Failed int                   // rows
	Faults []collateral.RowFault // why they failed
}

// ImportFiles makes a piece of each row of the batch that awaits its file and finds it, and of each link. told hears after
// every row. What keeps one file from being taken is among Faults, and the others go on; the error is about all of them.
// Whatever ends it, calling it again goes on where it was.
func (r *Registry) ImportFiles(ctx context.Context, actor collateral.Actor, batch *collateral.Batch, files fs.FS, told func(Imported)) (Imported, error) {
	items, err := r.Store.AllBatchItems(ctx, batch.ID)
	if err != nil {
		return Imported{}, err
	}
	var awaiting []*collateral.BatchItem
	for _, i := range items {
		if i.ImportedAt == nil && (i.IsLink || files != nil) {
			awaiting = append(awaiting, i)
		}
	}
	done := Imported{Of: len(awaiting)}
	for _, i := range awaiting {
		size, made, err := r.importItem(ctx, actor, batch, i, files)
		switch {
		case isAboutOneFile(err):
			done.Failed++
			done.Faults = append(done.Faults, rowFaultsOf(i.Line, err)...)
		case err != nil:
			return done, err
		case made:
			done.Made++
			done.Bytes += size
		}
		told(done)
	}
	return done, nil
}

// isAboutOneFile reports whether other files may be taken although this one was not.
func isAboutOneFile(err error) bool {
	switch collateral.KindOf(err) {
	case collateral.Invalid, collateral.Malformed, collateral.TooLarge, collateral.NotFound, collateral.Conflict, collateral.Gate:
		return true
	}
	return false
}

func rowFaultsOf(line int, err error) []collateral.RowFault {
	if e, ok := errors.AsType[*collateral.Error](err); ok && len(e.Fields) > 0 {
		return collateral.RowFaults(line, e.Fields)
	}
	return []collateral.RowFault{{Line: line, Detail: err.Error()}}
}

// importItem makes the piece of a row, and returns how large its content is.
func (r *Registry) importItem(ctx context.Context, actor collateral.Actor, batch *collateral.Batch, i *collateral.BatchItem, files fs.FS) (size int64, made bool, err error) {
	v := linkVersion(i.Source, "")
	if !i.IsLink {
		if v, err = r.takeFromFolder(ctx, files, i.Source); err != nil {
			return 0, false, err
		}
	}
	_, made, err = r.makePiece(ctx, actor, batch, i.Source, v)
	return v.Size, made, err
}

func (r *Registry) takeFromFolder(ctx context.Context, files fs.FS, source string) (*collateral.Version, error) {
	name, _, err := statFile(files, source)
	if err != nil {
		return nil, unreadable(err)
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, unreadable(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return r.takeFile(ctx, File{Name: path.Base(source), Content: folderReader{file}})
}

// folderReader tells a file of the library that cannot be read from a store that cannot be written.
type folderReader struct{ file fs.File }

// Read implements io.Reader.
func (r folderReader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // readers return it bare
		err = unreadable(err)
	}
	return n, err
}

// ImportFile makes the piece of the row whose file this is from what is sent. Sending the same bytes again changes
// nothing; made is false then. Other bytes for a row that has its piece are a Conflict.
func (r *Registry) ImportFile(ctx context.Context, actor collateral.Actor, batch uuid.UUID, name string, content io.Reader) (row BatchItem, made bool, err error) {
	b, err := r.Store.Batch(ctx, collateral.ScopeOf(actor), batch)
	if err != nil {
		return row, false, err
	}
	if b.MadeBy != actor.UserID {
		return row, false, collateral.Errorf(collateral.Forbidden, "Only who made the batch sends its files: they become part of who made the pieces.")
	}
	before, err := r.Store.BatchItem(ctx, batch, collateral.LibraryPath(name)) // links are no paths, and not met
	if err != nil {
		return row, false, err
	}
	v, err := r.takeFile(ctx, File{Name: path.Base(before.Source), Content: content})
	if err != nil {
		return row, false, err
	}
	item, made, err := r.makePiece(ctx, actor, b, before.Source, v)
	if err != nil {
		return row, false, err
	}
	if !made {
		if err := r.sameAsBefore(ctx, item, v); err != nil {
			return row, false, err
		}
	}
	row, err = r.withPiece(ctx, actor, item)
	return row, made, err
}

// sameAsBefore refuses bytes that are not those which the row's piece was made from.
func (r *Registry) sameAsBefore(ctx context.Context, item *collateral.BatchItem, v *collateral.Version) error {
	has, err := r.Store.VersionByID(ctx, item.VersionID)
	switch {
	case collateral.KindOf(err) == collateral.NotFound:
		return collateral.Errorf(collateral.Conflict, "The piece of this row was made and deleted again. It is not made twice.")
	case err == nil && has.SHA256 != v.SHA256:
		return collateral.Errorf(collateral.Conflict, "The row has its piece already, of other bytes. Upload these as a new version of the piece.")
	}
	return err
}

// makePiece makes v the first draft of the piece that a row describes; made is false when the row has its piece. The actor
// becomes uploader and so one of the makers of what Sales is to sign. Bytes that nothing uses afterwards are freed.
func (r *Registry) makePiece(ctx context.Context, actor collateral.Actor, batch *collateral.Batch, source string, v *collateral.Version) (item *collateral.BatchItem, made bool, err error) {
	err = r.Store.Tx(ctx, func(tx *store.Store) (err error) {
		made = false
		if item, err = tx.LockBatchItem(ctx, batch.ID, source); err != nil || item.ImportedAt != nil {
			return err
		}
		a, err := pieceOf(ctx, tx, actor, item)
		if err != nil {
			return err
		}
		if err := create(ctx, tx, actor, a); err != nil {
			return err
		}
		if err := r.addDraft(ctx, tx, actor, a.ID, v); err != nil {
			return err
		}
		now := tx.Now()
		item.AssetID, item.VersionID, item.ImportedAt, item.Cells = a.ID, v.ID, &now, ""
		made = true
		return tx.ImportedBatchItem(ctx, item)
	})
	if (err != nil || !made) && !v.IsLink() {
		r.free(ctx, v.SHA256)
	}
	return item, made, err
}

// pieceOf is the piece that a row describes. People may have changed since the row was read, and are looked at again; what
// else may have changed is looked at when the piece is stored.
func pieceOf(ctx context.Context, tx *store.Store, actor collateral.Actor, item *collateral.BatchItem) (*collateral.Asset, error) {
	row, err := item.Row()
	if err != nil {
		return nil, err
	}
	self, err := tx.User(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	people, err := tx.UsersByEmail(ctx, append([]string{row.Owner}, row.Coauthors...))
	if err != nil {
		return nil, err
	}
	check := rowCheck{actor: actor, self: self}
	owner, coauthors, faults := check.makers(row, people)
	if err := faults.Err("This row cannot be brought in."); err != nil {
		return nil, err
	}
	a := &collateral.Asset{Details: row.Details, OwnerID: owner.ID, FirstPublishedOn: row.FirstPublishedOn}
	for _, person := range coauthors {
		a.Coauthors = append(a.Coauthors, person.ID)
	}
	return a, nil
}
