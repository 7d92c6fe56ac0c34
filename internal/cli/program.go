package cli

import (
	"os"
	"path/filepath"
	"strings"
)

// setChildren sets the commands by which a server starts this program for one document.
func (c *Config) setChildren() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	c.ReadDocument, c.MarkDocument = []string{program, extractChild}, []string{program, markChild}
	return nil
}

// firstAdmin is the command line that makes the first account of a registry with this configuration, for a program
// that was called by the given name.
func firstAdmin(name string, cfg Config) string {
	words := []string{programName(name), "user", "add", "you@example.com", "--name", "'Your Name'", "--role", "admin", "--password-stdin",
		"--data", quote(cfg.Data)}
	switch {
	case strings.HasPrefix(cfg.DatabaseURL, "postgres"):
		// The address may hold a password, which has no place on a screen.
		words = append(words, "--database-url", `"$DATABASE_URL"`)
	case cfg.DatabaseURL != Defaults(cfg.Data).DatabaseURL:
		words = append(words, "--database-url", quote(cfg.DatabaseURL))
	}
	return strings.Join(words, " ")
}

// programName is how the program can be called again: "go run" builds one that is gone afterwards.
func programName(name string) string {
	if strings.Contains(name, string(filepath.Separator)+"go-build") {
		return "go run ."
	}
	return quote(name)
}

// quote makes text one word for a shell.
func quote(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("./_-:=@%+,", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
