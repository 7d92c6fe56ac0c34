package cli

import (
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"

	"collateral/internal/office"
)

// The words of --office that are no program.
const (
	autoOffice = "auto"
	noOffice   = "none"
)

// setOffice refuses a program that is not there at once: without a word, pictures of slides would be missing.
func setOffice(c *Config, value string) error {
	if value != autoOffice && value != noOffice {
		path, err := exec.LookPath(value)
		if err == nil {
			path, err = filepath.Abs(path) // it is started in other folders
		}
		if err != nil {
			return fmt.Errorf("%s cannot be started (%w); name the soffice of a LibreOffice, or go without: %s", value, err, noOffice)
		}
		value = path
	}
	c.Office = value
	return nil
}

// newOffice returns what turns slides and documents into PDFs; nil where there is none, or nothing that draws PDFs, which costs
// pictures of them and nothing else.
func newOffice(cfg Config, draws bool, log *slog.Logger) *office.Converter {
	path := cfg.Office
	if path == autoOffice {
		path = findOffice()
	}
	if path == "" || path == noOffice || !draws {
		log.Info("slides and documents are shown by their text: for pictures of them there must be LibreOffice and PDFium")
		return nil
	}
	log.Info("slides and documents are shown as pictures", "office", path)
	return office.New(path, office.DefaultLimits())
}

// findOffice looks in the PATH; "" is nowhere.
func findOffice() string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
