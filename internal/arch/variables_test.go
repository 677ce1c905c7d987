package arch_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

const (
	whyAssigned = "two shops, two tests or two requests would share it; make it a field of the value that New returns"
	whyMutable  = "whoever holds it can change it for everybody; make it a function, an array or a field, or, if nobody ever " +
		"writes to it, keep it unexported and say so: //arch:frozen REASON"
)

// findVariables reports package variables that are written to, or that could be: maps, slices, pointers, channels, and
// what the sync packages offer. Errors, embedded files, compiled expressions and plain values pass.
func findVariables(p pkg, report report) {
	names, specs := map[string]bool{}, map[any]bool{}
	for _, f := range p.files {
		for _, decl := range f.ast.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR || f.test || ast.IsGenerated(f.ast) {
				continue
			}
			for _, spec := range gen.Specs {
				spec, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				frozen := isFrozen(gen.Doc) || isFrozen(spec.Doc) || isFrozen(spec.Comment)
				for i, name := range spec.Names {
					if name.Name == "_" {
						continue // a compile-time assertion
					}
					names[name.Name], specs[spec] = true, true
					if canChange(spec, i) && (!frozen || name.IsExported()) {
						report(name.Pos(), "var "+name.Name, whyMutable)
					}
				}
			}
		}
	}
	if len(names) == 0 {
		return
	}
	for _, f := range p.files {
		if f.test {
			continue
		}
		findWrites(f, func(name *ast.Ident) bool {
			// Names of another file of the package are unresolved; names of this file resolve to the declaration.
			return names[name.Name] && (name.Obj == nil || specs[name.Obj.Decl])
		}, report)
	}
}

// isFrozen says whether a comment holds "//arch:frozen" with a reason.
func isFrozen(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		reason, ok := strings.CutPrefix(c.Text, "//arch:frozen ")
		return ok && strings.TrimSpace(reason) != ""
	})
}

// canChange says whether the value of a variable can be changed without assigning to the variable.
func canChange(spec *ast.ValueSpec, i int) bool {
	if spec.Type != nil {
		return isMutableType(spec.Type)
	}
	switch {
	case len(spec.Values) == len(spec.Names):
		return isMutableValue(spec.Values[i])
	default:
		return true // a, b = f(): whatever f makes
	}
}

func isMutableType(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.MapType, *ast.StarExpr, *ast.ChanType:
		return true
	case *ast.ArrayType:
		return t.Len == nil || isMutableType(t.Elt)
	case *ast.IndexExpr: // atomic.Pointer[T]
		return isMutableType(t.X)
	case *ast.SelectorExpr:
		from, ok := t.X.(*ast.Ident)
		return ok && (from.Name == "sync" || from.Name == "atomic")
	case *ast.StructType:
		return slices.ContainsFunc(t.Fields.List, func(f *ast.Field) bool { return isMutableType(f.Type) })
	default:
		return false
	}
}

func isMutableValue(v ast.Expr) bool {
	switch v := v.(type) {
	case *ast.CompositeLit:
		return isMutableType(v.Type) || slices.ContainsFunc(v.Elts, isMutableValue)
	case *ast.KeyValueExpr:
		return isMutableValue(v.Value)
	case *ast.ParenExpr:
		return isMutableValue(v.X)
	case *ast.UnaryExpr:
		return v.Op == token.AND
	case *ast.CallExpr:
		return !makesConstant(v)
	default:
		return false
	}
}

// makesConstant says whether a call makes a value nobody can change: an error, a fault, a compiled expression, a
// replacer. A method called on such a value, as in fault.NotFound(…).With(…), makes another.
func makesConstant(call *ast.CallExpr) bool {
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if inner, ok := fn.X.(*ast.CallExpr); ok {
		return makesConstant(inner)
	}
	from, ok := fn.X.(*ast.Ident)
	return ok && (from.Name == "fault" ||
		slices.Contains([]string{"errors.New", "fmt.Errorf", "regexp.MustCompile", "strings.NewReplacer"}, from.Name+"."+fn.Sel.Name))
}

// findWrites reports what assigns to a variable, to a part of it, or hands out its address.
func findWrites(f file, ours func(*ast.Ident) bool, report report) {
	written := func(e ast.Expr) {
		if name := root(e); name != nil && ours(name) {
			report(e.Pos(), "write to var "+name.Name, whyAssigned)
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					written(e)
				}
			}
		case *ast.IncDecStmt:
			written(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				written(n.Key)
				written(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				written(n.X)
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && slices.Contains([]string{"delete", "clear", "copy"}, fn.Name) {
				written(n.Args[0])
			}
		}
		return true
	})
}

// root is the variable at the left end of an expression: v in v, v.x, v[i], *v and v[i].x. A selector on an imported
// package has a package at its left end, which no declaration of ours matches.
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.ParenExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.SliceExpr:
		return root(e.X)
	case *ast.SelectorExpr:
		return root(e.X)
	default:
		return nil
	}
}
