package arch_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

type importSpec struct {
	*ast.ImportSpec
	path string
}

func rules() []rule {
	return append(importRules(),
		rule{"no init", findInit},
		rule{"no mutable package variable", findVariables},
		rule{"no context out of nothing", findContexts},
		rule{"no clock of its own", findClocks},
		rule{"no panic", findPanics},
		rule{"no drawer", findDrawers},
		rule{"no branch on the target", findTargets},
	)
}

func findInit(p pkg, report report) {
	for _, f := range p.files {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				report(fn.Pos(), "func init", "nothing may happen because a package was imported; build it in New and pass it on")
			}
		}
	}
}

func findContexts(p pkg, report report) {
	why := "a fresh context loses the deadline, the tenant and the trace; pass the caller's on, or context.WithoutCancel of it"
	findUses(p, "context", []string{"Background", "TODO"}, func(f file) bool { return under(f.path, "cmd") || f.test }, why, report)
}

func findClocks(p pkg, report report) {
	why := "take now func() time.Time in Deps, so that a test and SOVECOM_CLOCK_OFFSET can move the clock"
	findUses(p, "time", []string{"Now", "Since", "Until"}, func(f file) bool { return under(f.path, "cmd", "kit") || f.test }, why, report)
}

// findUses reports every use of the named members of a package of the standard library, under whatever name it was
// imported.
func findUses(p pkg, imported string, names []string, allow func(file) bool, why string, report report) {
	for _, f := range p.files {
		local := localName(f, imported)
		if local == "" || allow(f) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			// Obj is set when the name is a variable of the function rather than the package.
			if x, ok := selector.X.(*ast.Ident); ok && x.Obj == nil && x.Name == local && slices.Contains(names, selector.Sel.Name) {
				report(selector.Pos(), imported+"."+selector.Sel.Name, why)
			}
			return true
		})
	}
}

// localName is the name under which a file imports a package, or "".
func localName(f file, imported string) string {
	for _, spec := range f.ast.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != imported {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}

func findPanics(p pkg, report report) {
	for _, f := range p.files {
		if f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if fn, ok := call.Fun.(*ast.Ident); ok && fn.Obj == nil && fn.Name == "panic" {
					report(call.Pos(), "panic", "it takes every other shopper's request with it; return an error")
				}
			}
			return true
		})
	}
}

func findDrawers(p pkg, report report) {
	drawers := []string{"util", "utils", "common", "core", "helper", "helpers"}
	for _, f := range p.files {
		for _, name := range []string{path.Base(p.dir), strings.TrimSuffix(f.ast.Name.Name, "_test")} {
			if slices.Contains(drawers, name) {
				report(f.ast.Package, "package "+name, "a drawer takes in everything; name the package after the one thing it does")
				return
			}
		}
	}
}

// findTargets looks for comparisons with "all", the target of the single process.
func findTargets(p pkg, report report) {
	for _, f := range p.files {
		if under(f.path, "cmd") || f.test {
			continue
		}
		found := func(e ast.Expr) {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && text == "all" {
					report(e.Pos(), `comparison with "all"`, "a room must not know whether it runs alone: the two topologies differ by the door alone, and cmd chooses it")
				}
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					found(n.X)
					found(n.Y)
				}
			case *ast.CaseClause:
				for _, e := range n.List {
					found(e)
				}
			}
			return true
		})
	}
}
