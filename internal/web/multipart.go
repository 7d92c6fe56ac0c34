package web

import (
	"io"
	"mime"
	"mime/multipart"
	"net/url"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/httpd"
)

// filesForm reads a form with files part by part: texts, a file, texts, and so on. It holds the texts and streams the files.
type filesForm struct {
	parts *multipart.Reader // nil at the end, and for a form that came without files
	texts url.Values        // that were read so far
	room  int64             // bytes that texts may still have
	field string            // of the file that was reached
	name  string            // of that file, as the browser calls it
}

// openFiles begins to read a form that may carry files.
func openFiles(c echo.Context, room int64) (*filesForm, error) {
	if !isMultipart(c.Request()) {
		return &filesForm{texts: c.Request().PostForm}, nil
	}
	parts, err := partsOf(c)
	return &filesForm{parts: parts, texts: url.Values{}, room: room}, err
}

// next reads texts up to the next file and returns it; nil when there is none any more.
func (f *filesForm) next() (*filePart, error) {
	if f.parts == nil {
		return nil, nil
	}
	for {
		part, err := f.parts.NextRawPart()
		if err == io.EOF { //nolint:errorlint // a form that breaks off gives another error
			f.parts = nil
			return nil, nil
		}
		if err != nil {
			return nil, unreadable()
		}
		name, isFile := fileName(part)
		switch {
		case isFile && name != "":
			f.field, f.name = part.FormName(), name
			return &filePart{part}, nil
		case isFile: // no file was chosen
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, f.room+1))
		if err != nil {
			return nil, unreadable()
		}
		if f.room -= int64(len(text)); f.room < 0 {
			return nil, collateral.Errorf(collateral.TooLarge, "The texts of the form are too long. Send less at once.")
		}
		f.texts.Add(part.FormName(), string(text))
	}
}

// rest reads what stands behind the files that are wanted.
func (f *filesForm) rest() error {
	for {
		file, err := f.next()
		if err != nil || file == nil {
			return err
		}
	}
}

// fileName returns a file's name as it was sent, with the folders that a browser names when a whole folder was chosen.
func fileName(part *multipart.Part) (name string, isFile bool) {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return "", false
	}
	name, isFile = params["filename"]
	return name, isFile
}

// filePart is the content of a file. A part hands out 4 kB at a time; whoever stores the content writes what one Read
// returns, and larger pieces arrive about twice as fast.
type filePart struct{ part *multipart.Part }

// Read implements io.Reader. It fills p as far as it can.
func (f *filePart) Read(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var more int
		more, err = f.part.Read(p[n:])
		n += more
	}
	return n, err
}

// lingering lets a browser read why its upload is refused; what it returns is called behind the answer.
func lingering(c echo.Context) (drop func()) {
	return httpd.Linger(c.Response(), httpd.CallOf(c.Request().Context()))
}
