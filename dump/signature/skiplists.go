package signature

import (
	"embed"
	"strings"
	"sync"

	"wolfdiag/dump/trace"
)

//go:embed skiplists/*.txt
var skipFiles embed.FS

// nameSet is one skip list; see skiplists/README.md.
type nameSet struct {
	exact    map[string]bool
	prefixes []string
	suffixes []string
	parts    []string
}

func (s *nameSet) has(name string) bool {
	if s.exact[name] {
		return true
	}
	for _, p := range s.prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	for _, p := range s.suffixes {
		if strings.HasSuffix(name, p) {
			return true
		}
	}
	for _, p := range s.parts {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}

func parseNameSet(text string) *nameSet {
	s := &nameSet{exact: make(map[string]bool)}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		tail, head := strings.HasSuffix(line, "*"), strings.HasPrefix(line, "*")
		name := strings.TrimSuffix(strings.TrimPrefix(line, "*"), "*")
		switch {
		case head && tail:
			s.parts = append(s.parts, name)
		case tail:
			s.prefixes = append(s.prefixes, name)
		case head:
			s.suffixes = append(s.suffixes, name)
		default:
			s.exact[name] = true
		}
	}
	return s
}

// skipLists are the lists of skiplists/, by what they say of a frame.
type skipLists struct {
	handler, trampoline, machinery, fatal, libc, support, entry, common *nameSet // by function
	libcModules, ownModules                                             *nameSet // by module
}

var skips = sync.OnceValue(func() *skipLists {
	load := func(name string) *nameSet {
		b, err := skipFiles.ReadFile("skiplists/" + name + ".txt")
		if err != nil {
			panic(err) // the files are compiled in: a missing one cannot be built
		}
		return parseNameSet(string(b))
	}
	return &skipLists{
		handler: load("handler"), trampoline: load("trampoline"), machinery: load("machinery"),
		fatal: load("fatal"), common: load("common"),
		libc: load("libc"), support: load("support"), entry: load("entry"),
		libcModules: load("libc-modules"), ownModules: load("own-modules"),
	}
})

// functionRole says what a normalised function name is by itself;
// RoleUnknown when no list has it.
func (l *skipLists) functionRole(name string) trace.Role {
	switch {
	case name == "":
		return trace.RoleUnknown
	case strings.HasPrefix(name, "__GI_"): // glibc's own name of what it exports
		if role := l.functionRole(strings.TrimPrefix(strings.TrimPrefix(name, "__GI_"), "_GI_")); role != trace.RoleUnknown {
			return role
		}
		return l.functionRole("__" + strings.TrimPrefix(name, "__GI_"))
	case l.handler.has(name):
		return trace.RoleHandler
	case l.trampoline.has(name):
		return trace.RoleTrampoline
	case l.entry.has(name):
		return trace.RoleEntry
	case l.machinery.has(name), l.fatal.has(name):
		return trace.RoleMachinery
	case l.libc.has(name):
		return trace.RoleLibc
	case l.support.has(name):
		return trace.RoleSupport
	}
	return trace.RoleUnknown
}

// ends reports whether the end of the process is decided in that function.
func (l *skipLists) ends(name string) bool {
	return name != "" && (l.fatal.has(name) || strings.HasPrefix(name, "__GI_") && l.fatal.has(strings.TrimPrefix(name, "__GI_")))
}

// moduleRole says what an object is by its name; RoleUnknown when no list has it.
func (l *skipLists) moduleRole(module string) trace.Role {
	base := trace.BaseName(module)
	switch {
	case base == "":
		return trace.RoleUnknown
	case l.libcModules.has(base):
		return trace.RoleLibc
	case l.ownModules.has(base):
		return trace.RoleOwn
	case strings.HasSuffix(base, ".so") || strings.Contains(base, ".so."):
		return trace.RoleLibrary
	}
	return trace.RoleUnknown
}
