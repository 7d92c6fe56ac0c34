package registry

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"collateral/internal/collateral"
)

// MaxLibraryCSV bounds a library's CSV in bytes: tens of thousands of rows.
const MaxLibraryCSV = 32 << 20

// csvRow is one row of a CSV by column.
type csvRow struct {
	line  int // where it begins, from 1
	cells map[string]string
}

// csvLibrary is a library's CSV as it was read.
type csvLibrary struct {
	format string // how, in words: "UTF-8, separated by commas"
	rows   []csvRow
	faults []collateral.RowFault
}

func (l *csvLibrary) fault(line int, column, format string, args ...any) {
	l.faults = append(l.faults, collateral.RowFault{Line: line, Column: column, Detail: fmt.Sprintf(format, args...)})
}

// readLibraryCSV reads a CSV as spreadsheets write it: in UTF-8 with or without its mark, UTF-16 or Windows-1252,
// separated by commas, semicolons or tabs. What cannot be read is among the faults.
func readLibraryCSV(raw []byte) *csvLibrary {
	l := &csvLibrary{}
	text, encoding := l.decode(raw)
	if len(l.faults) > 0 {
		return l
	}
	skipped := 0
	// Some spreadsheets say in a first line of their own how the rest is separated.
	if first, rest, ok := strings.Cut(text, "\n"); ok && len(strings.TrimSpace(first)) == len("sep=;") && strings.HasPrefix(strings.ToLower(first), "sep=") {
		text, skipped = rest, 1
	}
	separator := separatorOf(text)
	l.format = encoding + ", separated by " + separator.name
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator.comma, -1
	l.read(r, skipped)
	return l
}

// decode returns the CSV as text, with the name of the encoding that it was written in.
func (l *csvLibrary) decode(raw []byte) (text, encoding string) {
	body, marked := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf"))
	switch {
	case len(raw) > MaxLibraryCSV:
		l.fault(0, "", "The CSV is larger than %d MiB. Import the library in parts.", MaxLibraryCSV>>20)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")) || bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		l.fault(0, "", "This is a spreadsheet and no CSV. Open it, and save it as CSV in UTF-8.")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")):
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(wide, 0) {
			l.fault(0, "", "The CSV is not text in UTF-16, which it begins like. Save it as CSV in UTF-8.")
		}
		return string(wide), "UTF-16"
	case bytes.IndexByte(body, 0) >= 0:
		l.fault(0, "", "The CSV holds NUL bytes, so it is not text. Save it as CSV in UTF-8.")
	case utf8.Valid(body) && marked:
		return string(body), "UTF-8 with a mark"
	case utf8.Valid(body):
		return string(body), "UTF-8"
	case marked || mostlyUTF8(body):
		l.fault(lineOfBadByte(body), "", "The CSV is in UTF-8 but for bytes in this line that are not. Save it as CSV in UTF-8 once more.")
	default:
		plain, err := charmap.Windows1252.NewDecoder().Bytes(body)
		if err != nil || bytes.ContainsRune(plain, utf8.RuneError) {
			l.fault(0, "", "The CSV is neither in UTF-8 nor in Windows-1252. Save it as CSV in UTF-8.")
		}
		return string(plain), "Windows-1252"
	}
	return "", ""
}

// mostlyUTF8 tells damaged UTF-8 from another encoding, in which hardly any two bytes happen to make a character.
func mostlyUTF8(text []byte) bool {
	good, bad := 0, 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		text = text[size:]
	}
	return good > bad
}

func lineOfBadByte(text []byte) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

type separator struct {
	comma rune
	name  string
}

// separatorOf returns the separator by which most columns are recognised in the first line.
func separatorOf(text string) separator {
	best, most := separator{}, -1
	for _, s := range []separator{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}} {
		r := csv.NewReader(strings.NewReader(text))
		r.Comma = s.comma
		header, err := r.Read()
		if err != nil {
			header = nil
		}
		known := 0
		for _, name := range header {
			if slices.Contains(collateral.ImportColumns(), columnName(name)) {
				known++
			}
		}
		if known > most {
			best, most = s, known
		}
	}
	return best
}

// columnName forgives a header how it is written: "Review by" is review_by.
func columnName(cell string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(cell), func(r rune) bool { return strings.ContainsRune(" -_\t", r) }), "_")
}

func (l *csvLibrary) read(r *csv.Reader, skipped int) {
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		l.fault(0, "", "The CSV is empty. Its first line names the columns: %s.", strings.Join(collateral.ImportColumns(), ", "))
		return
	}
	if err != nil {
		l.unreadable(err, skipped)
		return
	}
	line, _ := r.FieldPos(0)
	columns := l.columns(line+skipped, header)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // what stands behind it would only be guessed
			l.unreadable(err, skipped)
			break
		}
		line, _ := r.FieldPos(0)
		l.add(line+skipped, columns, cells)
	}
	if len(l.rows) == 0 && len(l.faults) == 0 {
		l.fault(0, "", "The CSV names columns, and no piece.")
	}
}

// columns reads the header. The name of a column that is not known is kept, so that its cells are not taken for others.
func (l *csvLibrary) columns(line int, header []string) []string {
	known := collateral.ImportColumns()
	columns := make([]string, len(header))
	for i, cell := range header {
		name := columnName(collateral.UnguardCell(cell))
		switch {
		case name == "" && i == len(header)-1: // a separator at the end of the line
		case !slices.Contains(known, name):
			text := fmt.Sprintf("There is no column %q.", cell)
			if meant := collateral.Closest(name, known); meant != "" {
				text += fmt.Sprintf(" Did you mean %q?", meant)
			} else {
				text += " The columns are " + strings.Join(known, ", ") + "."
			}
			l.fault(line, "", "%s", text)
		case slices.Contains(columns[:i], name):
			l.fault(line, name, "This column is there twice.")
		}
		columns[i] = name
	}
	for _, needed := range []string{"title", "type", "audience"} {
		if !slices.Contains(columns, needed) {
			l.fault(line, needed, "This column is missing.")
		}
	}
	if !slices.Contains(columns, "file") && !slices.Contains(columns, "url") {
		l.fault(line, "file", "This column is missing; a CSV of links only has the column url instead.")
	}
	return columns
}

// add keeps a row. One without any text is none, as spreadsheets leave them at the end.
func (l *csvLibrary) add(line int, columns, cells []string) {
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		return
	}
	for len(cells) > len(columns) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > len(columns) || len(cells) < len(columns)-1 || len(cells) < len(columns) && columns[len(columns)-1] != "" {
		l.fault(line, "", "The row has %d cells, and the header %d. A cell that holds the separator, a line break or a quote stands in quotes.", len(cells), len(columns))
		return
	}
	row := csvRow{line: line, cells: make(map[string]string, len(columns))}
	for i, cell := range cells {
		row.cells[columns[i]] = cell
	}
	l.rows = append(l.rows, row)
}

func (l *csvLibrary) unreadable(err error, skipped int) {
	parse, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		l.fault(0, "", "The CSV cannot be read: %v.", err)
	case errors.Is(err, csv.ErrQuote):
		l.fault(parse.StartLine+skipped, "", "A quote is opened and not closed, or something stands behind the closing one. A quote inside a cell is written twice. What follows was not read.")
	default:
		l.fault(parse.StartLine+skipped, "", "There is a quote inside a cell that does not stand in quotes. Put the cell in quotes and write the quote twice. What follows was not read.")
	}
}
