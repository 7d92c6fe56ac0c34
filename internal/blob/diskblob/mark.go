package diskblob

import (
	"fmt"
	"os"

	"collateral/internal/blob"
)

// Mark implements blob.Marker. It does not see a medium that goes bad beneath a file that nobody writes to.
func (s *Store) Mark(f blob.File) string {
	file, ok := f.(*os.File)
	if !ok {
		return ""
	}
	stat, err := file.Stat()
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d %s", stat.Size(), stat.ModTime().UnixNano(), changed(stat))
}
