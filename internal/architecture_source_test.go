package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// parsedPackage is a folder with Go files.
type parsedPackage struct {
	dir   string // relative to the module, "." for its root
	fset  *token.FileSet
	files []sourceFile
}

type sourceFile struct {
	*ast.File
	fset        *token.FileSet
	isTest      bool
	isGenerated bool
}

// isSuite tells whether the package exists for tests: storetest, blobtest and their kind.
func (p parsedPackage) isSuite() bool { return strings.HasSuffix(path.Base(p.dir), "test") }

func (f sourceFile) at(n ast.Node) token.Position { return f.fset.Position(n.Pos()) }

// parseModule reads every Go file of the module, whatever its build tags. It asks neither the go command nor the
// network, so these tests take a fraction of a second.
func parseModule(t *testing.T) []parsedPackage {
	t.Helper()
	const root = ".."
	fset := token.NewFileSet()
	packages := make(map[string]parsedPackage)
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != root && isIgnored(entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		pkg := packages[dir]
		pkg.dir, pkg.fset = dir, fset
		pkg.files = append(pkg.files, sourceFile{
			File:        file,
			fset:        fset,
			isTest:      strings.HasSuffix(name, "_test.go"),
			isGenerated: ast.IsGenerated(file),
		})
		packages[dir] = pkg
		return nil
	})
	if err != nil {
		t.Fatalf("reading the source: %v", err)
	}
	if len(packages) == 0 {
		t.Fatal("no Go files found: these tests would check nothing")
	}
	return slices.SortedFunc(maps.Values(packages), func(a, b parsedPackage) int { return strings.Compare(a.dir, b.dir) })
}

// isIgnored says which folders the go command does not look into, or that hold no source of ours.
func isIgnored(name string) bool {
	return name == "testdata" || name == "node_modules" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}
