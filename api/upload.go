package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"

	"github.com/google/uuid"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
	"collateral/internal/registry"
)

// overhead is how much longer than its file an upload may be: boundaries, headers and the note.
const overhead = 64 << 10

// maxNote bounds a note in bytes while it is read; the use case bounds it in characters.
const maxNote = 16 << 10

// upload streams the `file` part of a form to the use case. A `note` part may come before or after it.
func (s *server) upload(ctx context.Context, asset uuid.UUID, form *multipart.Reader) (*collateral.Version, []string, error) {
	call := httpd.CallOf(ctx)
	if limit := s.registry.MaxUpload; call.Request.ContentLength > limit+overhead {
		return nil, nil, collateral.FileTooLarge("/file", limit)
	}
	up := &uploadForm{form: form}
	if err := up.toFile(); err != nil {
		return nil, nil, err
	}
	return s.registry.Upload(ctx, call.Actor, asset, registry.File{
		Name:    up.name,
		Content: up,
		// The note may stand behind the file; reading the content to its end has read it.
		NoteAfter: func() string { return up.note },
	})
}

// uploadForm reads a form part by part. As a reader it is the content of the `file` part; at the content's end it reads
// what stands behind it, so that the end is only reported of a whole and well-formed upload.
type uploadForm struct {
	form  *multipart.Reader
	file  *multipart.Part
	name  string
	note  string
	noted bool
	err   error // what reading ended with
}

// toFile reads up to the `file` part.
func (u *uploadForm) toFile() error {
	for {
		part, err := u.next()
		if err == io.EOF { //nolint:errorlint // see next
			return malformed([]collateral.Field{{Pointer: "/file", Detail: "The upload has no part named file."}})
		}
		if err != nil {
			return err
		}
		if part.FormName() == "file" {
			u.file, u.name = part, fileName(part)
			return nil
		}
	}
}

// next returns the next part, having read it already when it is the note. The error is io.EOF itself behind the last
// part; a form that breaks off gives a wrapped one.
func (u *uploadForm) next() (*multipart.Part, error) {
	part, err := u.form.NextRawPart()
	if err == io.EOF {
		return nil, io.EOF
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return nil, unreadablePart()
	}
	if err != nil {
		return nil, brokenUpload()
	}
	switch name := part.FormName(); {
	case name == "note" && !u.noted:
		text, err := io.ReadAll(io.LimitReader(part, maxNote+1))
		if err != nil {
			return nil, brokenUpload()
		}
		if len(text) > maxNote || unstorable(string(text)) {
			return nil, malformed([]collateral.Field{{Pointer: "/note", Detail: "The note is too long, or not text."}})
		}
		u.note, u.noted = string(text), true
	case name == "":
		return nil, unreadablePart()
	case name == "file" && u.file == nil:
	case name == "note" || name == "file":
		return nil, malformed([]collateral.Field{{Pointer: "/" + name, Detail: "This part is there twice."}})
	default:
		return nil, malformed([]collateral.Field{{Pointer: "/" + escape(name), Detail: "There is no such part. An upload has file and note."}})
	}
	return part, nil
}

// Read fills p as far as it can. A part hands out 4 kB at a time; whoever stores the content writes what one Read
// returns, and larger pieces arrive about twice as fast.
func (u *uploadForm) Read(p []byte) (int, error) {
	if u.err != nil {
		return 0, u.err
	}
	n, err := io.ReadFull(u.file, p)
	switch {
	case err == nil:
		return n, nil
	case u.ended(err):
		u.err = u.rest()
	default:
		u.err = brokenUpload()
	}
	return n, u.err
}

// ended reports whether the part is at its end. ReadFull says ErrUnexpectedEOF of a part that ends and of one that
// breaks off; only the part itself knows.
func (u *uploadForm) ended(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		_, err = u.file.Read(make([]byte, 1))
	}
	return err == io.EOF //nolint:errorlint // a wrapped EOF is none
}

// rest reads the parts behind the file, and returns io.EOF when the form ends as it should.
func (u *uploadForm) rest() error {
	for {
		if _, err := u.next(); err != nil {
			return err
		}
	}
}

func unreadablePart() error {
	return malformed([]collateral.Field{{Pointer: "/file", Detail: "The header of a part cannot be read. Name the part, put the file's name in quotes, and leave quotes and control characters out of it."}})
}

func brokenUpload() error {
	return collateral.Errorf(collateral.Malformed, "The upload broke off or is not a well-formed form. Nothing was stored; send it again.")
}

// fileName returns the name as it was sent. Part.FileName cuts a path off silently, and what looks like one is refused
// instead.
func fileName(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return params["filename"]
}
