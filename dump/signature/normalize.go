package signature

import (
	"regexp"
	"strings"
	"sync"
)

// Normalize returns a function name without what differs between builds
// and instantiations: return type, arguments, template arguments, ABI tags, clone
// suffixes (.cold, .isra.0, .llvm.123), closure numbers and Rust's hash. The same
// name written by cpptrace, gdb, addr2line and Rust comes out equal. It returns
// "" for "".
//
//	void streaming::negotiate<H264>(H264 const&) [clone .cold]   streaming::negotiate
//	waylanddisplaycore::comp::init::hb5d3b27aa9f6dcda            waylanddisplaycore::comp::init
func Normalize(name string) string {
	s := strings.TrimSpace(name)
	if s == "" {
		return ""
	}
	if strings.Contains(s, "$") {
		s = decodeRustEscapes(s)
	}
	s = lambdas(s)
	s = strings.ReplaceAll(s, "(anonymous namespace)", "{anonymous}")
	s = strings.ReplaceAll(s, "anonymous namespace", "{anonymous}")
	for _, cut := range []string{" [clone", "[abi:", "@@"} {
		for {
			i := strings.Index(s, cut)
			if i < 0 {
				break
			}
			end := strings.IndexByte(s[i:], ']')
			if cut == "@@" || end < 0 {
				s = s[:i]
				break
			}
			s = s[:i] + s[i+end+1:]
		}
	}
	for strings.HasSuffix(s, ")") { // LLVM's demangler: "f(int) const (.isra.0)"
		i := strings.LastIndex(s, " (.")
		if i < 0 || strings.HasPrefix(s[i:], " (...") {
			break
		}
		s = s[:i]
	}
	rust := strings.HasPrefix(s, "<") // <T as Trait>::method keeps its angle brackets
	s = cutRustHash(s)
	s = cutGroups(s, rust)
	s = cutClone(strings.TrimSpace(s))
	s = cutReturnType(s, rust)
	s = strings.ReplaceAll(s, "::__cxx11::", "::")
	s = strings.ReplaceAll(s, "std::__1::", "std::")
	s = strings.ReplaceAll(s, "{lambda}::operator()", "{lambda}")
	s = strings.ReplaceAll(s, "{lambda}::_FUN", "{lambda}")
	s = strings.ReplaceAll(s, "{lambda}::__invoke", "{lambda}")
	return strings.TrimSpace(cutInherent(s))
}

// lambdas writes the compilers' names of lambdas alike:
//
//	f(int)::{lambda(int)#1}::operator()(int) const   gcc
//	f(int)::$_3::operator()(int) const               clang
//	f(int)::'lambda'(int)::operator()(int) const     clang, generic
//	f(int)::<lambda(int)>                            gdb, gcc's debug information
func lambdas(s string) string {
	if !strings.Contains(s, "$_") && !strings.Contains(s, "lambda") {
		return s
	}
	s = clangLambda().ReplaceAllString(s, "{lambda}")
	for {
		i := strings.Index(s, "<lambda")
		if i < 0 {
			return s
		}
		end, depth := -1, 0
		for k := i; k < len(s) && end < 0; k++ {
			switch s[k] {
			case '<', '(':
				depth++
			case '>', ')':
				if depth--; depth == 0 {
					end = k
				}
			}
		}
		if end < 0 {
			return s
		}
		s = s[:i] + "{lambda}" + s[end+1:]
	}
}

var clangLambda = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$_\d+|'lambda\d*'(?:\([^()]*\))?`)
})

// cutInherent turns v0's <app::State>::new into legacy's app::State::new.
func cutInherent(s string) string {
	if !strings.HasPrefix(s, "<") {
		return s
	}
	inner, method, ok := strings.Cut(s[1:], ">::")
	if !ok || strings.Contains(inner, " as ") || strings.ContainsAny(inner, "<> &*") {
		return s
	}
	return inner + "::" + method
}

// cutRustHash removes the last part of a legacy Rust name, "::h" and 16 hex digits.
func cutRustHash(s string) string {
	const n = len("::h0123456789abcdef")
	if len(s) <= n || !strings.HasPrefix(s[len(s)-n:], "::h") {
		return s
	}
	for _, c := range []byte(s[len(s)-16:]) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return s
		}
	}
	return s[:len(s)-n]
}

// rustEscapes are those of legacy mangling (rust:compiler/rustc_symbol_mangling/src/legacy.rs).
var rustEscapes = strings.NewReplacer("$SP$", "@", "$BP$", "*", "$RF$", "&", "$LT$", "<", "$GT$", ">", "$LP$", "(", "$RP$", ")", "$C$", ",",
	"$u20$", " ", "$u27$", "'", "$u5b$", "[", "$u5d$", "]", "$u7b$", "{", "$u7d$", "}", "$u3b$", ";", "$u2b$", "+", "$u22$", "\"", "..", "::")

// decodeRustEscapes finishes a half-demangled name such as
// "_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..Drop$GT$::drop".
func decodeRustEscapes(s string) string {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "_"), "::_$", "::$")
	return rustEscapes.Replace(strings.ReplaceAll(s, ".._$", "..$"))
}

// cutGroups drops <…> and (…) groups. Operators keep their signs, {lambda(int)#2}
// and {closure#0} lose number and arguments, <T as Trait> keeps its outermost
// brackets.
func cutGroups(s string, rust bool) string {
	var out strings.Builder
	out.Grow(len(s))
	depth, outer := 0, 0 // outer counts the kept brackets of <T as Trait>
	for i := 0; i < len(s); i++ {
		if depth == 0 && strings.HasPrefix(s[i:], "operator") && (i == 0 || !identByte(s[i-1])) {
			n := operatorLen(s[i:])
			out.WriteString(s[i : i+n])
			i += n - 1
			continue
		}
		c := s[i]
		switch {
		case c == '{':
			name, n := braces(s[i:])
			if depth == 0 {
				out.WriteString(name)
			}
			i += n - 1
		case c == '<' && rust && depth == 0 && outer == 0 && out.Len() == 0:
			outer++
			out.WriteByte(c)
		case c == '>' && outer > 0 && depth == 0:
			outer--
			out.WriteByte(c)
		case c == '<' || c == '(' || c == '[':
			depth++
		case c == '>' && i > 0 && s[i-1] == '-': // ->
		case c == '>' || c == ')' || c == ']':
			if depth > 0 {
				depth--
			}
		case depth == 0:
			out.WriteByte(c)
		}
	}
	r := strings.ReplaceAll(out.String(), "::::", "::") // Vec::<T>::new
	return strings.TrimSuffix(cutQualifiers(r), "::")
}

// cutQualifiers drops what stands behind the parameters of a member function:
//
//	std::optional<int>::value() const &
func cutQualifiers(s string) string {
	for {
		before := s
		for _, q := range []string{" const", " volatile", " &&", " &"} {
			s = strings.TrimSuffix(s, q)
		}
		if s == before {
			return s
		}
	}
}

func identByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// operatorLen returns the length of an operator's name at the start of s.
func operatorLen(s string) int {
	const word = len("operator")
	if len(s) > word && identByte(s[word]) {
		return 1 // "operators": just a name
	}
	for _, op := range []string{"()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>", "<=", ">=", "->", "<", ">"} {
		if strings.HasPrefix(s[word:], op) {
			return word + len(op)
		}
	}
	return word
}

// braces normalises {lambda(int)#1}, {closure#0}, {{closure}}, {impl#3},
// {unnamed type#1}, {anonymous}. It returns the length read.
func braces(s string) (string, int) {
	depth, n := 0, len(s)
	for i := range len(s) {
		if s[i] == '{' {
			depth++
		} else if s[i] == '}' {
			depth--
			if depth == 0 {
				n = i + 1
				break
			}
		}
	}
	word := strings.Trim(s[:n], "{}")
	if i := strings.IndexAny(word, "(#<:"); i >= 0 {
		word = word[:i]
	}
	return "{" + word + "}", n
}

// cutClone drops the suffixes that compilers add to copies of a function.
func cutClone(s string) string {
	for {
		i := strings.LastIndexByte(s, '.')
		if i <= 0 || i+1 == len(s) {
			return s
		}
		switch suffix := s[i+1:]; {
		case digits(suffix), suffix == "cold", suffix == "part", suffix == "isra", suffix == "constprop", suffix == "lto_priv", suffix == "llvm", suffix == "localalias", suffix == "warm":
			s = s[:i]
		default:
			return s
		}
	}
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// cutReturnType drops what stands before the last blank outside of brackets,
// unless the blank belongs to an operator ("operator new", "operator bool") or to
// "<T as Trait>".
func cutReturnType(s string, rust bool) string {
	if rust {
		return s
	}
	if i := strings.Index(s, "operator"); i >= 0 && (i == 0 || !identByte(s[i-1])) {
		return s[strings.LastIndexByte(s[:i], ' ')+1:]
	}
	return s[strings.LastIndexByte(s, ' ')+1:]
}
