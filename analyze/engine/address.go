// Package engine reads logs from a log engine over HTTP: VictoriaLogs, and
// Grafana Loki by its documented API. It opens connections only when a Client
// is asked something, and only to the address it was given.
//
// A Client asks which hosts there are (Groups) and reads the records of a span
// of time in order (Read). A reading that breaks is taken up again at the last
// time that came, without loss and without a record twice.
package engine

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Kind is a kind of log engine.
type Kind string

// The kinds of engines.
const (
	VictoriaLogs Kind = "vlogs"
	Loki         Kind = "loki" // experimental: by its documentation
)

// String is the name of the engine for people.
func (k Kind) String() string {
	if k == Loki {
		return "Loki"
	}
	return "VictoriaLogs"
}

// An Address says where an engine is and what is asked of it. It never holds
// credentials, so it may stand in a report.
type Address struct {
	Kind  Kind
	TLS   bool
	Host  string // host:port; "": that of the environment (VLOGS_ADDR, LOKI_ADDR)
	Path  string // prefix of the API's paths, without a slash at its end
	Query string // LogsQL or LogQL; "": everything
}

// String is the address as it is written on the command line.
func (a Address) String() string {
	s := string(a.Kind)
	if a.TLS {
		s += "+https"
	}
	s += "://" + a.Host + a.Path
	if a.Query != "" {
		s += "/?query=" + a.Query
	}
	return s
}

// base is the URL before the paths of the API.
func (a Address) base() string {
	scheme := "http"
	if a.TLS {
		scheme = "https"
	}
	return scheme + "://" + a.Host + a.Path
}

var schemes = map[string]Address{
	"vlogs": {Kind: VictoriaLogs}, "vlogs+http": {Kind: VictoriaLogs}, "vlogs+https": {Kind: VictoriaLogs, TLS: true},
	"loki": {Kind: Loki}, "loki+http": {Kind: Loki}, "loki+https": {Kind: Loki, TLS: true},
}

// IsAddress reports whether an argument names an engine and not a file.
func IsAddress(arg string) bool {
	scheme, _, ok := strings.Cut(arg, "://")
	_, known := schemes[scheme]
	return ok && known
}

// Errors of addresses.
var (
	ErrCredentials = errors.New("a name or password does not belong into an address: it would stand in the list of processes; set %s_USERNAME and %s_PASSWORD")
	errParameter   = errors.New("unknown parameter")
)

// ParseAddress reads vlogs://host:9428/?query=…, vlogs+https://, loki:// and
// loki+https://. The query is written as it is or percent-encoded. An http://
// or https:// URL is taken for an engine of the kind that is assumed; "" for
// none. Errors do not repeat what could be a password.
func ParseAddress(arg string, assumed Kind) (Address, error) {
	scheme, rest, ok := strings.Cut(arg, "://")
	a, known := schemes[scheme]
	if !known && assumed != "" {
		a = Address{Kind: assumed}
		switch {
		case !ok:
			rest = arg // host:9428
		case scheme == "https":
			a.TLS = true
		case scheme != "http":
			return Address{}, fmt.Errorf("%q is not the address of an engine: want %s://HOST:PORT or an http URL", scheme+"://", assumed)
		}
	} else if !known {
		return Address{}, fmt.Errorf("%q is not the address of an engine: want vlogs:// or loki://", scheme+"://")
	}
	place, query, _ := strings.Cut(rest, "?")
	if i := strings.LastIndexByte(place, '@'); i >= 0 {
		env := strings.ToUpper(string(a.Kind))
		return Address{}, fmt.Errorf(ErrCredentials.Error(), env, env)
	}
	host, path, _ := strings.Cut(place, "/")
	if _, err := url.Parse("http://" + host + "/"); err != nil || strings.ContainsAny(host, " \t\"{}") {
		return Address{}, fmt.Errorf("%s://: %q is not a host and port", scheme, host)
	}
	a.Host, a.Path = host, ""
	if path = strings.Trim(path, "/"); path != "" {
		a.Path = "/" + path
	}
	var err error
	if a.Query, err = queryOf(query); err != nil {
		return Address{}, fmt.Errorf("%s://%s: %w", scheme, host, err)
	}
	return a, nil
}

// queryOf takes the query out of what stands behind the question mark. As it
// may be written plainly, with all the signs that a query language has, it is
// the last parameter and the only one.
func queryOf(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	name, value, _ := strings.Cut(s, "=")
	if name != "query" {
		return "", fmt.Errorf("%w %q: want ?query=…, and --since and --until for the time", errParameter, plainName(name))
	}
	if strings.ContainsAny(value, "{}\"| <>`") {
		return value, nil // as it is: an encoded one has none of these
	}
	return url.QueryUnescape(value)
}

// plainName cuts what was taken for the name of a parameter.
func plainName(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return s
}

// pipesOf splits a query at its first pipe: what selects records, and what is
// done with them. Signs in quotes are no pipes.
func pipesOf(query string) (filter, pipes string) {
	quote := byte(0)
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '|':
			return strings.TrimSpace(query[:i]), query[i:]
		}
	}
	return strings.TrimSpace(query), ""
}

// withLabel adds a matcher to the stream selector of a LogQL query. It reports
// false where the query has none.
func withLabel(query, matcher string) (string, bool) {
	open := strings.IndexByte(query, '{')
	if open < 0 {
		return query, false
	}
	quote := byte(0)
	for i := open + 1; i < len(query); i++ {
		switch c := query[i]; {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '`':
			quote = c
		case c == '}':
			sep := ", "
			if strings.TrimSpace(query[open+1:i]) == "" || strings.HasSuffix(strings.TrimSpace(query[open+1:i]), ",") {
				sep = ""
			}
			return query[:i] + sep + matcher + query[i:], true
		}
	}
	return query, false
}

// sortGroups orders groups by value.
func sortGroups(gs []Group) {
	slices.SortFunc(gs, func(a, b Group) int { return strings.Compare(a.Value, b.Value) })
}
