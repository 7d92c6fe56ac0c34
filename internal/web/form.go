package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

// maxForm bounds a form without files in bytes.
const maxForm = 1 << 20

// tokenField is the first field of every form.
const tokenField = "token"

// guardOrigin refuses forms that another site has a browser send. A browser says where they come from.
func guardOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil && !isUntold(c.Request()) {
				return collateral.Errorf(collateral.Forbidden, "This form was sent from another site. Open the page here and send it again.")
			}
			return next(c)
		}
	}
}

// isUntold reports whether a form of a visitor's page comes without a word on where from: that page has browsers tell nobody,
// and those that do not know Sec-Fetch-Site do not tell us either. No other site gains by it: the visitor's cookie does not
// come along from there, and without it no form does anything.
func isUntold(r *http.Request) bool {
	return isForVisitors(r.URL.Path) && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null"
}

type filesKey struct{}

// checkForm reads a form, unless it carries files, and refuses one without the token that our own pages put into it. A form
// with files is read by its page, part by part: its token comes first.
func (s *site) checkForm(c echo.Context) error {
	r := c.Request()
	if isMultipart(r) {
		files, err := r.MultipartReader()
		if err != nil {
			return unreadable()
		}
		token, err := firstPart(files)
		if err != nil {
			return err
		}
		if !isFormToken(r.Context(), token) {
			return strangeForm()
		}
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), filesKey{}, files)))
		return nil
	}
	if _, err := readForm(c); err != nil {
		return err
	}
	if !isFormToken(r.Context(), r.PostForm.Get(tokenField)) {
		return strangeForm()
	}
	return nil
}

func isMultipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	return err == nil && kind == "multipart/form-data"
}

// readForm reads a form without files.
func readForm(c echo.Context) (url.Values, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, collateral.Errorf(collateral.TooLarge, "The form is larger than %d MB. Send less at once.", maxForm>>20)
		}
		return nil, unreadable()
	}
	return r.PostForm, nil
}

// partsOf returns what is left of a form with files, behind its token.
func partsOf(c echo.Context) (*multipart.Reader, error) {
	parts, ok := c.Request().Context().Value(filesKey{}).(*multipart.Reader)
	if !ok {
		return nil, collateral.Errorf(collateral.Malformed, "This form has no file. Go back and choose one.")
	}
	return parts, nil
}

func firstPart(files *multipart.Reader) (string, error) {
	part, err := files.NextPart()
	if err != nil || part.FormName() != tokenField {
		return "", strangeForm()
	}
	token, err := io.ReadAll(io.LimitReader(part, 100))
	if err != nil {
		return "", unreadable()
	}
	return string(token), nil
}

func strangeForm() error {
	return collateral.Errorf(collateral.Forbidden, "This form does not come from a page of yours. Open the page again, and send it from there.")
}

func unreadable() error {
	return collateral.Errorf(collateral.Malformed, "The form cannot be read. Nothing was changed; go back and send it again.")
}

// localPath returns an address within this site, or "/" for anything that could lead elsewhere.
func localPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return u.RequestURI()
}
