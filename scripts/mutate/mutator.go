package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// site is one change that can be switched on.
type site struct {
	number  int // from 1
	pos     token.Position
	what    string // before → after
	outcome outcome
}

// mutator rewrites one file so that each change in it can be switched on.
type mutator struct {
	fset  *token.FileSet
	info  *types.Info
	text  []byte
	sites *[]*site

	start      token.Pos         // of the file
	listed     map[ast.Stmt]bool // statements of a list, which may become an if
	conditions map[ast.Expr]bool // of if and for
}

func (m *mutator) file(f *ast.File) []byte {
	m.start = f.FileStart
	m.listed, m.conditions = map[ast.Stmt]bool{}, map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		case *ast.IfStmt:
			m.conditions[n.Cond] = true
		case *ast.ForStmt:
			if n.Cond != nil {
				m.conditions[n.Cond] = true
			}
		}
		for _, s := range list {
			m.listed[s] = true
		}
		return true
	})
	return []byte(string(m.text[:m.offset(f.Pos())]) + m.inner(f) + string(m.text[m.offset(f.End()):]))
}

func (m *mutator) offset(p token.Pos) int { return int(p - m.start) }

// plain is the text of a node as it stands.
func (m *mutator) plain(n ast.Node) string {
	return string(m.text[m.offset(n.Pos()):m.offset(n.End())])
}

// changed is the text of a node with all changes in it and of it.
func (m *mutator) changed(n ast.Node) string {
	if r, ok := m.replace(n); ok {
		return r
	}
	return m.inner(n)
}

// inner is the text of a node with all changes in it.
func (m *mutator) inner(n ast.Node) string {
	type edit struct {
		node ast.Node
		text string
	}
	var edits []edit
	ast.Inspect(n, func(x ast.Node) bool {
		if x == nil || x == n {
			return true
		}
		if d, ok := x.(*ast.GenDecl); ok && d.Tok != token.VAR {
			return false
		}
		if r, ok := m.replace(x); ok {
			edits = append(edits, edit{x, r})
			return false
		}
		return true
	})
	sort.Slice(edits, func(i, j int) bool { return edits[i].node.Pos() < edits[j].node.Pos() })
	var b strings.Builder
	at := n.Pos()
	for _, e := range edits {
		b.Write(m.text[m.offset(at):m.offset(e.node.Pos())])
		b.WriteString(e.text)
		at = e.node.End()
	}
	b.Write(m.text[m.offset(at):m.offset(n.End())])
	return b.String()
}

// replace returns the text of a node that can be changed.
func (m *mutator) replace(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case ast.Expr:
		if tv, ok := m.info.Types[n]; ok && tv.Value != nil {
			return "", false // a constant
		}
		return m.expression(n)
	case ast.Stmt:
		if m.listed[n] {
			return m.statement(n)
		}
	}
	return "", false
}

// on makes a change and returns the expression that tells whether it is switched on.
func (m *mutator) on(n ast.Node, at token.Pos, after string) string {
	s := &site{number: len(*m.sites) + 1, pos: m.fset.Position(at), what: oneLine(m.plain(n)) + "  →  " + oneLine(after)}
	*m.sites = append(*m.sites, s)
	return fmt.Sprintf("mutateOn(%d)", s.number)
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "…"
	}
	return s
}

// choices are the operators that take the place of one.
var choices = map[token.Token][]token.Token{
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.ADD}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.AND: {token.OR}, token.OR: {token.AND},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN}, token.MUL_ASSIGN: {token.ADD_ASSIGN},
	token.QUO_ASSIGN: {token.MUL_ASSIGN}, token.AND_ASSIGN: {token.OR_ASSIGN}, token.OR_ASSIGN: {token.AND_ASSIGN},
	token.INC: {token.DEC}, token.DEC: {token.INC},
}

func (m *mutator) expression(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return m.binary(x)
	case *ast.UnaryExpr:
		switch {
		case x.Op == token.NOT:
			return fmt.Sprintf("(%s == (%s))", m.on(x, x.OpPos, m.plain(x.X)), m.changed(x.X)), true
		case x.Op == token.SUB && m.numeric(x) && m.pure(x):
			return fmt.Sprintf("mutatePick(%s, %s, -(%s))", m.on(x, x.OpPos, m.plain(x.X)), m.plain(x.X), m.changed(x.X)), true
		}
	}
	if m.conditions[e] {
		return fmt.Sprintf("(%s != (%s))", m.on(e, e.Pos(), "!"+m.plain(e)), m.inner(e)), true
	}
	return "", false
}

func (m *mutator) binary(x *ast.BinaryExpr) (string, bool) {
	ops := choices[x.Op]
	if len(ops) == 0 {
		return "", false
	}
	a, b := m.plain(x.X), m.plain(x.Y)
	with := func(op token.Token) string { return "(" + a + ") " + op.String() + " (" + b + ")" }
	shown := func(op token.Token) string { return a + " " + op.String() + " " + b }
	switch x.Op {
	case token.ADD, token.SUB, token.MUL, token.QUO, token.REM, token.AND, token.OR:
		if !m.numeric(x) || !m.pure(x) {
			return "", false
		}
		on := m.on(x, x.OpPos, shown(ops[0]))
		return fmt.Sprintf("mutatePick(%s, %s, (%s) %s (%s))", on, with(ops[0]), m.changed(x.X), x.Op, m.changed(x.Y)), true
	}
	var changes, off string
	for _, op := range ops {
		on := m.on(x, x.OpPos, shown(op))
		changes += on + " && (" + with(op) + ") || "
		off += "!" + on + " && "
	}
	return "(" + changes + off + "((" + m.changed(x.X) + ") " + x.Op.String() + " (" + m.changed(x.Y) + ")))", true
}

func (m *mutator) numeric(e ast.Expr) bool {
	b, ok := m.info.TypeOf(e).Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// pure reports whether an expression may be computed twice.
func (m *mutator) pure(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.CallExpr:
			ok = ok && m.pureCall(n)
		}
		return ok
	})
	return ok
}

func (m *mutator) pureCall(c *ast.CallExpr) bool {
	if tv := m.info.Types[c.Fun]; tv.IsType() || tv.IsBuiltin() {
		return true
	}
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	p, ok := s.X.(*ast.Ident)
	return ok && (p.Name == "math" || p.Name == "bits")
}

func (m *mutator) statement(s ast.Stmt) (string, bool) {
	either := func(at token.Pos, after string) (string, bool) {
		return fmt.Sprintf("if %s { %s } else { %s }", m.on(s, at, after), after, m.inner(s)), true
	}
	switch x := s.(type) {
	case *ast.IncDecStmt:
		return either(x.TokPos, m.plain(x.X)+choices[x.Tok][0].String())
	case *ast.AssignStmt:
		if x.Tok == token.ASSIGN {
			return m.without(s), true
		}
		if ops := choices[x.Tok]; len(ops) > 0 && m.numeric(x.Lhs[0]) {
			return either(x.TokPos, m.plain(x.Lhs[0])+" "+ops[0].String()+" "+m.plain(x.Rhs[0]))
		}
	case *ast.ExprStmt:
		if c, ok := x.X.(*ast.CallExpr); ok && !m.panics(c) {
			return m.without(s), true
		}
	case *ast.BranchStmt:
		if x.Tok == token.BREAK || x.Tok == token.CONTINUE {
			return m.without(s), true
		}
	}
	return "", false
}

// without is a statement that a change leaves out.
func (m *mutator) without(s ast.Stmt) string {
	return fmt.Sprintf("if !%s { %s }", m.on(s, s.Pos(), "(left out)"), m.inner(s))
}

func (m *mutator) panics(c *ast.CallExpr) bool {
	id, ok := c.Fun.(*ast.Ident)
	return ok && id.Name == "panic"
}
