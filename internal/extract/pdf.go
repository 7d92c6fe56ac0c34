package extract

import (
	"context"
	"errors"
	"io"
	"os/exec"
)

// readPDF takes the best engine at hand. Poppler reads nearly every PDF there is, files with a broken index too; the
// engine in pure Go needs nothing installed, and reads what common programs write.
func readPDF(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (Result, error) {
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		res, err := readPDFByPoppler(ctx, tool, r, size, lim)
		if !errors.Is(err, errNotStarted) {
			return res, err
		}
	}
	return readPDFByGo(ctx, r, size, lim)
}
