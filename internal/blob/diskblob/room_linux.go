package diskblob

import "syscall"

// freeBytes returns how much room there is on the disk of a folder for those who are not root.
func freeBytes(folder string) (int64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, err
	}
	return int64(stat.Bavail) * stat.Bsize, nil
}
