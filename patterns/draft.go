package patterns

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// variable is a kind of text that changes from one occurrence of a message to
// the next: how it looks, and what stands for it in a regex.
type variable struct {
	name  string // of the capture
	look  string
	regex string
}

// variables in order of preference where several begin at the same place.
var variables = []variable{
	// 123e4567-e89b-12d3-a456-426614174000
	{"uuid", `\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`, `[0-9a-fA-F-]{36}`},
	// 2025-10-02T06:40:11.752176Z, 2025-10-02 06:40:11
	{"time", `\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`, `\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`},
	// src/nvenc/session.rs:141:9: the place in the source moves with every version
	{"place", `\b[\w./-]*\w\.(?:rs|go|c|cc|cpp|cxx|h|hpp|py|js|ts|vala):\d+(?::\d+)?\b`, `[^\s:]+:\d+(?::\d+)?`},
	// 0000:0a:00.0 of the PCI bus
	{"pci", `\b[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7]\b`, `[0-9a-fA-F:]+\.[0-7]`},
	// 192.168.1.23:47999
	{"ip", `\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d{1,5}\b)?`, `[\d.]+(?::\d+)?`},
	// 02:42:ac:11:00:02, fe80::1, 2001:db8::17
	{"address", `\b(?:(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}|(?:[23][0-9a-fA-F]{3}|f[cde][0-9a-fA-F]{2}):[0-9a-fA-F:]*:[0-9a-fA-F]+)\b`, `[0-9a-fA-F:]+`},
	// 06:40:11.752
	{"time", `\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b`, `\d+:\d\d:\d\d(?:[.,]\d+)?`},
	// 045e:02ea, vendor and product of a USB device
	{"usb", `\b[0-9a-fA-F]{4}:[0-9a-fA-F]{4}\b`, `[0-9a-fA-F]{4}:[0-9a-fA-F]{4}`},
	// "wayland-2", 'nvh264enc'
	{"quoted", `"[^"\n]*"`, `"[^"\n]*"`},
	{"quoted", `\B'[^'\n]*'`, `'[^'\n]*'`},
	// 0x300c
	{"code", `\b0[xX][0-9a-fA-F]+\b`, `0[xX][0-9a-fA-F]+`},
	// /dev/dri/renderD128
	{"path", `\B/[\w.@%+-]+(?:/[\w.@%+-]*)*`, `/\S+?`},
	// <nvh265enc10>
	{"element", `<[a-zA-Z][\w:.-]*\d[\w:.-]*>`, `<[\w:.-]+>`},
	// a container id or a hash
	{"hash", `\b[0-9a-f]*(?:[a-f][0-9]|[0-9][a-f])[0-9a-f]{9,}\b`, `[0-9a-f]+`},
	// 246801357924680135 at the end of a container's name
	{"session", `\d{15,20}\b`, `\d+`},
	// 17, -5, 0.25
	{"n", `(?:\B-|\b)\d+(?:\.\d+)?\b`, `-?\d+(?:\.\d+)?`},
	// 250ms, 1.5MiB
	{"amount", `(?:\B-|\b)\d+(?:\.\d+)?(?:ns|µs|us|ms|s|min|h|B|kB|KB|MB|GB|KiB|MiB|GiB|fps|Hz|bps|kbps|Mbps)\b`, `-?\d+(?:\.\d+)?[A-Za-zµ]+`},
	// the number at the end of a name: wayland-2, nvh265enc10, event12
	{"index", `\d{1,6}\b`, `\d+`},
}

var variableRe = sync.OnceValue(func() *regexp.Regexp {
	parts := make([]string, len(variables))
	for i, v := range variables {
		parts[i] = "(" + v.look + ")"
	}
	return regexp.MustCompile(strings.Join(parts, "|"))
})

// Draft writes a TOML rule for a log message: what looks variable becomes a
// named group of the regex, the message is its first sample, also names other
// patterns that match it. The rule is valid as it stands and wants work: title,
// role, why, source and near misses are the author's. Control bytes are
// dropped; an empty message gives "".
func Draft(message string, also ...string) string {
	text := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(message, "?")))
	if text == "" {
		return ""
	}
	expr := draftRegex(text)
	if re, err := compile(expr); err != nil || !re.MatchString(text) {
		expr = quoteText(text)
	}
	var b strings.Builder
	b.WriteString("[[pattern]]\n")
	fmt.Fprintf(&b, "id = %q\n", draftID(text))
	b.WriteString("title = \"what the message means, a short clause for the report\"\n")
	b.WriteString("role = \"symptom\" # cause: names the reason; symptom: follows from one; benign: noise; lifecycle: starts and ends\n")
	fmt.Fprintf(&b, "regex = %s\n", tomlString(expr))
	b.WriteString("severity = \"error\" # what it means for a session: fatal, error, warning, info\n")
	b.WriteString("why = \"why it is printed, and what follows from it\"\n")
	b.WriteString("source = \"\" # repository:path:function that prints it\n")
	if len(also) > 0 {
		fmt.Fprintf(&b, "also = [\"%s\"] # the catalogue knows this line by these\n", strings.Join(also, `", "`))
	}
	fmt.Fprintf(&b, "samples = [\n  %s,\n]\n", tomlString(text))
	b.WriteString("near_misses = [] # a text that comes close and must not match\n")
	return b.String()
}

// draftRegex quotes what stands still and makes groups of what varies.
func draftRegex(text string) string {
	var b strings.Builder
	used := map[string]int{}
	at := 0
	for _, loc := range variableRe().FindAllStringSubmatchIndex(text, -1) {
		if loc[0] == loc[1] {
			continue
		}
		b.WriteString(quoteText(text[at:loc[0]]))
		for i, v := range variables {
			if loc[2+2*i] < 0 {
				continue
			}
			name := v.name
			if used[v.name]++; used[v.name] > 1 {
				name += strconv.Itoa(used[v.name])
			}
			fmt.Fprintf(&b, "(?P<%s>%s)", name, v.regex)
			if v.name == "path" && loc[1] == len(text) {
				b.WriteByte('$') // a lazy group needs something to end at
			}
			break
		}
		at = loc[1]
	}
	b.WriteString(quoteText(text[at:]))
	return b.String()
}

func quoteText(s string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(s), "\n", `\n`)
}

// draftID makes an id of the first words of a message.
func draftID(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	id := "site"
	for _, w := range words {
		if len(w) < 3 {
			continue
		}
		if len(id)+len(w) > 40 {
			break
		}
		id += "-" + w
	}
	if id == "site" {
		id = "site-rule"
	}
	return id
}

// tomlString writes s as a TOML string, literal where that is possible.
func tomlString(s string) string {
	switch {
	case !strings.ContainsAny(s, "'\n\r"):
		return "'" + s + "'"
	case !strings.Contains(s, "'''") && !strings.HasSuffix(s, "'") && !strings.ContainsAny(s, "\n\r"):
		return "'''" + s + "'''"
	}
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`)
	return `"` + r.Replace(s) + `"`
}
