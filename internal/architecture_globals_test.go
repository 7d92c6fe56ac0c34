package internal_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// constantCalls are the calls that may initialise a package variable: what they return cannot be changed, or nobody
// would.
var constantCalls = []string{
	"errors.New", "regexp.MustCompile", "template.Must", "strings.NewReplacer", "uuid.MustParse", "time.Date",
}

// harnessCalls may initialise one besides in a test harness: a server for a whole test binary has no other place.
var harnessCalls = []string{"sync.OnceValue", "sync.OnceValues"}

func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, pkg := range parseModule(t) {
		for _, file := range pkg.files {
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !file.isGenerated {
					t.Errorf("%s: init runs before anybody can pass it anything or see it fail: call it by name", file.at(f))
				}
			}
		}
	}
}

func TestNoMutablePackageVariables(t *testing.T) {
	t.Parallel()
	for _, pkg := range parseModule(t) {
		for _, fault := range mutableVariables(pkg) {
			t.Error(fault)
		}
	}
}

// mutableVariables allows five kinds of package variable, none of which makes two tests or two servers in one process
// see each other:
//
//	var _ Port = (*Type)(nil)          a check at compile time
//	var ErrFull = errors.New("...")    an initial value from constantCalls
//	var names = map[string]int{...}    an unexported table that its package never writes to
//	var names = []byte("...")          the same, converted
//	//go:embed                         files
//
// It sees writes by assignment, increment, delete, clear, copy and taking the address. It does not see writes through a
// second name for the same map, nor those of methods: that is left to the reader, and the race detector.
func mutableVariables(pkg parsedPackage) (faults []string) {
	tables := make(map[types.Object]bool)
	objects := resolve(pkg)
	for _, file := range pkg.files {
		if file.isTest || file.isGenerated {
			continue
		}
		for _, v := range packageVariables(file.File) {
			switch judge(v) {
			case mutable:
				if call, ok := v.value.(*ast.CallExpr); ok && pkg.isSuite() && slices.Contains(harnessCalls, callName(call)) {
					continue
				}
				faults = append(faults, fmt.Sprintf("%s: package variable %s: make it a field, an argument or a constant", file.at(v.name), v.name.Name))
			case table:
				tables[objects[v.name]] = true
			case fixed:
			}
		}
	}
	for _, file := range pkg.files {
		if file.isTest {
			continue
		}
		for _, name := range written(file.File) {
			if tables[objects[name]] {
				faults = append(faults, fmt.Sprintf("%s: package variable %s is a table and may not be written to", file.at(name), name.Name))
			}
		}
	}
	return faults
}

// variable is one name of a package-level var declaration.
type variable struct {
	name     *ast.Ident
	value    ast.Expr // nil when it has none of its own
	embedded bool
}

func packageVariables(file *ast.File) (all []variable) {
	for _, decl := range file.Decls {
		vars, ok := decl.(*ast.GenDecl)
		if !ok || vars.Tok != token.VAR {
			continue
		}
		for _, spec := range vars.Specs {
			spec := spec.(*ast.ValueSpec)
			for i, name := range spec.Names {
				v := variable{name: name, embedded: isEmbedded(vars.Doc) || isEmbedded(spec.Doc)}
				if i < len(spec.Values) {
					v.value = spec.Values[i]
				}
				all = append(all, v)
			}
		}
	}
	return all
}

type verdict int

const (
	mutable verdict = iota
	fixed           // nothing to watch
	table           // fine as long as nobody writes to it
)

func judge(v variable) verdict {
	if v.name.Name == "_" || v.embedded {
		return fixed
	}
	switch value := v.value.(type) {
	case *ast.CallExpr:
		if slices.Contains(constantCalls, callName(value)) {
			return fixed
		}
		if _, ok := value.Fun.(*ast.ArrayType); ok && !v.name.IsExported() {
			return table
		}
	case *ast.CompositeLit:
		if !v.name.IsExported() && !isFrom(value.Type, "sync", "atomic") {
			return table
		}
	}
	return mutable
}

// written returns the identifiers at the root of everything that a file writes to: x in x = 1, x[i]++, x.f = 1, &x,
// delete(x, k), clear(x), copy(x, y).
func written(file *ast.File) (roots []*ast.Ident) {
	ast.Inspect(file, func(n ast.Node) bool {
		var targets []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			targets = n.Lhs
		case *ast.IncDecStmt:
			targets = []ast.Expr{n.X}
		case *ast.RangeStmt:
			targets = []ast.Expr{n.Key, n.Value}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				targets = []ast.Expr{n.X}
			}
		case *ast.CallExpr:
			if slices.Contains([]string{"delete", "clear", "copy"}, callName(n)) && len(n.Args) > 0 {
				targets = n.Args[:1]
			}
		}
		for _, target := range targets {
			if root := rootOf(target); root != nil {
				roots = append(roots, root)
			}
		}
		return true
	})
	return roots
}

func rootOf(expr ast.Expr) *ast.Ident {
	for {
		switch e := expr.(type) {
		case *ast.Ident:
			return e
		case *ast.IndexExpr:
			expr = e.X
		case *ast.SelectorExpr:
			expr = e.X
		case *ast.SliceExpr:
			expr = e.X
		case *ast.StarExpr:
			expr = e.X
		case *ast.ParenExpr:
			expr = e.X
		default:
			return nil
		}
	}
}

// resolve says which variable each identifier of a package stands for, so that a local variable is not taken for a
// package variable of the same name. It needs no compiled dependencies: what comes from other packages stays unknown,
// and the errors about that are expected.
func resolve(pkg parsedPackage) map[*ast.Ident]types.Object {
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	var files []*ast.File
	for _, file := range pkg.files {
		if !file.isTest {
			files = append(files, file.File)
		}
	}
	_, _ = config.Check(pkg.dir, pkg.fset, files, info)
	maps.Copy(info.Uses, info.Defs)
	return info.Uses
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) {
	return nil, errors.New("imports are not resolved")
}

func isEmbedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// callName returns "f" or "pkg.f", or nothing for calls of another shape.
func callName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok {
			return pkg.Name + "." + f.Sel.Name
		}
	}
	return ""
}

func isFrom(expr ast.Expr, packages ...string) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	return ok && slices.ContainsFunc(packages, func(name string) bool { return isIdent(selector.X, name) })
}

func isIdent(expr ast.Expr, name string) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == name
}

// TestMutableVariablesAreFound tries the rule on a package that breaks it, since a rule that finds nothing also passes.
func TestMutableVariablesAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   int
	}{
		{`var _ io.Reader = (*os.File)(nil)`, 0},
		{`var ErrGone = errors.New("gone")`, 0},
		{`var names = map[string]int{"a": 1}; func f() int { return names["a"] }`, 0},
		{`var names = []string{"a"}; func f() { names := []string{"b"}; names[0] = "c" }`, 0},
		{"//go:embed *.sql\nvar files embed.FS", 0},
		{`var counter int`, 1},
		{`var server = sync.OnceValue(start)`, 1},
		{`var now = time.Now`, 1},
		{`var Names = []string{"a"}`, 1},
		{`var logger = slog.Default()`, 1},
		{`var pool = sync.Pool{}`, 1},
		{`var names = map[string]int{}; func f() { names["a"] = 1 }`, 1},
		{`var names = map[string]int{}; func f() { delete(names, "a") }`, 1},
		{`var limits = struct{ n int }{1}; func f() { limits.n++ }`, 1},
		{`var limits = struct{ n int }{1}; func f() any { return &limits }`, 1},
		{`var a, b = 1, 2`, 2},
	}
	for _, test := range tests {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", "package x\n"+test.source, parser.ParseComments)
		if err != nil {
			t.Fatalf("%s: %v", test.source, err)
		}
		faults := mutableVariables(parsedPackage{dir: "x", fset: fset, files: []sourceFile{{File: file, fset: fset}}})
		if len(faults) != test.want {
			t.Errorf("%s: got faults %q, want %d", test.source, faults, test.want)
		}
	}
}
