package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"collateral/internal/archive"
	"collateral/internal/registry"
	"collateral/internal/search/bleveindex"
	"collateral/internal/store"
)

func newImport(p Process) *cobra.Command {
	var options archive.ImportOptions
	settings := storeSettings()
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Restore what export wrote, into an empty registry",
		Long: `Make the registry that export wrote into FILE, or - for standard input, in an empty database and a place for files, of
whatever kind. The database is made when it is not there. No server may run on it, and on PostgreSQL the address must be
that of the user who owns the tables.

Every row is checked: that it is the one that was written, and that it keeps the rules of the gate. With any fault the
database stays as it was. Files that arrived by then are left to the next server, which removes them after a day.
The search index is filled by the first server that starts. Nobody is signed in at first; passwords and tokens stay valid.

To bring in new pieces from a folder and a CSV, use import-library.`,
		Example: `  collateral import backup.tar.gz --data /var/lib/collateral
  ssh elsewhere collateral export | collateral import - --database-url postgres://owner:secret@db.internal/collateral`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError("Give the file that export wrote, or - for standard input.")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			from := io.Reader(p.Stdin)
			if args[0] != standard {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				from = file
			}
			return importAll(cmd.Context(), p, cfg, from, options)
		},
	}
	cmd.Flags().BoolVar(&options.AllowMissing, "allow-missing", false, "take in an export that lacks files, without them")
	addFlags(cmd.Flags(), settings)
	return cmd
}

func importAll(ctx context.Context, p Process, cfg Config, from io.Reader, options archive.ImportOptions) (err error) {
	release, err := haveIndex(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return withStore(ctx, cfg, func(s *store.Store) error {
		a, line, err := openArchive(ctx, p, cfg, s)
		if err != nil {
			return err
		}
		options.FollowUp = askForIndex
		manifest, err := a.Import(ctx, from, options)
		line.end()
		if err != nil {
			return err
		}
		say(p.Stdout, "Imported, read back and checked:\n\n")
		if err := writeManifest(p.Stdout, manifest); err != nil {
			return err
		}
		if n := len(manifest.Missing); n > 0 {
			say(p.Stdout, "Files that the export lacked: %d. The versions that have them cannot be opened.\n", n)
		}
		return nil
	})
}

// haveIndex keeps a server of this folder from starting, and refuses beside one that runs. An index that was never made has
// no server, and one on a search server says nothing of who uses it.
func haveIndex(cfg Config) (release func() error, err error) {
	if cfg.SearchServer.URL != "" {
		return func() error { return nil }, nil
	}
	if _, err := os.Stat(cfg.IndexFolder); errors.Is(err, fs.ErrNotExist) {
		return func() error { return nil }, nil
	}
	index, _, err := bleveindex.Open(cfg.IndexFolder)
	if errors.Is(err, bleveindex.ErrInUse) {
		return nil, fmt.Errorf("a server uses the search index in %s: stop it first, and import then", cfg.IndexFolder)
	}
	if err != nil {
		return nil, err
	}
	return index.Close, nil
}

// askForIndex has the next server fill the search index, and read what was not read yet where the rows come from.
func askForIndex(ctx context.Context, tx *store.Store) error {
	if err := tx.Enqueue(ctx, jobReindex, uuid.Nil); err != nil {
		return err
	}
	unread, err := tx.PendingExtractions(ctx)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, registry.JobExtract, unread...)
}
