package jsonscan

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"wolfdiag/analyze/logline/arena"
)

// fields spells what Object finds: key=value, strings in quotes, … where the line
// ends inside the value.
func fields(line string) string {
	o, ok := Open([]byte(line))
	if !ok {
		return "no object"
	}
	var out []string
	for range 100 {
		f, ok := o.Next()
		if !ok {
			break
		}
		v := string(f.Value)
		if got := line[f.Offset : f.Offset+len(f.Value)]; got != v {
			return fmt.Sprintf("%s: at %d stands %q, not %q", f.Key, f.Offset, got, v)
		}
		if f.Str {
			v = "'" + v + "'"
		}
		if f.Open {
			v += "…"
		}
		out = append(out, string(f.Key)+"="+v)
	}
	return strings.Join(out, " ")
}

func TestObject(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"docker", `{"log":"x\n","stream":"stdout","time":"2025-10-02T06:40:11Z"}`, `log='x\n' stream='stdout' time='2025-10-02T06:40:11Z'`},
		{"values", `{"a":1,"b":true,"c":null,"d":[1,"]"],"e":{"f":"}"}}`, `a=1 b=true c=null d=[1,"]"] e={"f":"}"}`},
		{"blanks", "{ \"a\" : 1 ,\t\"b\" :\r\n\"c\" }", `a=1  b='c'`},
		{"quote in a string", `{"a":"\"b\\","c":2}`, `a='\"b\\' c=2`},
		{"cut in a string", `{"a":"b`, `a='b'…`},
		{"cut in a list", `{"a":[1,2`, `a=[1,2…`},
		{"cut in a string of a list", `{"a":["b`, `a=["b…`},
		{"cut in a key", `{"a":1,"b`, `a=1`},
		{"cut behind a key", `{"a":1,"b"`, `a=1`},
		{"cut behind the colon", `{"a":1,"b":`, `a=1`},
		{"no colon", `{"a" 1}`, ``},
		{"no value", `{"a":,"b":1}`, ``},
		{"not a key", `{a:1}`, ``},
		{"empty", `{}`, ``},
		{"a list", `[1]`, `no object`},
		{"one byte", `{`, `no object`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := fields(tc.in); got != tc.want {
				t.Errorf("%s\n got %s\nwant %s", tc.in, got, tc.want)
			}
		})
	}
}

// TestUnescape compares with encoding/json, but for what that refuses: a broken
// escape stands for itself.
func TestUnescape(t *testing.T) {
	t.Parallel()
	for _, in := range []string{``, `plain`, `a\nb\tc\rd\be\ff`, `\"\\\/`, `\u0041\u00e9\u2502`, `\ud83d\udc3a`, `\u0000`} {
		var want string
		if err := json.Unmarshal([]byte(`"`+in+`"`), &want); err != nil {
			t.Fatal(err)
		}
		if got := string(Unescape([]byte(">"), []byte(in))); got != ">"+want {
			t.Errorf("Unescape(%q) = %q, want %q", in, got[1:], want)
		}
		if got := string(Text(new(arena.Arena), []byte(in))); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		`\x1b[0m`: `\x1b[0m`, `C:\Wolf`: `C:\Wolf`, `end\`: `end\`, `\u12`: `\u12`, `\u12g4`: `\u12g4`,
		`\ud83d`: "\ufffd", `\ud83dx`: "\ufffdx", `\ud83d\u0041`: "\ufffdA", `\udc3a\ud83d`: "\ufffd\ufffd",
	} {
		if got := string(Unescape(nil, []byte(in))); got != want {
			t.Errorf("Unescape(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestBytes: journald prints a message that is not UTF-8 as a list of bytes.
func TestBytes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, want string
		ok       bool
	}{
		{"[87,111,108,102]", "Wolf", true}, {"[ 0, 255 ]", "\x00\xff", true}, {"[]", "", true}, {"[87,111", "W", true},
		{"[256]", "", false}, {"[-1]", "", false}, {`["x"]`, "", false}, {"87", "", false}, {"[", "", false},
	} {
		got, ok := Bytes([]byte(">"), []byte(tc.in))
		if ok != tc.ok || ok && string(got) != ">"+tc.want {
			t.Errorf("Bytes(%q) = %q, %v, want %q, %v", tc.in, got[1:], ok, tc.want, tc.ok)
		}
	}
}
