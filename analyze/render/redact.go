package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"wolfdiag/analyze/report"
)

// masked stands for a secret. Secrets get no alias: whether two are equal is
// nobody's business.
const masked = "[masked]"

// maskedRemark ends a report for sharing.
const maskedRemark = "Addresses, ids, keys and the names of users and machines are masked."

// secrets find what is masked whole: the second group is replaced.
var secrets = []*regexp.Regexp{
	// -----BEGIN CERTIFICATE-----\nMIIC… up to its end, or the end of the message
	regexp.MustCompile(`(?s)(-----BEGIN [A-Z0-9 ]+-----)(.*?)(?:-----END [A-Z0-9 ]+-----|$)`),
	// aes_key="0F2A…" aes_iv="-1530244", \"aes_key\":\"…\", rikey=…&rikeyid=…, clientcert=…&salt=…, uniqueid=…
	regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:aes[_-]?key|aes[_-]?iv|rikey|rikeyid|client_?cert|client_?challenge|server_?challenge_?resp|client_?pairing_?secret|pairing_?secret|salt|unique_?id|phrase)\\?["']?\s*[=:]\s*\\?["']?)((?:<(?:n|hex|id|\*)>|[^\s"'\\,;&<>}])+)`),
	// key=, iv: with a value that can only be one
	regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:key|iv)\\?["']?\s*[=:]\s*\\?["']?)([0-9a-f]{16,})`),
	// <plaincert>2D2D…</plaincert>
	regexp.MustCompile(`(?i)(<(?:plaincert|pairingsecret|challengeresponse|clientcert)>)([^<]+)`),
	// /pin/#4C1A…
	regexp.MustCompile(`(?i)(/pin/#?)([0-9A-Za-z]{4,})`),
	// pin:1234 secret:ABCD, "pair_secret": "…", WOLF_PASSWORD=…, AWS_SECRET_ACCESS_KEY=…, --password …
	regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:pin|[\w-]*secret[\w-]*|[\w-]*pass(?:word|wd|phrase)|[\w-]*(?:api|access|private|encryption)[_-]?key|[\w-]*credentials?)\\?["']?\s*[=:]\s*\\?["']?)((?:<(?:n|hex|id|\*)>|[^\s"'\\,;&<>}])+)`),
	// PASS=…, DB_PASS=…, STREAM_KEY=…: of an environment
	regexp.MustCompile(`((?:^|[^0-9A-Za-z_])(?:[A-Z0-9_]+_)?(?:PASS|PWD_HASH|KEY)=["']?)([^\s"'\\,;&<>}]+)`),
	// the pin 1234, PIN code 4821
	regexp.MustCompile(`(?i)(\bpin(?:\s+code)?\s+)(\d{4,8})\b`),
	regexp.MustCompile(`(?i)((?:^|\s)--(?:pin|secret|password|token)[ =])(\S+)`),
	// access_token=…, "token":"…"; not: unexpected token: x
	regexp.MustCompile(`(?i)([\w-]*token(?:\\?["']\s*:\s*\\?["']|=\\?["']?))((?:<(?:n|hex|id|\*)>|[^\s"'\\,;&<>}])+)`),
	// X-Registry-Auth: eyJ…, DOCKER_AUTH_B64=…, Authorization: Bearer …, Cookie: …
	regexp.MustCompile(`(?i)([\w-]*(?:registry-auth|auth_b64|authorization|cookie)\\?["']?\s*[=:]\s*\\?["']?(?:(?:bearer|basic|digest|negotiate)\s+)?)([^\s"'\\,]+)`),
	// tokens that say by their first letters what they are: of GitHub, GitLab, OpenAI, Slack, Amazon, Google, Docker, npm, Hugging Face
	regexp.MustCompile(`()(\b(?:gh[opsur]_(?:[0-9A-Za-z]|<n>){16,}|(?:github|dckr)_pat_(?:[\w-]|<n>){12,}|glpat-(?:[\w-]|<n>){10,}|sk-(?:[\w-]|<n>){20,}|xox[abeoprs]-(?:[\w-]|<n>){8,}|A[KS]IA(?:[0-9A-Z]|<n>){12,}|AIza(?:[\w-]|<n>){24,}|npm_(?:[0-9A-Za-z]|<n>){24,}|hf_(?:[0-9A-Za-z]|<n>){20,}))`),
	// Basic dXNlcjpwYXNzd29yZA==
	regexp.MustCompile(`((?:^|[^0-9A-Za-z])(?:Basic|Bearer)\s+)((?:[0-9A-Za-z+/_-]|<n>){12,}={0,2})`),
	// serial: 1A2B3C4D5E, SerialNumber=…, machine-id: …
	regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:serial(?:[ _-]?(?:number|no))?|machine[_-]?id|boot[_-]?id)\\?["']?\s*[=:]\s*\\?["']?)([0-9a-z-]*(?:[a-z][0-9a-z-]*\d|\d[0-9a-z-]*[a-z])[0-9a-z-]*)`),
	// "auth": "dXNlcjpwYXNz" of Docker's config.json
	regexp.MustCompile(`(\\?"auth\\?"\s*:\s*\\?")([^"\\]+)`),
	// https://user:password@registry
	regexp.MustCompile(`(://[^\s/:@]*:)([^\s/@]+)@`),
	// eyJhbGciOi….eyJzdWIi….sig
	regexp.MustCompile(`()(\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*)?)`),
	// [API] Received request: POST /api/v1/pair/client - {"pin":…}: the body; absent from most
	regexp.MustCompile(`(Received request: [A-Z]+ \S+ - )(\S.*)`),
}

var (
	// a line from the middle of a PEM block or another blob: MIICvzCCAaegAwIBAgIBADANBgkqhkiG9w0BAQsFADAjMSEwHwYDVQQDDBhOVklE
	blobs = regexp.MustCompile(`[0-9A-Za-z+/]{60,}={0,2}`)
	// /home/robin/…, C:\Users\robin\…, escaped as in JSON; not /home/<user>, /home/$USER
	homes = regexp.MustCompile(`((?:/home|/Users|\\Users\\?)[/\\])([^/\\\s"'` + "`" + `:;,<>$*{}()]+)`)
	// USER=robin, STEAM_USER=robin, sudo: robin : TTY=…, uid=1000(robin), session opened for user robin by …
	users = regexp.MustCompile(`((?:^|[^0-9A-Za-z_])(?:[A-Z0-9_]+_)?(?:USER|USERNAME|LOGNAME)=["']?|\bsudo: +|\b[ug]id=\d+\(|\bfor user )([^\s"',;()=:$<>]+)`)
	// 16509540347718230936: Wolf's session ids are hashes of a client's certificate
	ids = regexp.MustCompile(`[0-9A-Za-z]*\d{15}[0-9A-Za-z]*`)
)

// commonUsers are names that images and distributions give to everybody: they
// say nothing about the operator and much about the container.
var commonUsers = map[string]bool{"retro": true, "wolf": true, "root": true, "ubuntu": true, "user": true, "nobody": true}

// redactor masks what must not leave the operator's machine. The same value
// gets the same stand-in throughout one report, so that lines stay comparable.
// It is for one goroutine.
type redactor struct {
	names map[string]string // kind and value to stand-in
	next  map[string]int    // how many stand-ins there are of a kind
}

func (r *redactor) alias(kind, value string) string {
	k := kind + value
	if s, ok := r.names[k]; ok {
		return s
	}
	if r.next == nil {
		r.next = map[string]int{}
	}
	r.next[kind]++
	s := fmt.Sprintf("%s%d", kind, r.next[kind])
	r.names[k] = s
	return s
}

// text masks one message.
func (r *redactor) text(s string) string {
	for _, re := range secrets {
		s = replaceSecond(re, s, func(string) string { return masked })
	}
	s = blobs.ReplaceAllStringFunc(s, func(b string) string {
		if isBlob(b) {
			return masked
		}
		return b
	})
	s = r.people(s)
	s = r.hardware(s)
	s = r.addresses(s)
	s = r.hosts(s)
	s = replaceSecond(homes, s, r.user)
	s = replaceSecond(users, s, r.user)
	s = uuids.ReplaceAllStringFunc(s, func(u string) string { return r.alias("uuid-", strings.ToLower(u)) })
	return r.sessions(s)
}

// sessions masks whole numbers of 15 to 20 digits; fractions stay.
func (r *redactor) sessions(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range ids.FindAllStringIndex(s, -1) {
		id := s[m[0]:m[1]]
		fraction := m[0] > 1 && s[m[0]-1] == '.' && s[m[0]-2] >= '0' && s[m[0]-2] <= '9'
		if fraction || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
			continue
		}
		b.WriteString(s[at:m[0]])
		b.WriteString(r.alias("session-", id))
		at = m[1]
	}
	return b.String() + s[at:]
}

// replaceSecond replaces the second group of every match.
func replaceSecond(re *regexp.Regexp, s string, with func(string) string) string {
	found := re.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return s
	}
	var b strings.Builder
	at := 0
	for _, m := range found {
		b.WriteString(s[at:m[4]])
		if old := s[m[4]:m[5]]; strings.HasPrefix(old, masked) || old == "" {
			b.WriteString(old)
		} else {
			b.WriteString(with(old))
		}
		at = m[5]
	}
	b.WriteString(s[at:])
	return b.String()
}

// isBlob tells base64 from long paths and from digests, which are hexadecimal.
func isBlob(s string) bool {
	const hex = "0123456789abcdefABCDEF"
	return strings.ContainsAny(s, "0123456789+=") && strings.ContainsAny(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
		strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz") && strings.Trim(s, hex) != "" && strings.Count(s, "/") < 6
}

// redacted returns a deep copy of rep with secrets, addresses, session ids and
// the names of users and machines masked. It goes over every string of the
// report, so that a field added later is not forgotten.
func redacted(rep *report.Report) *report.Report {
	out := &report.Report{}
	if err := redactInto(rep, out); err != nil {
		return &report.Report{Summary: "report could not be redacted: " + err.Error()}
	}
	return out
}

// redactInto fills out with a masked copy of v by way of JSON.
func redactInto(v, out any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		return err
	}
	tree = (&redactor{names: map[string]string{}}).walk(tree, "")
	if raw, err = json.Marshal(tree); err != nil {
		return err
	}
	return json.Unmarshal(raw, out)
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
