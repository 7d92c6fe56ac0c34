package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"collateral/internal/demo"
)

// newFolder stands as the default of --data for a folder made for this demo.
const newFolder = "a new temporary folder"

func newDemo(p Process) *cobra.Command {
	settings := demoSettings()
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve a registry of an invented company to look around in",
		Long: `Serve a registry of an invented company to look around in: half a year of collateral, sign-offs, searches and uses.

The company is made anew in a new folder, whose path is printed; with --data FOLDER the same one can be opened again.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := resolve(settings, cmd.Flags(), p.Getenv)
			if err == nil && cfg.Data == newFolder {
				cfg, err = inNewFolder(settings, cmd.Flags(), p.Getenv)
			}
			if err != nil {
				return err
			}
			if err := cfg.setChildren(); err != nil {
				return err
			}
			log := cfg.logger(p.Stderr)
			slog.SetDefault(log)
			return serveDemo(cmd.Context(), p, cfg, log)
		},
	}
	addFlags(cmd.Flags(), settings)
	return cmd
}

func demoSettings() []setting {
	settings := append(storeSettings(), serverSettings()...)
	for i := range settings {
		if settings[i].flag == "data" {
			settings[i].fallback = newFolder
		}
	}
	return settings
}

// inNewFolder makes a folder for a demo that was given none, and resolves the settings with it.
func inNewFolder(settings []setting, flags *pflag.FlagSet, getenv func(string) string) (Config, error) {
	folder, err := os.MkdirTemp("", "collateral-demo-")
	if err != nil {
		return Config{}, fmt.Errorf("making a folder for the demo: %w", err)
	}
	if err := flags.Set("data", folder); err != nil {
		return Config{}, err
	}
	return resolve(settings, flags, getenv)
}

// serveDemo makes the company where there is nothing yet, and serves it.
func serveDemo(ctx context.Context, p Process, cfg Config, log *slog.Logger) error {
	if err := checkDemoFolder(cfg.Data); err != nil {
		return err
	}
	s, err := newServer(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer endTraces(ctx, s.traces, log)
	if err := s.settle(ctx, p.Stdout); err != nil {
		return errors.Join(err, s.engines.close())
	}
	err = s.serve(ctx, func(at Running) { say(p.Stdout, "%s", welcome(at, p, cfg)) })
	return errors.Join(err, s.engines.close())
}

// settled is the file in the data folder that says that the company is complete.
const settled = "demo"

// checkDemoFolder refuses a folder with something else in it, before anything is made there.
func checkDemoFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking into the folder for the demo: %w", err)
	}
	if _, err := os.Stat(filepath.Join(folder, settled)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not empty and holds no complete demo, so it is left alone: give an empty folder as --data, or none for a new one", folder)
	} else if err != nil {
		return fmt.Errorf("looking into the folder for the demo: %w", err)
	}
	return nil
}

// settle makes the company, unless it is there. It does not touch a registry that is anything else: the database may be
// kept elsewhere.
func (s *server) settle(ctx context.Context, out io.Writer) error {
	hasUsers, err := s.people.HasUsers(ctx)
	if err != nil {
		return err
	}
	mark := filepath.Join(s.cfg.Data, settled)
	if hasUsers {
		if _, err := os.Stat(mark); errors.Is(err, fs.ErrNotExist) {
			return errors.New("the database has people in it who are not the demo's, so it is left alone: give an empty one as --database-url, or none")
		} else if err != nil {
			return fmt.Errorf("looking for the mark of a complete demo: %w", err)
		}
		return nil
	}

	say(out, "Making the company; this takes a moment ...\n")
	if err := demo.Seed(ctx, s.pieces, s.engines.store.Now()); err != nil {
		return fmt.Errorf("making the company: %w", err)
	}
	if err := s.readOwnFiles(ctx); err != nil {
		return fmt.Errorf("reading the company's files: %w", err)
	}
	if err := os.MkdirAll(s.cfg.Data, 0o700); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(s.engines.store.Now().Format(time.RFC3339)+"\n"), 0o600)
}

// readOwnFiles does all jobs that wait. The files are not a stranger's, so they are read in this process: that is faster
// than a process for each.
func (s *server) readOwnFiles(ctx context.Context) error {
	command := s.pieces.Text.Command
	s.pieces.Text.Command = nil
	defer func() { s.pieces.Text.Command = command }()
	return s.drain(ctx)
}

func welcome(at Running, p Process, cfg Config) string {
	var text strings.Builder
	say(&text, "\nThe registry of %s listens on %s\n\n", demo.Company, at.URL)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	say(table, "  ROLE\tNAME\tE-MAIL\tPASSWORD\n")
	for _, who := range demo.SignIns() {
		say(table, "  %s\t%s\t%s\t%s\n", join(who.Roles), who.Name, who.Email, demo.Password)
	}
	_ = table.Flush() // to memory
	text.WriteString(strings.NewReplacer("URL", at.URL, "PASSWORD", demo.Password).Replace(firstSteps))
	say(&text, "\nThe API is described at %s/api/docs. Everything is kept in %s; to open the same company again:\n\n  %s demo --data %s\n",
		at.URL, cfg.Data, programName(p.Args[0]), quote(cfg.Data))
	return text.String()
}

// firstSteps is how to begin. URL and PASSWORD stand for those of this demo.
const firstSteps = `
Open it in a browser and sign in. As the rep, look for "hard sholder": it finds a slide by the words on it, though one is mistyped.
As the leader, open Reports: most of the collateral goes unused, and every number leads to the pieces behind it.

The same by the API:

  signin() { curl -s URL/api/v1/sessions -H 'Content-Type: application/json' -d '{"email": "'$1'@marrowby.example", "password": "PASSWORD"}' | sed 's/.*"token": *"\([^"]*\)".*/\1/'; }
  curl -s "URL/api/v1/search?q=hard+sholder" -H "Authorization: Bearer $(signin rep)"
`
