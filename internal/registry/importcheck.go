package registry

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"golang.org/x/text/unicode/norm"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// checkLibrary reads a library's CSV and looks at every row, without doing anything.
func (r *Registry) checkLibrary(ctx context.Context, s *store.Store, actor collateral.Actor, lib Library) (*Plan, error) {
	read := readLibraryCSV(lib.CSV)
	p := &Plan{Format: read.format, Rows: len(read.rows), Faults: read.faults}
	check, err := newRowCheck(ctx, s, actor)
	if err != nil {
		return nil, err
	}
	var emails []string
	first := make(map[string]int, len(read.rows)) // the line in which each source stands first
	for _, raw := range read.rows {
		row, faults := collateral.ParseImportRow(raw.cells)
		faults = append(faults, row.Check(check.today)...)
		faults = append(faults, row.CheckStages(check.stages)...)
		if e, ok := errors.AsType[*collateral.Error](row.CheckTaxonomies(check.lists, &collateral.Details{})); ok {
			faults = append(faults, e.Fields...)
		}
		if line := first[row.Source()]; line > 0 && row.Source() != "" {
			faults.Add("/"+sourceColumn(row), "This stands in line %d already. A piece has one row.", line)
		} else {
			first[row.Source()] = raw.line
		}
		if lib.Files != nil && !row.IsLink() && !slices.ContainsFunc(faults, func(f collateral.Field) bool { return f.Pointer == "/file" }) {
			faults = append(faults, r.checkFile(lib.Files, row.File)...)
		}
		p.Faults = append(p.Faults, collateral.RowFaults(raw.line, faults)...)
		p.rows = append(p.rows, plannedRow{raw.line, row})
		p.count(row)
		emails = append(append(emails, row.Owner), row.Coauthors...)
	}
	people, err := s.UsersByEmail(ctx, slices.Compact(slices.Sorted(slices.Values(emails))))
	if err != nil {
		return nil, err
	}
	for _, row := range p.rows {
		_, _, faults := check.makers(row.ImportRow, people)
		p.Faults = append(p.Faults, collateral.RowFaults(row.line, faults)...)
	}
	slices.SortStableFunc(p.Faults, func(a, b collateral.RowFault) int { return cmp.Compare(a.Line, b.Line) })
	return p, nil
}

func (p *Plan) count(row collateral.ImportRow) {
	if row.IsLink() {
		p.Links++
	}
	if !slices.ContainsFunc(row.Stages, func(t collateral.StageTag) bool { return t.Primary }) {
		p.Incomplete++
	}
}

func sourceColumn(row collateral.ImportRow) string {
	if row.IsLink() {
		return "url"
	}
	return "file"
}

// rowCheck is what rows are held against.
type rowCheck struct {
	actor  collateral.Actor
	self   collateral.User // the actor
	today  string
	stages []string // keys of those in use
	lists  []collateral.Taxonomy
}

func newRowCheck(ctx context.Context, s *store.Store, actor collateral.Actor) (*rowCheck, error) {
	c := &rowCheck{actor: actor, today: collateral.Today(s.Now())}
	stages, err := s.Stages(ctx, false)
	if err != nil {
		return nil, err
	}
	for _, stage := range stages {
		c.stages = append(c.stages, stage.Key)
	}
	if c.lists, err = s.Taxonomies(ctx); err != nil {
		return nil, err
	}
	c.self, err = s.User(ctx, actor.UserID)
	return c, err
}

// makers finds the owner and the co-authors of a row among people by address.
func (c *rowCheck) makers(row collateral.ImportRow, people map[string]collateral.User) (owner collateral.User, coauthors []collateral.User, f collateral.Faults) {
	owner, known := c.self, true
	if row.Owner != "" {
		owner, known = people[row.Owner]
	}
	if !known {
		f.Add("/owner", "Nobody has the e-mail address %q.", row.Owner)
	} else if e, ok := errors.AsType[*collateral.Error](collateral.CanImportFor(c.actor, owner)); ok {
		f = append(f, e.Fields...)
	}
	for _, email := range row.Coauthors {
		switch person, known := people[email]; {
		case !known:
			f.Add("/coauthors", "Nobody has the e-mail address %q.", email)
		case !person.Active:
			f.Add("/coauthors", "The account of %s is not active. Leave it out.", email)
		case person.ID != owner.ID:
			coauthors = append(coauthors, person)
		}
	}
	return owner, coauthors, f
}

// checkFile looks whether a file of a library can be taken.
func (r *Registry) checkFile(files fs.FS, name string) collateral.Faults {
	var f collateral.Faults
	name, info, err := statFile(files, name)
	switch {
	case err != nil:
		f = append(f, unreadable(err).Fields...)
	case !info.Mode().IsRegular(): // before it is opened: a pipe would wait for its other end
		f.Add("/file", "This is a folder or something else that is no file.")
	case info.Size() == 0:
		f.Add("/file", "The file is empty.")
	case info.Size() > r.MaxUpload:
		f.Add("/file", "%s", collateral.FileTooLarge("/file", r.MaxUpload).Message)
	default:
		file, err := files.Open(name)
		if err != nil {
			f = append(f, unreadable(err).Fields...)
			break
		}
		_ = file.Close() // nothing was read
	}
	return f
}

// statFile finds a file under its name, or under the same name in Unicode's other normal form: some systems decompose the
// accents in names of files, and spreadsheets do not.
func statFile(files fs.FS, name string) (string, fs.FileInfo, error) {
	info, err := fs.Stat(files, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return name, info, err
	}
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		if other := form.String(name); other != name {
			if info, err := fs.Stat(files, other); err == nil {
				return other, info, nil
			}
		}
	}
	return name, nil, err
}

// unreadable says why a file of the library cannot be taken; its path stands in the row.
func unreadable(err error) *collateral.Error {
	if errors.Is(err, fs.ErrNotExist) {
		return collateral.Fault("/file", "There is no such file in the folder.")
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return collateral.Fault("/file", "The file cannot be read: %v.", err)
}
