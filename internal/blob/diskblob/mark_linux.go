package diskblob

import (
	"fmt"
	"io/fs"
	"syscall"
)

// changed tells which file this is and when it was last changed, which nobody can set back.
func changed(stat fs.FileInfo) string {
	s, ok := stat.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d %d.%09d", s.Ino, s.Ctim.Sec, s.Ctim.Nsec)
}
