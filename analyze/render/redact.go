package render

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"wolfdiag/analyze/report"
)

// secrets are masked whole: what stands in the second group is replaced.
var secrets = []*regexp.Regexp{
	// aes_key="…", "aes_iv": "…", aes_key = …
	regexp.MustCompile(`(?i)(\\?"?\b(?:aes[_-]?key|aes[_-]?iv|rikey|rikeyid|riKeyId|iv|key)\b\\?"?\s*[=:]\s*\\?"?)([0-9A-Za-z+/=_-]{8,})`),
	// /pin/#4C1A…, pin:1234 secret:ABCD
	regexp.MustCompile(`(?i)(/pin/#?)([0-9A-Za-z]+)`),
	regexp.MustCompile(`(?i)(\b(?:pin|secret|pair_secret|client_secret|password|passwd|token)\\?"?\s*[=:]\s*\\?"?)([^\s"\\,;&]+)`),
	regexp.MustCompile(`(?i)(\b(?:X-Registry-Auth|DOCKER_AUTH_B64|Authorization)\b\\?"?\s*[=:]\s*\\?"?(?:Bearer |Basic )?)([^\s"\\]+)`),
	regexp.MustCompile(`(?s)(-----BEGIN [A-Z ]+-----)(.*?)(?:-----END [A-Z ]+-----|$)`),
}

var (
	// 139.28.87.179, [2001:db8::1], fe80::1%eth0; ports and brackets stay.
	addresses = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){2,7}(?::?[0-9a-fA-F]{1,4})+\b|\b(?:[0-9a-fA-F]{1,4}:){1,6}:(?:[0-9a-fA-F]{1,4})?`)
	// /home/luke/…, /Users/luke/…
	homes = regexp.MustCompile(`((?:/home|/Users)/)([^/\s"':;,]+)`)
	// 16509540347718230936: Wolf's session ids, hashes of a client's certificate
	ids = regexp.MustCompile(`\b\d{16,20}\b`)
)

// redactor masks what must not leave the operator's machine. The same value
// gets the same stand-in throughout one report, so that lines stay comparable.
type redactor struct{ names map[string]string }

func (r *redactor) alias(kind, value string) string {
	k := kind + value
	if s, ok := r.names[k]; ok {
		return s
	}
	n := 1
	for key := range r.names {
		if strings.HasPrefix(key, kind) {
			n++
		}
	}
	s := fmt.Sprintf("%s%d", kind, n)
	r.names[k] = s
	return s
}

func (r *redactor) text(s string) string {
	for _, re := range secrets {
		s = re.ReplaceAllString(s, "${1}[masked]")
	}
	s = addresses.ReplaceAllStringFunc(s, func(a string) string {
		ip, err := netip.ParseAddr(a)
		if err != nil || ip.IsLoopback() || ip.IsUnspecified() {
			return a
		}
		return r.alias("ip-", a)
	})
	s = homes.ReplaceAllStringFunc(s, func(h string) string {
		m := homes.FindStringSubmatch(h)
		return m[1] + r.alias("user-", m[2])
	})
	return ids.ReplaceAllStringFunc(s, func(id string) string { return r.alias("session-", id) })
}

// redacted returns a deep copy of rep with secrets, client addresses, session
// ids and user names masked. It goes over every string of the report, so that
// a field added later is not forgotten.
func redacted(rep *report.Report) *report.Report {
	raw, err := json.Marshal(rep)
	if err != nil {
		return &report.Report{Summary: "report could not be redacted: " + err.Error()}
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return &report.Report{Summary: "report could not be redacted: " + err.Error()}
	}
	r := &redactor{names: map[string]string{}}
	tree = r.walk(tree, "")
	raw, err = json.Marshal(tree)
	out := &report.Report{}
	if err == nil {
		err = json.Unmarshal(raw, out)
	}
	if err != nil {
		return &report.Report{Summary: "report could not be redacted: " + err.Error()}
	}
	return out
}

// timeKeys hold RFC 3339 times, which must stay parseable.
var timeKeys = map[string]bool{"time": true, "from": true, "to": true, "start": true, "end": true, "first_seen": true, "last_seen": true, "first_failure": true}

func (r *redactor) walk(v any, key string) any {
	switch v := v.(type) {
	case string:
		if timeKeys[key] {
			return v
		}
		return r.text(v)
	case []any:
		for i := range v {
			v[i] = r.walk(v[i], key)
		}
	case map[string]any:
		for _, k := range sortedKeys(v) {
			v[k] = r.walk(v[k], k)
		}
	}
	return v
}
