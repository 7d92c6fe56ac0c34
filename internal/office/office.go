// Package office has LibreOffice turn slides and documents into PDFs, without a screen and within limits: bytes in, a PDF out.
// It knows no database, no pieces and no HTTP, and not what becomes of the PDF.
//
// LibreOffice is a program of its own that need not be there. Each file gets a process of its own, with a folder and a profile
// that are made for it and removed after it. What that process cannot do is told at [Converter.PDF].
package office

import (
	"errors"
	"mime"
	"time"
)

// ErrNone means that a file cannot be turned into a PDF: it is damaged, locked, too large, or needs more time or memory than it
// may have. The same file gets the same answer next time.
var ErrNone = errors.New("office: this file cannot be turned into a PDF")

// Limits bound what one file may cost.
type Limits struct {
	Input  int64         // bytes of the file
	Output int64         // bytes of the PDF, and of each file that is made on the way to it
	Memory int64         // bytes that each process may have for data
	Work   time.Duration // of the processor, in whole seconds
	Time   time.Duration // from start to end, waiting for others not counted
}

// DefaultLimits are generous to real decks, which take some seconds of work and 300 MB, and to machines that are busy with
// something else: what was too slow today is not tried tomorrow.
func DefaultLimits() Limits {
	return Limits{Input: 128 << 20, Output: 64 << 20, Memory: 1 << 30, Work: time.Minute, Time: 5 * time.Minute}
}

// Reads reports whether files of the media type are turned into PDFs. Workbooks are not: on paper, a sheet becomes dozens of
// pages that nobody laid out.
func Reads(mediaType string) bool {
	_, ok := formatOf(mediaType)
	return ok
}

// format is what LibreOffice calls a kind of file. The filter is named, so that nothing else reads what claims to be such a file.
type format struct{ ending, filter string }

func formatOf(mediaType string) (format, bool) {
	base, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return format{}, false
	}
	f, ok := map[string]format{
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": {"pptx", "Impress MS PowerPoint 2007 XML"},
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {"docx", "MS Word 2007 XML"},
		"application/vnd.oasis.opendocument.presentation":                           {"odp", "impress8"},
		"application/vnd.oasis.opendocument.presentation-template":                  {"otp", "impress8_template"},
		"application/vnd.oasis.opendocument.text":                                   {"odt", "writer8"},
		"application/vnd.oasis.opendocument.text-template":                          {"ott", "writer8_template"},
		"application/vnd.ms-powerpoint":                                             {"ppt", "MS PowerPoint 97"},
		"application/msword":                                                        {"doc", "MS Word 97"},
		"text/rtf":                                                                  {"rtf", "Rich Text Format"},
	}[base]
	return f, ok
}
