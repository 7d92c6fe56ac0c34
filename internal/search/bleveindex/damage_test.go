package bleveindex_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// Each of these returns what damages the files of an index that fit a pattern.

func overwrite(pattern string) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, content []byte) {
		write(t, path, bytes.Repeat([]byte("garbage "), len(content)/8+1))
	})
}

func cutOff(pattern string) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, content []byte) { write(t, path, content[:len(content)*2/5]) })
}

func keepPages(pattern string, n int) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, content []byte) { write(t, path, content[:n*os.Getpagesize()]) })
}

func empty(pattern string) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, _ []byte) { write(t, path, nil) })
}

func flipBit(pattern string) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, content []byte) {
		content[len(content)/2] ^= 1
		write(t, path, content)
	})
}

func remove(pattern string) func(*testing.T, string) {
	return eachFile(pattern, func(t *testing.T, path string, _ []byte) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})
}

func eachFile(pattern string, damage func(t *testing.T, path string, content []byte)) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("got %d files like %s (%v), want some", len(paths), pattern, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			damage(t, path, content)
		}
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
