package cli

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOfficeSetting(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	program := filepath.Join(folder, "soffice")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ value, want, refused string }{
		{"auto", "auto", ""},
		{"none", "none", ""},
		{program, program, ""},
		{folder, "", "cannot be started"},
		{filepath.Join(folder, "missing"), "", "cannot be started"},
	} {
		var c Config
		err := setOffice(&c, test.value)
		if c.Office != test.want || (err != nil) != (test.refused != "") || err != nil && !strings.Contains(err.Error(), test.refused) {
			t.Errorf("%s: got %q, %v; want %q, %q", test.value, c.Office, err, test.want, test.refused)
		}
	}
	log := slog.New(slog.DiscardHandler)
	if newOffice(Config{Office: program}, true, log) == nil {
		t.Error("with LibreOffice and PDFium: got nothing")
	}
	if newOffice(Config{Office: program}, false, log) != nil || newOffice(Config{Office: noOffice}, true, log) != nil {
		t.Error("without one of them: got a converter")
	}
}
