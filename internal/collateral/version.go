package collateral

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// VersionState is where a version stands between upload and sign-off.
type VersionState string

// The states of a version. Nothing leaves the last three: what comes after is a new version.
const (
	Draft            VersionState = "draft"
	Submitted        VersionState = "submitted"
	ChangesRequested VersionState = "changes_requested"
	Rejected         VersionState = "rejected"
	Approved         VersionState = "approved"
)

// Version is one state of an asset's content. From submission on it is frozen together with the audience and the
// tags that it was submitted with: that is what Sales signs.
type Version struct {
	ID          uuid.UUID
	AssetID     uuid.UUID
	N           int // 1, 2, ... within the asset
	FileName    string
	MediaType   string
	Size        int64  // bytes
	SHA256      string // of the content; of the address for a link
	URL         string // the address, for a link; else empty
	Note        string // what changed, in the uploader's words
	UploadedBy  uuid.UUID
	CreatedAt   time.Time
	State       VersionState
	SubmittedAt *time.Time // nil while draft
	Audience    Audience   // as submitted; empty while draft
	Stages      []StageTag // as submitted; empty while draft

	Contributors []uuid.UUID // who may not sign it: the uploader, and from submission on the owner and co-authors
	Purged       bool        // the bytes are gone
	Extraction   *Extraction // what became of reading its text; nil when not asked for, and once purged
}

// LinkMediaType is the media type of a version that is an address and no file (RFC 2483, section 5).
const LinkMediaType = "text/uri-list"

// IsLink reports whether the version is an address and no file.
func (v *Version) IsLink() bool { return v.URL != "" }

// CheckFileName refuses names that could lead out of a folder or garble a screen. Names are kept for people, never
// used as paths.
func CheckFileName(pointer, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return Fault(pointer, "The file has no name.")
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > 255:
		return Fault(pointer, "The file's name must be at most 255 characters of valid text.")
	case strings.ContainsAny(name, `/\`) || path.Base(name) != name || name == "." || name == "..":
		return Fault(pointer, "The file's name must not contain a path. Send the name alone.")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return Fault(pointer, "The file's name must not contain control characters.")
	}
	return nil
}

// FileTooLarge refuses a file over the limit, in bytes.
func FileTooLarge(pointer string, limit int64) *Error {
	text := fmt.Sprintf("%d bytes", limit)
	for _, u := range []struct {
		name string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if limit >= u.size && limit%u.size == 0 {
			text = fmt.Sprintf("%d %s", limit/u.size, u.name)
			break
		}
	}
	e := Fault(pointer, "The file is larger than %s, the most that this registry takes.", text)
	e.Kind = TooLarge
	return e
}

// MaxURL bounds the length of a link's address in bytes.
const MaxURL = 2000

// CheckURL refuses what a browser should not be sent to.
func CheckURL(pointer, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || len(raw) > MaxURL || !utf8.ValidString(raw) ||
		strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return Fault(pointer, "This is not a web address. Write it like https://example.com/page, without a user name, in at most %d characters.", MaxURL)
	}
	return nil
}

// CheckNote bounds what the uploader says of a version.
func CheckNote(pointer, note string) error {
	var f Faults
	checkText(&f, pointer, note, 0, 2000)
	return f.Err("The note cannot be saved.")
}
