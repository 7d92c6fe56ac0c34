package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"collateral/internal/collateral"
	"collateral/internal/store"
)

// imports measures a library that is brought in beside a running server, until every text of it has been read.
func (b *bench) imports(ctx context.Context) (rows []row, err error) {
	l, err := b.newLibrary(ctx, store.SQLite, 10)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.drop(ctx, l.database)) }()
	s, err := b.serve(ctx, l)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	folder, list, err := b.filesToImport()
	if err != nil {
		return nil, err
	}
	b.say("bringing in %d files", b.scale.imported)
	began := time.Now()
	command := exec.CommandContext(ctx, b.program, "import-library", folder, "--csv", list,
		"--as", l.people[collateral.Marketer].email, "--data", l.folder, "--database-url", l.address)
	command.Env = unconfigured()
	if out, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("importing: %w: %s", err, out)
	}
	made := time.Since(began)
	p := &publisher{library: l}
	for left := 1; left > 0; {
		if left, err = p.unread(ctx); err != nil {
			return nil, err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
	}
	all := time.Since(began)
	return []row{{
		what:     fmt.Sprintf("import of %d files", b.scale.imported),
		measured: fmt.Sprintf("pieces made after %s, texts read after %s, %.0f files a second", short(made), short(all), float64(b.scale.imported)/all.Seconds()),
		checks:   []check{atMost(15, all.Minutes(), " min", "until all texts are read")},
		limit:    "a process of its own for the reading of each document",
	}}, nil
}

// filesToImport writes a folder of documents and the CSV that describes them.
func (b *bench) filesToImport() (folder, list string, err error) {
	if folder, err = b.place("import"); err != nil {
		return "", "", err
	}
	out, err := os.Create(folder + ".csv")
	if err != nil {
		return "", "", err
	}
	defer out.Close()
	rows := csv.NewWriter(out)
	if err := rows.Write([]string{"file", "title", "type", "audience", "stages"}); err != nil {
		return "", "", err
	}
	words := newCorpus(5)
	for i := range b.scale.imported {
		name := fmt.Sprintf("piece-%d.html", i)
		if err := os.WriteFile(filepath.Join(folder, name), page(words.text(pageWords), word(i)), 0o600); err != nil {
			return "", "", err
		}
		if err := rows.Write([]string{name, words.text(6), "one-pager", "customer", "validation (primary): Shows that it works, with their data."}); err != nil {
			return "", "", err
		}
	}
	rows.Flush()
	return folder, out.Name(), rows.Error()
}
