package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"

	"github.com/spf13/cobra"

	"collateral/internal/registry"
	"collateral/internal/store"
)

func newExportLibrary(p Process) *cobra.Command {
	var file string
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "export-library [FOLDER] [--csv FILE]",
		Short: "Write all pieces as a CSV, and their files into a folder",
		Long: `Write all pieces as a CSV which import-library takes, and with FOLDER the files that it names. It may be called beside a
running server.

Each piece comes with the content of its newest version and what is said of it now. Earlier versions, sign-offs and uses
are not part of it: to back up or move everything, export is for that.`,
		Example: `  collateral export-library ./library --csv library.csv`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError(fmt.Sprintf("One folder is expected, and %q came too.", args[1]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error {
				return exportLibrary(cmd.Context(), p, cfg, s, file, args)
			})
		},
	}
	cmd.Flags().StringVar(&file, "csv", "", "the `FILE` to write (default standard output)")
	addFlags(cmd.Flags(), settings)
	return cmd
}

func exportLibrary(ctx context.Context, p Process, cfg Config, s *store.Store, file string, folder []string) error {
	pieces := &registry.Registry{Store: s, Log: slog.New(slog.NewTextHandler(p.Stderr, nil))}
	export, err := pieces.Export(ctx, operator())
	if err != nil {
		return err
	}
	if len(folder) > 0 {
		if pieces.Blobs, err = openBlobs(ctx, cfg); err != nil {
			return err
		}
		if err := writeFiles(ctx, p, pieces, export, folder[0]); err != nil {
			return err
		}
	}
	if err := writeLibraryCSV(p, export, file); err != nil {
		return err
	}
	say(p.Stderr, "Pieces written: %d.", export.Rows())
	if export.LeftOut > 0 {
		say(p.Stderr, " Left out, because they have no content: %d.", export.LeftOut)
	}
	say(p.Stderr, "\n")
	if export.Twins > 0 {
		say(p.Stderr, "Links to an address that an earlier row has: %d. Only one of them can be brought in again.\n", export.Twins)
	}
	return nil
}

func writeLibraryCSV(p Process, export *registry.Export, file string) error {
	if file == "" {
		return export.WriteCSV(p.Stdout)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(export.WriteCSV(out), out.Close())
}

// writeFiles writes the files of an export below a folder. One that is there already stays, so that the same command goes
// on where it ended.
func writeFiles(ctx context.Context, p Process, pieces *registry.Registry, export *registry.Export, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as readable as the admin's umask makes any folder
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // each file was closed by itself
	line := newProgressLine(p.Stderr)
	defer line.end()
	for i, f := range export.Files {
		if isThere(root, f) {
			continue
		}
		if err := writeFile(ctx, pieces, root, f); err != nil {
			return err
		}
		line.show(fmt.Sprintf("%d of %d files", i+1, len(export.Files)))
	}
	return nil
}

// isThere reports whether a folder has a file with the bytes it should have.
func isThere(root *os.Root, f registry.ExportedFile) bool {
	info, err := root.Stat(f.Path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != f.Size {
		return false
	}
	file, err := root.Open(f.Path)
	if err != nil {
		return false
	}
	defer file.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, file)
	return err == nil && hex.EncodeToString(hash.Sum(nil)) == f.SHA256
}

// unfinished is the name of the file that is being written.
const unfinished = ".export-library.part"

// writeFile gives a file its name when it is whole.
func writeFile(ctx context.Context, pieces *registry.Registry, root *os.Root, f registry.ExportedFile) error {
	if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
		return err
	}
	out, err := root.Create(unfinished)
	if err != nil {
		return err
	}
	if err := errors.Join(pieces.WriteFile(ctx, out, f), out.Close()); err != nil {
		return errors.Join(err, root.Remove(unfinished))
	}
	return root.Rename(unfinished, f.Path)
}
