package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"collateral/internal/collateral"
)

//go:embed assets
var embedded embed.FS

// Addresses of what is not a page.
const (
	assetsPath = "/assets/"
	beaconPath = "/beacon.js"
)

// assets are the style sheet, the script and the pictures. They are few and small, so they are kept as they are sent. The
// style sheet and the script are written in several files and sent as one each.
type assets struct {
	files map[string]asset
}

type asset struct {
	content []byte
	packed  []byte // gzip
	mark    string // of the content: a new content has a new address
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	for _, together := range []struct{ name, pattern string }{{"style.css", "assets/css/*.css"}, {"script.js", "assets/js/*.js"}} {
		content, err := concatenated(together.pattern)
		if err != nil {
			return nil, err
		}
		if err := a.add(together.name, content); err != nil {
			return nil, err
		}
	}
	others, err := fs.Glob(embedded, "assets/*.*")
	if err != nil {
		return nil, err
	}
	for _, file := range others {
		content, err := embedded.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := a.add(path.Base(file), content); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// concatenated puts files together in the order of their names.
func concatenated(pattern string) ([]byte, error) {
	files, err := fs.Glob(embedded, pattern)
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for _, file := range files {
		content, err := embedded.ReadFile(file)
		if err != nil {
			return nil, err
		}
		all.Write(content)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

func (a *assets) add(name string, content []byte) error {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	a.files[name] = asset{content: content, packed: packed.Bytes(), mark: hex.EncodeToString(sum[:6])}
	return nil
}

// Asset is the address of a style sheet, script or picture. It changes with the content, so browsers may keep it for good.
func (p page) Asset(name string) (string, error) {
	file, ok := p.site.files.files[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return assetsPath + name + "?v=" + file.mark, nil
}

// forGood is how long browsers keep what an address with a mark leads to.
const forGood = 365 * 24 * time.Hour

func (a *assets) serve(c echo.Context) error { return a.send(c, c.Param("*")) }

// beaconTime is how long a page of another system may use a script without asking whether there is a newer one.
const beaconTime = time.Hour

// serveBeacon serves the script for pages of other systems. Its address is written there, so it has no mark.
func (a *assets) serveBeacon(c echo.Context) error {
	h := c.Response().Header()
	h.Set(echo.HeaderAccessControlAllowOrigin, "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return a.send(c, "beacon.js")
}

func (a *assets) send(c echo.Context, name string) error {
	file, ok := a.files[name]
	if !ok {
		return collateral.Errorf(collateral.NotFound, "There is nothing at this address.")
	}
	h := c.Response().Header()
	h.Set("ETag", `"`+file.mark+`"`)
	h.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
	h.Set(echo.HeaderCacheControl, "no-cache")
	switch {
	case c.Path() == beaconPath:
		h.Set(echo.HeaderCacheControl, fmt.Sprintf("public, max-age=%d, stale-while-revalidate=%d", int(beaconTime.Seconds()), int(forGood.Seconds())))
	case c.QueryParam("v") == file.mark:
		h.Set(echo.HeaderCacheControl, fmt.Sprintf("public, max-age=%d, immutable", int(forGood.Seconds())))
	}
	if c.Request().Header.Get("If-None-Match") == `"`+file.mark+`"` {
		return c.NoContent(http.StatusNotModified)
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") && len(file.packed) < len(file.content) {
		h.Set(echo.HeaderContentEncoding, "gzip")
		return c.Blob(http.StatusOK, kind, file.packed)
	}
	return c.Blob(http.StatusOK, kind, file.content)
}
