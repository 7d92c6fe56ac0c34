package extract

import "errors"

// Failure says why a document yields no text. It is final: the same bytes fail again. Errors of this package wrap
// it; find it with errors.Is, or with ReasonFor.
type Failure string

// The failures of documents.
const (
	Unsupported Failure = "unsupported" // no reader for this media type
	OldFormat   Failure = "old format"  // an Office document in the binary format
	Encrypted   Failure = "encrypted"   // a password is needed, or copying text is forbidden
	Damaged     Failure = "damaged"     // not what its media type says
	TooLarge    Failure = "too large"   // over a limit on bytes, unpacked bytes, nesting or memory
	TimedOut    Failure = "timed out"   // over the limit on time
)

// Error implements error.
func (f Failure) Error() string { return "extract: " + string(f) }

// Sentence tells the document's owner what is wrong, and what helps.
func (f Failure) Sentence() string {
	switch f {
	case Unsupported:
		return "Text is not read from files of this kind. It is found by title, summary and tags."
	case OldFormat:
		return "The file is in the format of Office before 2007, from which text is not read. Save it as DOCX, XLSX or PPTX and upload that."
	case Encrypted:
		return "The file is protected with a password, so its text cannot be read. Upload it without the password to have it found by its text."
	case Damaged:
		return "The file is damaged, so its text cannot be read. Open it, save it anew and upload that."
	case TooLarge:
		return "The file is too large, once unpacked, for its text to be read. Split it, or leave out what makes it large."
	case TimedOut:
		return "Reading the text of this file took too long. Save it anew, or split it, and upload that."
	default:
		return "The text of this file cannot be read."
	}
}

// ReasonFor returns the Failure that err wraps. It reports false when the document is not to blame, and another
// try may succeed.
func ReasonFor(err error) (Failure, bool) {
	var f Failure
	ok := errors.As(err, &f)
	return f, ok
}
