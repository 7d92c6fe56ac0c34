package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"collateral/internal/collateral"
	"collateral/internal/registry"
	"collateral/internal/store"
)

// libraryOptions are the flags of import-library.
type libraryOptions struct {
	folder string
	csv    string
	as     string
	batch  string
	dryRun bool
}

func newImportLibrary(p Process) *cobra.Command {
	var o libraryOptions
	settings := importSettings()
	cmd := &cobra.Command{
		Use:   "import-library FOLDER --csv FILE --as EMAIL [--dry-run] [--batch NAME]",
		Short: "Bring in a folder of files as drafts, described by a CSV",
		Long: `Bring in a folder of files as drafts, described by a CSV with one row per piece. It may be called before the first serve,
and beside a running one, which reads the texts of the files.

Everything is looked at first. With any fault in the CSV or the files, each is named with its line, and nothing is done.
Interrupted, the same command goes on where it was; no piece is made twice. docs/import.md describes the columns.

Who imports counts as one of the makers of every piece, and cannot sign any of them for Sales.

This brings in new pieces. A backup, or a registry from elsewhere, is what import restores.`,
		Example: `  collateral import-library ./library --csv library.csv --as ada@example.com --dry-run`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError("Give the folder of the files.")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.folder = args[0]
			if o.csv == "" || o.as == "" {
				return usageError("Name the CSV with --csv FILE, and who brings the library in with --as EMAIL.")
			}
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err != nil {
				return err
			}
			return withStore(cmd.Context(), cfg, func(s *store.Store) error {
				return importLibrary(cmd.Context(), p, cfg, s, o)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.csv, "csv", "", "the `FILE` that describes the pieces")
	flags.StringVar(&o.as, "as", "", "`EMAIL` of the marketer or admin who brings the library in")
	flags.StringVar(&o.batch, "batch", "", "`NAME` of the batch (default the path of the folder)")
	flags.BoolVar(&o.dryRun, "dry-run", false, "name every fault, and do nothing")
	addFlags(flags, settings)
	return cmd
}

// importSettings are those of every command, and how large a file may be.
func importSettings() []setting {
	settings := storeSettings()
	for _, s := range serverSettings() {
		if s.flag == "max-upload" {
			settings = append(settings, s)
		}
	}
	return settings
}

func importLibrary(ctx context.Context, p Process, cfg Config, s *store.Store, o libraryOptions) error {
	actor, err := personNamed(ctx, s, o.as)
	if err != nil {
		return err
	}
	lib, close, err := o.open()
	if err != nil {
		return err
	}
	defer close()
	pieces := &registry.Registry{Store: s, MaxUpload: cfg.MaxUpload, Log: slog.New(slog.NewTextHandler(p.Stderr, nil))}
	if o.dryRun {
		plan, err := pieces.PlanImport(ctx, actor, lib)
		if err != nil {
			return err
		}
		return o.tellPlan(p, plan)
	}
	if pieces.Blobs, err = openBlobs(ctx, cfg); err != nil {
		return err
	}
	return o.run(ctx, p, pieces, actor, lib)
}

// personNamed is somebody with an account, with all roles they hold.
func personNamed(ctx context.Context, s *store.Store, email string) (collateral.Actor, error) {
	email = collateral.NormalEmail(email)
	people, err := s.UsersByEmail(ctx, []string{email})
	if err != nil {
		return collateral.Actor{}, err
	}
	person, known := people[email]
	if !known || !person.Active {
		return collateral.Actor{}, fmt.Errorf("nobody has an active account with the e-mail address %q", email)
	}
	return collateral.Actor{UserID: person.ID, Roles: person.Roles}, nil
}

// open reads the CSV and opens the folder, out of which no path and no symbolic link leads.
func (o *libraryOptions) open() (lib registry.Library, close func(), err error) {
	file, err := os.Open(o.csv)
	if err != nil {
		return lib, nil, err
	}
	defer file.Close()
	if lib.CSV, err = io.ReadAll(io.LimitReader(file, registry.MaxLibraryCSV+1)); err != nil {
		return lib, nil, fmt.Errorf("reading %s: %w", o.csv, err)
	}
	if lib.Name = o.batch; lib.Name == "" {
		if lib.Name, err = filepath.Abs(o.folder); err != nil {
			return lib, nil, err
		}
	}
	root, err := os.OpenRoot(o.folder)
	if err != nil {
		return lib, nil, err
	}
	lib.Files = root.FS()
	return lib, func() { _ = root.Close() }, nil // nothing was written through it
}

func (o *libraryOptions) run(ctx context.Context, p Process, pieces *registry.Registry, actor collateral.Actor, lib registry.Library) error {
	began := pieces.Store.Now()
	batch, plan, _, err := pieces.StartImport(ctx, actor, lib)
	if plan != nil && len(plan.Faults) > 0 {
		return o.tellPlan(p, plan)
	}
	if err != nil {
		return err
	}
	o.tellRows(p.Stderr, "warning: ", plan.Warnings)
	line := newProgressLine(p.Stderr)
	done, err := pieces.ImportFiles(ctx, actor, batch, lib.Files, func(sofar registry.Imported) {
		line.show(fmt.Sprintf("%d of %d pieces, %s", sofar.Made, sofar.Of, formatSize(sofar.Bytes)))
	})
	line.end()
	o.tellRows(p.Stderr, "", done.Faults)
	if err != nil {
		return errors.Join(err, fmt.Errorf("%d of %d pieces were made; the same command goes on where this one ended", done.Made, done.Of))
	}
	took := pieces.Store.Now().Sub(began)
	if err := o.summarise(ctx, p.Stdout, pieces, actor, batch, plan, done, took); err != nil {
		return err
	}
	if done.Failed > 0 {
		return fmt.Errorf("%d rows have no piece; when they are mended, the same command goes on with them", done.Failed)
	}
	return nil
}
