package arch_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the import path of the repository's root. Its other modules lie below it.
const module = "github.com/sovecom/sovecom"

// rule is one thing that must hold in every Go file. find looks at one package and reports what breaks the rule.
type rule struct {
	name string
	find func(p pkg, report report)
}

// report takes a place, what was found there, and why it is not allowed.
type report func(at token.Pos, what, why string)

// pkg is the Go files of one folder, tests included.
type pkg struct {
	// dir is the folder below the repository's root, with slashes: "services/catalog".
	dir   string
	files []file
}

type file struct {
	// path below the repository's root, with slashes.
	path string
	ast  *ast.File
	// test: the file is a test or part of a suite that tests are built from.
	test bool
}

func TestTheHouse(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	packages, err := load(fset, os.DirFS(filepath.Join("..", "..")))
	if err != nil {
		t.Fatalf("The repository's Go files cannot be read: %v", err)
	}
	// A walk that starts in the wrong folder would find nothing and call it clean.
	for _, known := range []string{"internal/arch", "kit/fault"} {
		if !slices.ContainsFunc(packages, func(p pkg) bool { return p.dir == known }) {
			t.Fatalf("The walk did not come by %s.", known)
		}
	}
	for _, violation := range check(fset, packages) {
		t.Error(violation)
	}
}

// check applies every rule to every package and answers "file:line: rule: what: why", sorted by place.
func check(fset *token.FileSet, packages []pkg) []string {
	type violation struct {
		at   token.Position
		text string
	}
	var found []violation
	for _, p := range packages {
		for _, r := range rules() {
			r.find(p, func(at token.Pos, what, why string) {
				where := fset.Position(at)
				text := fmt.Sprintf("%s:%d: %s: %s: %s", where.Filename, where.Line, r.name, what, why)
				found = append(found, violation{where, text})
			})
		}
	}
	slices.SortFunc(found, func(a, b violation) int {
		return cmp.Or(cmp.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Offset, b.at.Offset))
	})
	texts := make([]string, len(found))
	for i, v := range found {
		texts[i] = v.text
	}
	return texts
}

// load parses the Go files below root, except those nobody here writes: generated ones in gen/, test data, tools.
func load(fset *token.FileSet, root fs.FS) ([]pkg, error) {
	var packages []pkg
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_") ||
				slices.Contains([]string{"gen", "tools"}, name) ||
				slices.Contains([]string{"node_modules", "testdata", "vendor"}, entry.Name())) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parse(fset, name, source)
		if err != nil {
			return err
		}
		packages = join(packages, f)
		return nil
	})
	return packages, err
}

// join adds a file to the package of its folder.
func join(packages []pkg, f file) []pkg {
	dir := path.Dir(f.path)
	i := slices.IndexFunc(packages, func(p pkg) bool { return p.dir == dir })
	if i < 0 {
		return append(packages, pkg{dir, []file{f}})
	}
	packages[i].files = append(packages[i].files, f)
	return packages
}

func parse(fset *token.FileSet, name string, source []byte) (file, error) {
	syntax, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		return file{}, err
	}
	return file{path: name, ast: syntax, test: isTest(name)}, nil
}

// isTest says whether a file is a test, or belongs to a suite that tests are built from: kit/doortest, sdk/acceptance.
func isTest(name string) bool {
	if strings.HasSuffix(name, "_test.go") {
		return true
	}
	dir := path.Dir(name)
	return under(dir, "test", "sdk/acceptance") || under(dir, "kit", "sdk") && strings.HasSuffix(dir, "test")
}

// under says whether a slash path is one of the given folders or lies below one.
func under(name string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return name == folder || strings.HasPrefix(name, folder+"/")
	})
}
