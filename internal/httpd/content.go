package httpd

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
	"collateral/internal/registry"
)

// Content is the answer with a version's bytes, whole or by ranges, or the way to a link's address.
type Content struct {
	Request  *http.Request
	Content  *registry.Content
	Download bool   // to be kept, not shown
	Used     func() // told once, when the answer begins with the first byte; may be nil
	Fleeting bool   // for whoever may be let in no more at any moment: kept nowhere, and fetched from nowhere else
}

// Serve answers. An error is a refusal of which nothing was sent yet.
func (a Content) Serve(w http.ResponseWriter) error {
	v, h := a.Content.Version, w.Header()
	if v.IsLink() {
		h.Set(echo.HeaderLocation, v.URL)
		w.WriteHeader(http.StatusFound)
		if a.Request.Method != http.MethodHead {
			a.use()
		}
		return nil
	}
	defer a.Content.Close()
	if linked, err := a.link(w); linked || err != nil {
		return err
	}
	// A part is not compared with the hash of the whole, so the whole is looked at first.
	if isPart(a.Request.Header.Get("Range")) {
		if err := a.Content.Sound(a.Request.Context()); err != nil {
			return err
		}
	}
	h.Set(echo.HeaderContentType, v.MediaType)
	h.Set(echo.HeaderContentDisposition, disposition(a.Download, v.FileName))
	h.Set("ETag", strconv.Quote(v.SHA256))
	h.Set(echo.HeaderCacheControl, a.caching())
	if runs(v.MediaType) {
		h.Set(echo.HeaderContentSecurityPolicy, "sandbox allow-scripts allow-popups")
	}
	cw := &contentWriter{ResponseWriter: w, began: func(status int) {
		if a.Request.Method != http.MethodHead && fromTheStart(status, h) {
			a.use()
		}
	}}
	http.ServeContent(cw, a.Request, "", time.Time{}, a.Content.Reader())
	return cw.refusal()
}

func (a Content) caching() string {
	if a.Fleeting {
		return "no-store"
	}
	return contentCaching
}

func (a Content) use() {
	if a.Used != nil {
		a.Used()
	}
}

// contentCaching has content kept by the caller only, and asked for each time: a withdrawn piece must not be served from a
// cache.
const contentCaching = "private, no-cache"

// link leads to where the content lies, if that is wanted, and reports whether it did. It is not for what a browser would
// run, which must run in no other origin than the one made for it here, nor for questions that a hash answers.
func (a Content) link(w http.ResponseWriter) (bool, error) {
	v := a.Content.Version
	if a.Fleeting || a.Request.Method != http.MethodGet || runs(v.MediaType) || isConditional(a.Request.Header) {
		return false, nil
	}
	address, err := a.Content.Link(a.Request.Context(), disposition(a.Download, v.FileName), contentCaching)
	if err != nil || address == "" {
		return false, err
	}
	w.Header().Set(echo.HeaderLocation, address)
	w.Header().Set(echo.HeaderCacheControl, "no-store") // whoever has the address has the content
	w.WriteHeader(http.StatusFound)
	if asked := a.Request.Header.Get("Range"); asked == "" || strings.HasPrefix(asked, "bytes=0-") {
		a.use()
	}
	return true, nil
}

func isConditional(h http.Header) bool {
	for _, name := range []string{"If-Match", "If-None-Match", "If-Range"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}

// isPart reports whether a range may leave something out. "bytes=0-", with which players begin, does not.
func isPart(asked string) bool { return asked != "" && asked != "bytes=0-" }

// fromTheStart reports whether an answer carries the content's first byte: not a 304, and not a later range.
func fromTheStart(status int, h http.Header) bool {
	return status == http.StatusOK ||
		status == http.StatusPartialContent && strings.HasPrefix(h.Get("Content-Range"), "bytes 0-")
}

// runs reports whether a browser would execute scripts of such a file. It does so in an origin of its own then: a
// calculator works, and reaches nothing of the registry.
func runs(mediaType string) bool {
	base, _, _ := strings.Cut(mediaType, ";")
	base = strings.TrimSpace(base)
	return base == "text/html" || strings.HasSuffix(base, "xml")
}

// disposition writes a Content-Disposition header with a name for old and for new clients (RFC 6266, appendix D).
func disposition(download bool, name string) string {
	kind := "inline"
	if download {
		kind = "attachment"
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// contentWriter lets http.ServeContent answer, but keeps its plain-text refusals back: they become problems.
type contentWriter struct {
	http.ResponseWriter
	began  func(status int)
	status int
}

var _ io.ReaderFrom = (*contentWriter)(nil)

func (w *contentWriter) WriteHeader(status int) {
	w.status = status
	if status >= 400 {
		return
	}
	w.began(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *contentWriter) Write(p []byte) (int, error) {
	if w.status >= 400 {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom implements io.ReaderFrom. Echo's response would have the bytes pass through a buffer of ours; what lies below it
// has the kernel send a file as it is.
func (w *contentWriter) ReadFrom(content io.Reader) (int64, error) {
	res, ok := w.ResponseWriter.(*echo.Response)
	if !ok || w.status >= 400 {
		return io.Copy(struct{ io.Writer }{w}, content)
	}
	var n int64
	var err error
	if isFile(content) {
		n, err = io.Copy(res.Writer, content)
	} else {
		// What comes from elsewhere comes in larger pieces than a response would ask for.
		n, err = io.CopyBuffer(struct{ io.Writer }{res.Writer}, content, make([]byte, copySize))
	}
	res.Size += n
	return n, err
}

const copySize = 256 << 10

// isFile reports whether content, of which http.ServeContent wants so many bytes, is one that the kernel can send.
func isFile(content io.Reader) bool {
	if limited, ok := content.(*io.LimitedReader); ok {
		content = limited.R
	}
	_, ok := content.(syscall.Conn)
	return ok
}

func (w *contentWriter) refusal() error {
	if w.status < 400 {
		return nil
	}
	w.Header().Del(echo.HeaderContentDisposition)
	switch w.status {
	case http.StatusRequestedRangeNotSatisfiable:
		return echo.NewHTTPError(w.status)
	case http.StatusPreconditionFailed:
		return collateral.Errorf(collateral.Stale, "The content is no longer what If-Match names.")
	}
	return collateral.Errorf(collateral.Internal, "serving content: status %d", w.status)
}
