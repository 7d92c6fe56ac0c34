package collateral

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ImportRow is one row of a library that is brought in: one piece, where its content lies and what is said of it.
type ImportRow struct {
	File string // path below the library's folder, with slashes; empty for a link
	URL  string // of a link
	Details
	Owner            string   // e-mail address; empty for whoever imports
	Coauthors        []string // e-mail addresses
	FirstPublishedOn string   // YYYY-MM-DD, the original date; empty when not known
}

// ImportColumns returns the columns of a library's CSV, in the order in which they are written. docs/import.md describes
// each.
func ImportColumns() []string {
	return []string{"file", "url", "title", "summary", "type", "audience", "stages", "personas", "industries", "products",
		"language", "owner", "coauthors", "review_by", "cost", "first_published_on"}
}

// RowFault is something in a library's CSV that is wrong, or should be looked at.
type RowFault struct {
	Line   int    // from 1, where the row begins; 0 for the file as a whole
	Column string // empty for the row as a whole
	Detail string // a sentence
}

// String writes the fault as "12: stages: There is no ...".
func (f RowFault) String() string {
	parts := []string{f.Detail}
	if f.Column != "" {
		parts = []string{f.Column, f.Detail}
	}
	if f.Line > 0 {
		parts = append([]string{strconv.Itoa(f.Line)}, parts...)
	}
	return strings.Join(parts, ": ")
}

// RowFaults places the faulty fields of one row: the first part of a field's pointer is its column.
func RowFaults(line int, fields []Field) []RowFault {
	faults := make([]RowFault, len(fields))
	for i, f := range fields {
		column, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		faults[i] = RowFault{Line: line, Column: column, Detail: f.Detail}
	}
	return faults
}

// Source names a row within its library: the path of its file, or the address of its link.
func (r ImportRow) Source() string {
	if r.File != "" {
		return r.File
	}
	return r.URL
}

// IsLink reports whether the row is about an address and no file.
func (r ImportRow) IsLink() bool { return r.File == "" }

// ParseImportRow reads the cells of a row by column. The faults are about cells that cannot be read; Check looks at what
// they say.
func ParseImportRow(cells map[string]string) (ImportRow, Faults) {
	var f Faults
	cell := func(column string) string { return strings.TrimSpace(UnguardCell(cells[column])) }
	r := ImportRow{
		File: LibraryPath(cell("file")), URL: cell("url"),
		Details: Details{
			Title: cell("title"), Summary: cell("summary"), Type: Type(cell("type")), Audience: Audience(cell("audience")),
			Stages: parseStages(&f, cell("stages")), Personas: splitList(cell("personas")), Industries: splitList(cell("industries")),
			Products: splitList(cell("products")), Language: cell("language"), ReviewBy: cell("review_by"), Cost: parseCost(&f, cell("cost")),
		},
		Owner: NormalEmail(cell("owner")), Coauthors: splitList(strings.ToLower(cell("coauthors"))), FirstPublishedOn: cell("first_published_on"),
	}
	r.Details = r.Normal()
	return r, f
}

// LibraryPath is how paths below a library's folder are written and compared; it takes them as Windows writes them too.
func LibraryPath(cell string) string {
	if cell == "" {
		return ""
	}
	return path.Clean(strings.ReplaceAll(cell, `\`, "/"))
}

// splitList reads several words in one cell. None of them can contain a separator: they are slugs and e-mail addresses.
func splitList(cell string) []string {
	words := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("|,;\n", r) })
	out := make([]string, 0, len(words))
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return once(out)
}

func parseCost(f *Faults, cell string) *Cost {
	if cell == "" {
		return nil
	}
	parts := strings.Fields(cell)
	if len(parts) != 2 {
		f.Add("/cost", "This is not a cost. Write it like 1250.00 EUR: an amount without thousands separator, a blank, a currency code.")
		return nil
	}
	return &Cost{Amount: parts[0], Currency: parts[1]}
}

// Cells writes the row as ParseImportRow reads it.
func (r ImportRow) Cells() map[string]string {
	cost := ""
	if r.Cost != nil {
		cost = r.Cost.Amount + " " + r.Cost.Currency
	}
	cells := map[string]string{
		"file": r.File, "url": r.URL, "title": r.Title, "summary": r.Summary, "type": string(r.Type), "audience": string(r.Audience),
		"stages": formatStages(r.Stages), "personas": strings.Join(r.Personas, listSeparator),
		"industries": strings.Join(r.Industries, listSeparator), "products": strings.Join(r.Products, listSeparator),
		"language": r.Language, "owner": r.Owner, "coauthors": strings.Join(r.Coauthors, listSeparator),
		"review_by": r.ReviewBy, "cost": cost, "first_published_on": r.FirstPublishedOn,
	}
	for column, text := range cells {
		cells[column] = GuardCell(strings.ReplaceAll(text, "\r\n", "\n")) // as a reader of CSV would hand it back
	}
	return cells
}

const (
	listSeparator = " | "

	maxPath   = 1000 // of a file's path, in characters
	maxInList = 50   // words in one cell, as in the contract
)

// Check returns every fault of a row as of today, but for what only the database knows: stages, people and closed lists.
func (r ImportRow) Check(today string) Faults {
	var f Faults
	switch {
	case r.File == "" && r.URL == "":
		f.Add("/file", "This is missing. Give the path of a file, or the address of a link in the column url.")
	case r.File != "" && r.URL != "":
		f.Add("/url", "A row has either a file or the address of a link, not both.")
	case r.URL != "":
		f.take(CheckURL("/url", r.URL))
	default:
		f.take(checkFilePath(r.File))
	}
	f.take(r.Details.Check())
	f.nameStages(r.Stages)
	f.spell("/type", string(r.Type), words(Types()))
	for column, list := range map[string][]string{"personas": r.Personas, "industries": r.Industries, "products": r.Products, "coauthors": r.Coauthors} {
		if len(list) > maxInList {
			f.Add("/"+column, "These are too many: at most %d are taken.", maxInList)
		}
	}
	switch {
	case r.FirstPublishedOn == "":
	case !IsDate(r.FirstPublishedOn):
		f.Add("/first_published_on", "This is not a date. Write it like 2024-03-31.")
	case r.FirstPublishedOn > today:
		f.Add("/first_published_on", "This day has not come yet.")
	}
	return f
}

// checkFilePath refuses what is no path below a folder.
func checkFilePath(name string) error {
	switch {
	case !fs.ValidPath(name) || name == ".":
		return Fault("/file", "This is not a path below the library's folder. Write it like decks/first-call.pptx.")
	case utf8.RuneCountInString(name) > maxPath:
		return Fault("/file", "The path is too long: use at most %d characters.", maxPath)
	}
	return CheckFileName("/file", path.Base(name))
}

// take adds the fields of a refusal.
func (f *Faults) take(err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		*f = append(*f, e.Fields...)
	}
}

// nameStages says in faults about texts of stages which stage they are about: in a cell nobody counts them.
func (f Faults) nameStages(tags []StageTag) {
	for i, field := range f {
		parts := strings.Split(field.Pointer, "/")
		if len(parts) != 4 || parts[1] != "stages" || parts[3] != "role" {
			continue
		}
		if n, err := strconv.Atoi(parts[2]); err == nil && n < len(tags) {
			f[i].Detail = "At " + tags[n].Stage + ": " + field.Detail
		}
	}
}

// spell completes the fault about a word that is not known with the known one that was probably meant.
func (f *Faults) spell(pointer, word string, known []string) {
	meant := Closest(word, known)
	at := slices.IndexFunc(*f, func(field Field) bool { return field.Pointer == pointer })
	if at >= 0 && meant != "" {
		(*f)[at].Detail += didYouMean(meant)
	}
}

func didYouMean(word string) string { return " Did you mean " + strconv.Quote(word) + "?" }

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// CheckStages returns a fault for each tag whose stage has none of the keys.
func (r ImportRow) CheckStages(keys []string) Faults {
	var f Faults
	for _, t := range r.Stages {
		if slices.Contains(keys, t.Stage) {
			continue
		}
		meant := Closest(t.Stage, keys)
		if meant == "" {
			f.Add("/stages", "There is no buying stage %q. The stages are %s.", t.Stage, strings.Join(keys, ", "))
		} else {
			f.Add("/stages", "There is no buying stage %q.%s", t.Stage, didYouMean(meant))
		}
	}
	return f
}

// Today is the day of a moment, as Check wants it.
func Today(now time.Time) string { return now.UTC().Format(time.DateOnly) }
