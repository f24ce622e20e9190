package render

import (
	"regexp"
	"strings"
)

var (
	// aa:bb:cc:dd:ee:ff, A0-B1-C2-D3-E4-F5, dev_A0_B1_C2_D3_E4_F5, eight pairs as InfiniBand has them; a longer row is a fingerprint
	pairs = regexp.MustCompile(`[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5,}|(?:-[0-9A-Fa-f]{2}){5,}|(?:_[0-9A-Fa-f]{2}){5,})`)
	// aabb.ccdd.eeff, as switches print it
	triples = regexp.MustCompile(`\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b`)
	// mac=aabbccddeeff
	bareMAC = regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:mac|mac[_-]?addr(?:ess)?|hwaddr|lladdr)\\?["']?\s*[=:]\s*\\?["']?)([0-9a-f]{12})\b`)
	// GPU-550e8400-e29b-41d4-a716-446655440000, uuid=…
	uuids = regexp.MustCompile(`[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`)
	// robin.miller@example.com, robin@robins-desktop:~$; not image@sha256:…, user@1000.service, memcpy@@GLIBC_2.14
	mails = regexp.MustCompile(`([0-9A-Za-z_](?:[0-9A-Za-z_.+-]*[0-9A-Za-z_])?)@([A-Za-z][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*[0-9A-Za-z])*)`)
	// what stands behind @ in names that are nobody's
	notHosts = regexp.MustCompile(`(?i)^(?:sha\d+|md5|v\d.*|latest|main|master|plt|got|glibc.*|tty\w*|pts\w*|.*\.(?:service|slice|scope|socket|target|device|mount|timer|path|swap))$`)
	// robins-desktop.local, nas.fritz.box, vm.c.project.internal, robin.duckdns.org: names of a home, not of the world
	homeNames = regexp.MustCompile(`(?i)\b[0-9a-z][0-9a-z-]*(?:\.[0-9a-z][0-9a-z-]*)*\.(?:local|localdomain|lan|home|home\.arpa|internal|intranet|fritz\.box|duckdns\.org|ddns\.net|dyndns\.org|no-ip\.(?:org|com|biz)|hopto\.org|zapto\.org|myds\.me|synology\.me|ts\.net)\b`)
	// Robins PC._nvstream._tcp: the name a host announces
	announced = regexp.MustCompile(`()([0-9A-Za-z][0-9A-Za-z-]*)\._nvstream\._tcp`)
	// hostname=robins-desktop, "device_name":"Robin's phone", devicename=RobinsPhone, HOSTNAME: x
	hostFields = regexp.MustCompile(`(?i)((?:^|[^0-9a-z])(?:host[_-]?name|computer[_-]?name|machine[_-]?name|device[_-]?name|client[_-]?name|node[_-]?name)(?:\\?["']\s*:\s*\\?["']|\s*=\s*\\?["']?|:\s+))([^\s"\\,;&<>{}()]+)`)
	// host=robins-desktop, "host":"robins-desktop"; not: on the host: the GPU
	hostField = regexp.MustCompile(`(?i)((?:^|[^0-9a-z])host(?:\\?["']\s*:\s*\\?["']|=\\?["']?))([0-9a-z][0-9a-z.-]*)`)
	// what a name looks like that has been masked
	anAlias = regexp.MustCompile(`^(?:ip|mac|host|mail|user|session|uuid)-\d+$`)
)

// commonHosts are names that every installation has.
var commonHosts = map[string]bool{
	"localhost": true, "localhost.localdomain": true, "wolf": true, "wolf-1": true, "host.docker.internal": true,
	"gateway.docker.internal": true, "java.home": true, "user.home": true, "rc.local": true, "unix": true, "none": true, "null": true, "auto": true,
}

// hardware masks the addresses of network cards and controllers, however they
// are spelt. Rows of more than eight pairs are fingerprints of certificates.
func (r *redactor) hardware(s string) string {
	s = replaceSecond(bareMAC, s, func(m string) string { return r.mac(m, m) })
	s = triples.ReplaceAllStringFunc(s, func(m string) string {
		if !strings.ContainsAny(m, "abcdefABCDEF") { // 1234.5678.9012
			return m
		}
		return r.mac(m, m)
	})
	var b strings.Builder
	at := 0
	for _, p := range pairs.FindAllStringIndex(s, -1) {
		row := s[p[0]:p[1]]
		partOfMore := p[0] > 0 && isHexDigit(s[p[0]-1]) || p[1] < len(s) && isHexDigit(s[p[1]])
		numbers := row[2] != ':' && !strings.ContainsAny(row, "abcdefABCDEF") // 25-10-02-06-40-11
		if partOfMore || numbers {
			continue
		}
		b.WriteString(s[at:p[0]])
		if len(row) > 8*3-1 {
			b.WriteString(masked)
		} else {
			b.WriteString(r.mac(row, row))
		}
		at = p[1]
	}
	return b.String() + s[at:]
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// mac is the stand-in of a hardware address; that of nobody and that of all
// stay.
func (r *redactor) mac(row, written string) string {
	digits := strings.NewReplacer(":", "", "-", "", "_", "", ".", "").Replace(strings.ToLower(row))
	if strings.Trim(digits, "0") == "" || strings.Trim(digits, "f") == "" {
		return written
	}
	return r.alias("mac-", digits)
}

// people masks mail addresses and logins at a host.
func (r *redactor) people(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range mails.FindAllStringSubmatchIndex(s, -1) {
		name, host := s[m[2]:m[3]], s[m[4]:m[5]]
		switch {
		case notHosts.MatchString(host), anAlias.MatchString(name), strings.Trim(name, "0123456789") == "":
			continue
		case m[0] > 0 && strings.IndexByte("/:@", s[m[0]-1]) >= 0 && !strings.HasSuffix(s[:m[0]], "mailto:"):
			continue // the end of a path, or a URL's user: both have rules of their own
		case m[1] < len(s) && s[m[1]] == '@':
			continue
		}
		b.WriteString(s[at:m[0]])
		if strings.Contains(host, ".") {
			b.WriteString(r.alias("mail-", strings.ToLower(name+"@"+host)))
		} else {
			b.WriteString(r.user(name) + "@" + r.host(host))
		}
		at = m[1]
	}
	return b.String() + s[at:]
}

// hosts masks names of machines where the form or a label says that they are
// some: a name of a home network, a field. Names of the wide world, such as a
// registry's, stay.
func (r *redactor) hosts(s string) string {
	s = replaceSecond(announced, s, r.host)
	s = replaceSecond(hostFields, s, r.host)
	s = replaceSecond(hostField, s, r.host)
	var b strings.Builder
	at := 0
	for _, m := range homeNames.FindAllStringIndex(s, -1) {
		goesOn := m[1] < len(s)-1 && s[m[1]] == '.' && isNameByte(s[m[1]+1]) || m[1] < len(s) && (s[m[1]] == '-' || s[m[1]] == '(')
		insidePath := m[0] > 0 && strings.IndexByte(`.\`, s[m[0]-1]) >= 0 || m[0] > 0 && s[m[0]-1] == '/' && !strings.HasSuffix(s[:m[0]], "//")
		if goesOn || insidePath {
			continue
		}
		b.WriteString(s[at:m[0]])
		b.WriteString(r.host(s[m[0]:m[1]]))
		at = m[1]
	}
	return b.String() + s[at:]
}

func isNameByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// host is the stand-in of a machine's name; one that everybody has stays.
func (r *redactor) host(name string) string {
	low := strings.ToLower(name)
	if commonHosts[low] || anAlias.MatchString(low) || strings.Trim(low, "0123456789.") == "" || strings.HasPrefix(low, "$") {
		return name
	}
	return r.alias("host-", low)
}

// user is the stand-in of a login; one that images give to everybody stays.
func (r *redactor) user(name string) string {
	if commonUsers[name] || anAlias.MatchString(name) || strings.Trim(name, "0123456789") == "" {
		return name
	}
	return r.alias("user-", name)
}
