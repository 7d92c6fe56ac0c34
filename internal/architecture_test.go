// Package internal_test holds the house in shape. The table below is the map of the program: which package may import
// which, and where each foreign library lives. A package or library that is not on the map may not be there; who adds
// one adds its row, and decides with that row where it belongs.
package internal_test

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the prefix of our own import paths.
const module = "collateral"

// mayImport says which packages of the module a package may import. Paths are relative to the module; "." is its root.
// A row uses rows above it only. Test files may import anything of the module.
var mayImport = map[string][]string{
	// What things are. It imports nothing of ours, so everything else can speak its words.
	"internal/collateral": {},
	"migrations":          {},

	// What the program stands on. These never import each other.
	"internal/store":   {"internal/collateral", "migrations"},
	"internal/blob":    {"internal/collateral"},
	"internal/search":  {"internal/collateral"},
	"internal/extract": {"internal/collateral"},
	"internal/render":  {},
	"internal/office":  {},

	// Engines and suites know their port. Only cli and tests name an engine.
	"internal/blob/diskblob":     {"internal/blob", "internal/collateral"},
	"internal/blob/minioblob":    {"internal/blob", "internal/collateral"},
	"internal/search/bleveindex": {"internal/search", "internal/collateral"},
	"internal/search/meiliindex": {"internal/search", "internal/collateral"},
	"internal/search/meilitest":  {},
	"internal/store/storetest":   {"internal/store", "internal/collateral", "migrations"},
	"internal/blob/blobtest":     {"internal/blob", "internal/collateral"},
	"internal/search/searchtest": {"internal/search", "internal/collateral"},

	// Hands messages to an SMTP server.
	"internal/mail":          {"internal/collateral"},
	"internal/mail/mailtest": {"internal/mail"},

	// Posts signed messages to other systems.
	"internal/webhook": {},

	// Writes on PDFs.
	"internal/watermark": {},

	// How one text became another.
	"internal/difference": {},

	// Tells machines from people by the facts it is handed. It knows no link, and nobody who opened one.
	"internal/machines": {},

	// Counts what is reported to it. It knows none of the parts that report.
	"internal/metrics": {},

	// Tells where time goes. It knows none of the parts that tell it.
	"internal/traces": {},

	// A collector for tests.
	"internal/traces/tracestest": {},

	// PDFium for tests.
	"internal/render/rendertest": {},

	// A small disk for tests that fill one up.
	"internal/disktest": {},

	// An S3 server for tests.
	"internal/blob/s3test": {},

	// Use cases, in one line: each may import those before it, never those after it.
	"internal/access":   {"internal/store", "internal/blob", "internal/search", "internal/extract", "internal/collateral"},
	"internal/usage":    {"internal/access", "internal/store", "internal/blob", "internal/search", "internal/extract", "internal/collateral"},
	"internal/report":   {"internal/usage", "internal/access", "internal/store", "internal/collateral"},
	"internal/registry": {"internal/mail", "internal/webhook", "internal/difference", "internal/usage", "internal/access", "internal/store", "internal/blob", "internal/search", "internal/extract", "internal/render", "internal/office", "internal/collateral"},
	"internal/sharing":  {"internal/registry", "internal/machines", "internal/mail", "internal/watermark", "internal/usage", "internal/access", "internal/store", "internal/collateral"},
	"internal/privacy":  {"internal/sharing", "internal/usage", "internal/access", "internal/store", "internal/collateral"},
	"internal/upkeep":   {"internal/registry", "internal/store", "internal/collateral"},
	"internal/jobs":     {"internal/store", "internal/collateral"},

	// People for tests.
	"internal/access/accesstest": {"internal/access", "internal/store"},

	// Moves everything, so it knows where everything is kept, and nothing of what it means.
	"internal/archive": {"internal/store", "internal/blob", "internal/collateral"},

	// What ways in over HTTP share.
	"internal/httpd": {"internal/registry", "internal/collateral"},

	// Draws numbers that pages show. It knows no page.
	"internal/web/chart": {},

	// Ways in. They see use cases, and never the database behind them.
	"api":          {"internal/httpd", "internal/upkeep", "internal/privacy", "internal/sharing", "internal/registry", "internal/report", "internal/usage", "internal/access", "internal/search", "internal/collateral"},
	"internal/web": {"internal/web/chart", "internal/machines", "internal/httpd", "internal/upkeep", "internal/privacy", "internal/sharing", "internal/registry", "internal/report", "internal/usage", "internal/access", "internal/search", "internal/collateral"},

	// A real browser for tests of pages. It knows the web, and no page.
	"internal/web/browsertest": {},

	// The demo company acts through the use cases, as people would.
	"internal/demo/files": {},
	"internal/demo":       {"internal/demo/files", "internal/sharing", "internal/machines", "internal/registry", "internal/usage", "internal/access", "internal/collateral"},

	// The one place that knows every part, because it puts them together.
	"internal/cli": {
		"api", "internal/web", "internal/machines", "internal/httpd", "internal/demo", "internal/upkeep", "internal/privacy", "internal/sharing", "internal/registry", "internal/report", "internal/usage", "internal/access", "internal/jobs", "internal/metrics", "internal/traces", "internal/archive", "internal/mail", "internal/watermark", "internal/webhook",
		"internal/store", "migrations", "internal/extract", "internal/render", "internal/office", "internal/collateral",
		"internal/blob", "internal/blob/diskblob", "internal/blob/minioblob",
		"internal/search", "internal/search/bleveindex", "internal/search/meiliindex",
	},
	".": {"internal/cli"},

	// Measures the program from outside. It knows it as its users do; below that, only the tables it fills, and the parts
	// that a figure stands beside.
	"internal/bench": {"internal/store", "internal/search", "internal/search/bleveindex", "internal/collateral"},

	// What other systems report uses with. It knows the program's address only, and brings nothing of it along.
	"client": {},

	// This test. It reads the source and imports none of it.
	"internal": {},
}

// homes says where each import from outside the module may stand, by the longest prefix that fits. Standard library
// packages need a row only if they are confined. Test files may import anything.
var homes = map[string][]string{
	"gorm.io":                  {"internal/store"},
	"modernc.org/sqlite":       {"internal/store", "internal/store/storetest", "migrations", "internal/bench"},
	"github.com/jackc/pgx":     {"internal/store", "internal/store/storetest", "migrations", "internal/bench"},
	"github.com/pressly/goose": {"internal/store", "internal/store/storetest", "migrations"},
	"github.com/blevesearch":   {"internal/search/bleveindex"},
	"go.etcd.io/bbolt":         {"internal/search/bleveindex"},
	"github.com/RoaringBitmap": {"internal/search/bleveindex"},
	"github.com/minio":         {"internal/blob/minioblob", "internal/bench"},
	"github.com/meilisearch":   {"internal/search/meiliindex"},

	"github.com/labstack/echo":      {"api", "internal/web", "internal/httpd", "internal/cli"},
	"github.com/getkin/kin-openapi": {"api", "internal/search/meilitest"},
	"github.com/oapi-codegen":       {"api"},
	"github.com/oasdiff/yaml":       {"api"},

	"github.com/prometheus":      {"internal/metrics"},
	"go.opentelemetry.io":        {"internal/traces", "internal/traces/tracestest"},
	"google.golang.org/protobuf": {"internal/traces", "internal/traces/tracestest"},

	"github.com/aymanbagabas/go-udiff": {"internal/difference"},
	"github.com/wneessen/go-mail":      {"internal/mail"},
	"github.com/emersion":              {"internal/mail/mailtest"},
	"code.dny.dev/ssrf":                {"internal/webhook"},

	"github.com/pdfcpu": {"internal/watermark"},

	"github.com/mattn/go-isatty": {"internal/cli"},
	"github.com/spf13/cobra":     {"internal/cli"},
	"github.com/spf13/pflag":     {"internal/cli"},
	"flag":                       {"internal/cli", "internal/bench"},

	"github.com/ledongthuc/pdf":          {"internal/extract"},
	"github.com/gabriel-vasile/mimetype": {"internal/extract"},
	"github.com/gogs/chardet":            {"internal/extract"},
	"github.com/yuin/goldmark":           {"internal/extract"},
	"golang.org/x/net/html":              {"internal/extract"},
	"github.com/tetratelabs/wazero":      {"internal/render"},
	"codeberg.org/go-pdf/fpdf":           {"internal/demo/files"},
	"golang.org/x/crypto":                {"internal/access"},

	"github.com/google/uuid": {anywhere},
	"golang.org/x/sync":      {anywhere},
	"golang.org/x/text":      {anywhere},

	"github.com/chromedp":      {suites},
	"testing":                  {suites},
	"github.com/google/go-cmp": {suites},
}

// Two homes that are not one package.
const (
	anywhere = "anywhere"
	suites   = "suites" // packages whose name ends in "test": conformance suites and harnesses
)

func TestImportsFollowTheMap(t *testing.T) {
	t.Parallel()
	for _, pkg := range parseModule(t) {
		allowed, onMap := mayImport[pkg.dir]
		if !onMap {
			t.Errorf("package %s is not on the map: give it a row in mayImport", pkg.dir)
			continue
		}
		for _, file := range pkg.files {
			if file.isTest {
				continue
			}
			for _, spec := range file.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatalf("%s: %v", file.at(spec), err)
				}
				if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
					if !slices.Contains(allowed, ours) {
						t.Errorf("%s: %s may not import %s", file.at(spec), pkg.dir, ours)
					}
				} else if !livesIn(imported, pkg) {
					t.Errorf("%s: %s may not import %s, whose homes are %q", file.at(spec), pkg.dir, imported, homeOf(imported))
				}
			}
		}
	}
}

func TestMapHasNoStaleRows(t *testing.T) {
	t.Parallel()
	exists := make(map[string]bool)
	for _, pkg := range parseModule(t) {
		exists[pkg.dir] = true
	}
	for dir, imports := range mayImport {
		for _, listed := range append(imports, dir) {
			if !exists[listed] {
				t.Errorf("the row of %s names %s, which does not exist", dir, listed)
			}
		}
	}
}

// TestEnvironmentIsReadInOnePlace keeps settings where --help shows them. The root hands the environment to cli, and
// harnesses of tests and of benchmarks have settings of their own.
func TestEnvironmentIsReadInOnePlace(t *testing.T) {
	t.Parallel()
	readers := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}
	for _, pkg := range parseModule(t) {
		if slices.Contains([]string{".", "internal/cli", "internal/bench"}, pkg.dir) || pkg.isSuite() {
			continue
		}
		for _, file := range pkg.files {
			if file.isTest {
				continue
			}
			ast.Inspect(file.File, func(n ast.Node) bool {
				if call, ok := n.(*ast.SelectorExpr); ok && slices.Contains(readers, call.Sel.Name) && isIdent(call.X, "os") {
					t.Errorf("%s: os.%s outside internal/cli: take the value as an argument", file.at(n), call.Sel.Name)
				}
				return true
			})
		}
	}
}

// TestPackagesAreNamedForWhatTheyAre refuses names that say nothing about what is inside, so anything ends up there.
func TestPackagesAreNamedForWhatTheyAre(t *testing.T) {
	t.Parallel()
	empty := []string{
		"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "service", "services",
		"manager", "managers", "misc", "shared", "base", "lib", "core", "impl",
	}
	for _, pkg := range parseModule(t) {
		if name := path.Base(pkg.dir); slices.Contains(empty, name) {
			t.Errorf("package %s: the name %s does not say what it is", pkg.dir, name)
		}
	}
}

// livesIn tells whether a package may import what is not ours.
func livesIn(imported string, pkg parsedPackage) bool {
	home := homeOf(imported)
	if home == nil {
		return isStandard(imported)
	}
	return slices.Contains(home, anywhere) || slices.Contains(home, pkg.dir) || (slices.Contains(home, suites) && pkg.isSuite())
}

func homeOf(imported string) []string {
	for prefix := imported; prefix != "."; prefix = path.Dir(prefix) {
		if home, ok := homes[prefix]; ok {
			return home
		}
	}
	return nil
}

// isStandard tells whether an import path is the standard library's: its first part has no dot.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}
