package registry

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// Export is pieces on their way out, as a library that can be brought in again.
type Export struct {
	Files   []ExportedFile
	LeftOut int // pieces without content: nothing was uploaded, or it was purged
	Twins   int // links whose address an earlier one has: as a library, only one of them can be brought in
	rows    []collateral.ImportRow
}

// ExportedFile is a file that the CSV of an export names.
type ExportedFile struct {
	Path   string // below the library's folder
	SHA256 string
	Size   int64 // bytes
}

// Rows is how many pieces the export has.
func (e *Export) Rows() int { return len(e.rows) }

// Export gathers the pieces that the actor may take along, the oldest first: a marketer's own, for an admin all. Each is
// described as its next version will be, with the content of its newest one.
func (r *Registry) Export(ctx context.Context, actor collateral.Actor) (*Export, error) {
	if err := collateral.CanImport(actor); err != nil {
		return nil, err
	}
	assets, err := r.exported(ctx, actor)
	if err != nil {
		return nil, err
	}
	emails, err := r.emailsOfMakers(ctx, assets)
	if err != nil {
		return nil, err
	}
	sources, err := r.Store.BatchSources(ctx)
	if err != nil {
		return nil, err
	}
	e, names, addresses := &Export{}, newFolderNames(), make(map[string]bool)
	for _, a := range assets {
		v := a.Newest
		if v == nil || v.Purged {
			e.LeftOut++
			continue
		}
		row := collateral.ImportRow{URL: v.URL, Details: a.Details, Owner: emails[a.OwnerID], FirstPublishedOn: a.FirstPublishedOn}
		for _, id := range a.Coauthors {
			row.Coauthors = append(row.Coauthors, emails[id])
		}
		if v.IsLink() {
			if addresses[v.URL] {
				e.Twins++
			}
			addresses[v.URL] = true
		} else {
			// The path by which it once came in, so that the CSV is the one of then.
			row.File = names.take(sources[v.ID], v.FileName, path.Join(a.ID.String(), v.FileName))
			e.Files = append(e.Files, ExportedFile{Path: row.File, SHA256: v.SHA256, Size: v.Size})
		}
		e.rows = append(e.rows, row)
	}
	return e, nil
}

func (r *Registry) exported(ctx context.Context, actor collateral.Actor) ([]*collateral.Asset, error) {
	filter := store.AssetFilter{Owners: []uuid.UUID{actor.UserID}}
	if actor.Is(collateral.Admin) {
		filter.Owners = nil
	}
	var assets []*collateral.Asset
	for paging := (collateral.Paging{Limit: 500}); ; {
		page, next, err := r.Store.Assets(ctx, collateral.ScopeOf(actor), filter, paging)
		if err != nil {
			return nil, err
		}
		assets = append(assets, page...)
		if paging.Cursor = next; next == "" {
			break
		}
	}
	slices.Reverse(assets)
	return assets, nil
}

func (r *Registry) emailsOfMakers(ctx context.Context, assets []*collateral.Asset) (map[uuid.UUID]string, error) {
	emails := make(map[uuid.UUID]string)
	for _, a := range assets {
		emails[a.OwnerID] = ""
		for _, id := range a.Coauthors {
			emails[id] = ""
		}
	}
	ids := make([]uuid.UUID, 0, len(emails))
	for id := range emails {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, 500) { // what one statement takes
		people, err := r.Store.UsersByID(ctx, some)
		if err != nil {
			return nil, err
		}
		for id, person := range people {
			emails[id] = person.Email
		}
	}
	return emails, nil
}

// WriteCSV writes a row for each piece, in UTF-8 with the mark by which spreadsheets know it.
func (e *Export) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("writing a library's CSV: %w", err)
	}
	columns := collateral.ImportColumns()
	out := csv.NewWriter(w)
	lines := [][]string{columns}
	for _, row := range e.rows {
		cells, line := row.Cells(), make([]string, len(columns))
		for i, column := range columns {
			line[i] = cells[column]
		}
		lines = append(lines, line)
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("writing %d lines of a library's CSV: %w", len(lines), err)
	}
	return nil
}

// WriteFile writes the content of a file of an export.
func (r *Registry) WriteFile(ctx context.Context, w io.Writer, f ExportedFile) error {
	content, _, err := r.checker.Open(ctx, r.Blobs, f.SHA256, f.Size)
	if err != nil {
		return fmt.Errorf("opening the bytes of %s: %w", f.Path, orRefusal(err))
	}
	defer content.Close()
	if _, err := io.Copy(w, content); err != nil {
		return fmt.Errorf("writing %s: %w", f.Path, orRefusal(err))
	}
	return nil
}

// folderNames gives files in one folder names of which none is another's, on systems too that take large and small
// letters for the same.
type folderNames struct{ files, folders map[string]bool }

func newFolderNames() folderNames {
	return folderNames{files: make(map[string]bool), folders: make(map[string]bool)}
}

// take returns the first of the names that is free. The last one must be.
func (n folderNames) take(names ...string) string {
	for i, name := range names {
		if name == "" || i < len(names)-1 && !n.free(strings.ToLower(name)) {
			continue
		}
		n.files[strings.ToLower(name)] = true
		for folder := range parents(strings.ToLower(name)) {
			n.folders[folder] = true
		}
		return name
	}
	return ""
}

func (n folderNames) free(name string) bool {
	if n.files[name] || n.folders[name] {
		return false
	}
	for folder := range parents(name) {
		if n.files[folder] {
			return false
		}
	}
	return true
}

// parents calls yield with each folder above a path.
func parents(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			if !yield(folder) {
				return
			}
		}
	}
}
