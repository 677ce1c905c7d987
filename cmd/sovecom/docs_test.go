package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/kit/config"
	"github.com/sovecom/sovecom/kit/fault"
)

// The pages of docs/ that are made from the code. `./task gen` writes them; this test refuses pages that are not up to
// date, and codes that are declared twice or outside of a room's errors.go.
var update = flag.Bool("update", false, "write the generated pages of docs/")

const root = "../.."

func page(t *testing.T, name, content string) {
	t.Helper()
	file := filepath.Join(root, "docs", name)
	if *update {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != content {
		t.Errorf("docs/%s is not what the code says (./task gen writes it): %v", name, err)
	}
}

func TestConfigPage(t *testing.T) {
	t.Parallel()
	_, report, err := config.Load(defaults(), config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("# Configuration\n\nGenerated from the code. Settings come from defaults, then the file given with `--config`, then the environment; a secret may\nalso be given as a file, with `_FILE` after the variable's name.\n\n")
	if err := report.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	page(t, "config.md", b.String())
}

type declared struct{ code, kind, message, owner string }

func TestErrorsPage(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{
		"Malformed": "400", "Invalid": "422", "Unauthenticated": "401", "Denied": "403", "NotFound": "404", "Conflict": "409", "Stale": "412",
		"TooLarge": "413", "MediaType": "415", "RateLimited": "429", "Unavailable": "503", "New": "",
	}
	var all []declared
	seen := map[string]string{}
	walk(t, func(path string, f *ast.File, set *token.FileSet) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			status, known := kinds[sel.Sel.Name]
			if !ok || pkg.Name != "fault" || !known {
				return true
			}
			args := call.Args
			if sel.Sel.Name == "New" {
				args = args[1:]
			}
			code, ok1 := text(args[0])
			message, ok2 := text(args[1])
			at := set.Position(call.Pos())
			if !ok1 || !ok2 {
				t.Errorf("%s: a fault is declared with a literal code and sentence", at)
				return true
			}
			if !strings.HasPrefix(path, "kit/") && filepath.Base(path) != "errors.go" {
				t.Errorf("%s: %s is declared outside of errors.go", at, code)
			}
			// The one code that two rooms speak: the cart refuses what inventory would.
			if before, twice := seen[code]; twice && code == "inventory.insufficient_stock" {
				return true
			} else if twice {
				t.Errorf("%s: %s is declared at %s already", at, code, before)
			}
			seen[code] = at.String()
			all = append(all, declared{code, status, message, filepath.Dir(path)})
			return true
		})
	})
	for _, f := range []*fault.Fault{fault.Internal(), fault.From(context.DeadlineExceeded)} { // what is not declared is one of these
		all = append(all, declared{f.Code(), strconv.Itoa(f.Kind().HTTPStatus()), f.Message(), "kit/fault"})
	}
	slices.SortFunc(all, func(a, b declared) int { return strings.Compare(a.code, b.code) })
	var b strings.Builder
	b.WriteString("# Errors\n\nGenerated from the code. Every error of the API carries one of these codes; codes are stable.\n\n| code | status | sentence |\n|---|---|---|\n")
	for _, d := range all {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.code, d.kind, d.message)
	}
	page(t, "errors.md", b.String())
}

func text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		left, ok1 := text(e.X)
		right, ok2 := text(e.Y)
		return left + right, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}

func walk(t *testing.T, visit func(path string, f *ast.File, set *token.FileSet)) {
	t.Helper()
	for _, top := range []string{"kit", "services", "gateway"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			// Suites declare faults of their own for their tests; kit/fault is where faults come from.
			if dir := filepath.Dir(rel); strings.HasSuffix(dir, "test") || dir == "kit/fault" {
				return nil
			}
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			visit(filepath.ToSlash(rel), f, set)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEventsPage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "proto", "sovecom", "*", "v1", "events.proto"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	var b strings.Builder
	b.WriteString("# Events\n\nGenerated from `proto/`. Subjects on JetStream are `evt.<service>.<aggregate>.<verb-past>`; webhooks carry the last two words, such as\n`order.paid`. Events hold ids and facts, never personal data.\n\n| subject | message | when |\n|---|---|---|\n")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		comment, pkg := "", ""
		for line := range strings.Lines(string(content)) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasPrefix(line, "package "):
				pkg = strings.TrimSuffix(strings.TrimPrefix(line, "package "), ";")
			case strings.HasPrefix(line, "//"):
				comment += strings.TrimPrefix(line, "//")
			case strings.HasPrefix(line, "message "):
				name := strings.Fields(line)[1]
				if subjects, why, _ := strings.Cut(strings.TrimSpace(comment), ":"); strings.HasPrefix(subjects, "evt.") {
					for subject := range strings.SplitSeq(subjects, " and ") {
						fmt.Fprintf(&b, "| `%s` | `%s.%s` | %s |\n", strings.TrimSpace(subject), pkg, name, strings.TrimSpace(why))
					}
				}
				comment = ""
			default:
				comment = ""
			}
		}
	}
	page(t, "events.md", b.String())
}
