package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"collateral/internal/render"
)

// The words of --pdfium that are no file.
const (
	autoPDFium = "auto"
	noPDFium   = "none"
)

// setPDFium refuses a file that is not there at once: without a word, previews would be missing.
func setPDFium(c *Config, value string) error {
	if value != autoPDFium && value != noPDFium {
		if _, err := os.Stat(value); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no file %s; fetch it with scripts/fetch-pdfium, or go without: %s", value, noPDFium)
		} else if err != nil {
			return err
		}
	}
	c.PDFium = value
	return nil
}

// newPictures returns what makes pictures of pages; nil where there is none, which costs previews and nothing else.
func newPictures(cfg Config, log *slog.Logger) *render.PDFium {
	path := cfg.PDFium
	if path == autoPDFium {
		path = findPDFium(cfg.Data)
	}
	if path == "" || path == noPDFium {
		log.Info("pages of PDFs are left to the browser's viewer: there is no PDFium")
		return nil
	}
	return render.New(path, filepath.Join(cfg.Data, "compiled"), render.DefaultLimits())
}

// findPDFium looks where make pdfium, images and packages put it; "" is nowhere.
func findPDFium(data string) string {
	const name = "pdfium.wasm"
	places := []string{filepath.Join(data, name), filepath.Join("/usr/share/collateral", name)}
	if cache, err := os.UserCacheDir(); err == nil {
		places = append(places, filepath.Join(cache, "collateral", "pdfium", name))
	}
	for _, path := range places {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}
