package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"collateral/internal/archive"
	"collateral/internal/store"
)

func newExport(p Process) *cobra.Command {
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Back up the whole registry, or move it: everything in one file",
		Long: `Write the whole registry into one file, or to standard output: people with their passwords and tokens, pieces with all their
versions and files, sign-offs, uses and the audit log. It may be called beside a running server, and is of one moment.

import makes the same registry out of it, on any kind of database and of storage for files. The search index is not part of
it, and neither is who is signed in. Keep the file as safe as the database: it has the hashes of passwords in it.

To get pieces out as a CSV and a folder of files, for people to work on, use export-library.`,
		Example: `  collateral export backup.tar.gz
  collateral export | ssh elsewhere 'cat > backup.tar.gz'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError(fmt.Sprintf("One file is expected, and %q came too.", args[1]))
			}
			if (len(args) == 0 || args[0] == standard) && isTerminal(p.Stdout) {
				return usageError("Name the file to write, or send the output somewhere: it is nothing for a terminal.")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return export(cmd.Context(), p, cfg, append(args, standard)[0])
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

// standard stands for standard input or output where a file is named.
const standard = "-"

func export(ctx context.Context, p Process, cfg Config, file string) error {
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // nothing was written through it
	if version, err := s.SchemaVersion(ctx); err != nil {
		return err
	} else if version == 0 {
		return errors.New("there is no registry in this database to export: name the right one with --data or --database-url")
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	a, line, err := openArchive(ctx, p, cfg, s)
	if err != nil {
		return err
	}
	if file == standard {
		manifest, err := a.Export(ctx, p.Stdout)
		line.end()
		return toldExport(p, manifest, "standard output", err)
	}
	manifest, err := exportToFile(ctx, a, file)
	line.end()
	return toldExport(p, manifest, file, err)
}

// exportToFile gives the file its name when it is whole.
func exportToFile(ctx context.Context, a *archive.Archive, file string) (archive.Manifest, error) {
	if _, err := os.Lstat(file); err == nil {
		return archive.Manifest{}, fmt.Errorf("%s is there already and is left as it is: name another file", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return archive.Manifest{}, err
	}
	part := file + ".part"
	out, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return archive.Manifest{}, err
	}
	manifest, err := a.Export(ctx, out)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return manifest, errors.Join(err, os.Remove(part))
	}
	return manifest, os.Rename(part, file)
}

func toldExport(p Process, m archive.Manifest, file string, err error) error {
	if err != nil {
		return err
	}
	say(p.Stderr, "Exported to %s:\n\n", file)
	if err := writeManifest(p.Stderr, m); err != nil {
		return err
	}
	if n := len(m.Missing); n > 0 {
		return fmt.Errorf("%d files are missing from the export, which is whole but for them: they are missing or damaged where the files of the pieces are kept; the log above names them", n)
	}
	return nil
}

// writeManifest sums up what was moved, in the same way at both ends.
func writeManifest(w io.Writer, m archive.Manifest) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, table := range m.Tables {
		if table.Rows > 0 {
			say(t, "%d\t %s\n", table.Rows, table.Name)
		}
	}
	say(t, "%d\t files, %s\n", m.Files, formatSize(m.Bytes))
	if err := t.Flush(); err != nil {
		return err
	}
	say(w, "\ncontent sha256:%s\n", m.Content)
	return nil
}

// openArchive has the progress shown on standard error, in a line which the caller ends.
func openArchive(ctx context.Context, p Process, cfg Config, s *store.Store) (*archive.Archive, *progressLine, error) {
	blobs, err := openBlobs(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	line := newProgressLine(p.Stderr)
	a := &archive.Archive{Store: s, Blobs: blobs, Program: version(), Log: slog.New(slog.NewTextHandler(p.Stderr, nil))}
	a.Progress = func(at archive.Progress) {
		switch {
		case at.Checked > 0:
			line.show(fmt.Sprintf("%d of %d rows checked", at.Checked, at.Rows))
		case at.Table != "":
			line.show(fmt.Sprintf("%d rows, in %s", at.Rows, at.Table))
		default:
			line.show(fmt.Sprintf("%d rows, %d of %d files, %s", at.Rows, at.Files, at.Of, formatSize(at.Bytes)))
		}
	}
	return a, line, nil
}

// version is what this program was built as.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}
