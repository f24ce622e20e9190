package redact

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wolfdiag/internal/lazyset"
)

// homeSuffixes end names of machines of a home network, or at a provider of
// dynamic names: names of a home, not of the world.
var homeSuffixes = []string{
	".local", ".localdomain", ".lan", ".home", ".home.arpa", ".homelab", ".intern", ".lokal", ".myfritz.net", ".ddnss.de", ".dedyn.io", ".mooo.com", ".asuscomm.com", ".tplinkdns.com", ".quickconnect.to", ".plex.direct", ".ui.direct", ".nip.io", ".sslip.io", ".noip.me", ".cloudns.ph", ".cloudns.cl", ".tailscale.net", ".internal", ".intranet", ".fritz.box", ".speedport.ip", ".duckdns.org", ".ddns.net", ".dyndns.org", ".no-ip.org", ".no-ip.com", ".no-ip.biz",
	".hopto.org", ".zapto.org", ".sytes.net", ".myds.me", ".synology.me", ".myqnapcloud.com", ".ts.net", ".dynu.net", ".dynv6.net", ".goip.de", ".spdns.de", ".selfhost.eu", ".ngrok.io", ".ngrok-free.app", ".trycloudflare.com", ".corp", ".private", ".ipv64.net", ".freeddns.org", ".nsupdate.info", ".mywire.org", ".in-addr.arpa", ".ip6.arpa",
}

// host judges a word with dots as the name of a machine, and reports whether it
// was masked.
func (f *finder) host(start, end int) bool {
	v := f.v
	for end > start && (v[end-1] == '.' || v[end-1] == '-' || v[end-1] == '_') {
		end--
	}
	for start < end && !isWord(v[start]) {
		start++
	}
	if end-start < 5 || !isLetter(v[end-1]) {
		return false
	}
	name := strings.ToLower(string(v[start:end]))
	inPath := start > 0 && (v[start-1] == '/' && !(start > 1 && (v[start-2] == '/' || v[start-2] == filler)) || v[start-1] == '\\' || v[start-1] == '.' || v[start-1] == '{')
	if form := hostForm(name); form != "" && !inPath && !f.set.common(name, "host") && (end == len(v) || v[end] != '(' && (v[end] != '-' && v[end] != '_')) {
		if form == "home-host" && strings.HasSuffix(name, ".home") && strings.Count(name, ".") == 1 && strings.HasPrefix(name, "$") {
			return false
		}
		f.found(form, start, end)
		return true
	}
	return false
}

// hostForm says by which rule a name is one to mask, "" for none.
func hostForm(name string) string {
	for _, s := range homeSuffixes {
		if strings.HasSuffix(name, s) && len(name) > len(s) {
			rest := strings.TrimSuffix(name, s)
			if strings.Contains(rest, "_nvstream") || strings.HasPrefix(rest, "_") || strings.Contains(rest, "._") || rest == "docker-compose" {
				return ""
			}
			return "home-host"
		}
	}
	i := strings.LastIndexByte(name, '.')
	top := name[i+1:]
	if i < 0 || len(top) < 2 || notTop.Has(top) || strings.Trim(top, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	if m := fourNumbers().FindStringSubmatch(name); m != nil {
		short := 0
		for _, p := range m[1:5] {
			if len(p) == 1 {
				short++
			}
			if _, ok := dotted(p + ".0.0.0"); !ok {
				return ""
			}
		}
		if first, _ := strconv.Atoi(m[1]); short < 2 || first > versionTop || lineWords().MatchString(name) {
			return "provider-host"
		}
	}
	if hexHost().MatchString(name) || lineHost().MatchString(name) {
		return "provider-host"
	}
	return ""
}

// notTop are endings of files, not of the names of hosts.
var notTop = lazyset.New("so tar gz xz zst bz zip deb rpm apk log txt json yaml yml toml conf cfg ini dump png jpg svg html md service socket target mount slice scope timer c cc cpp h hpp rs go py sh js ts jar dll exe sys bin img iso run tgz pkg appimage desktop xml csv lock pid tmp bak old ko rom bios fw patch diff mod sum cmake generic amd arm")

var (
	// 139-28-87-179.dyn.example.net, c-73-12-33-44.hsd1.example.com, host139.28.87.179.example.org
	fourNumbers = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[^0-9])(\d{1,3})[-._](\d{1,3})[-._](\d{1,3})[-._](\d{1,3})(?:[^0-9].*)?\.[a-z]`)
	})
	// words in names of subscribers and rented machines
	lineWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[.-])(?:dip\d?|dyn\w*|pool\w*|[avx]?dsl\w*|cable\w*|cust\w*|broadband|pppoe?|ftth|fib(?:re|er)|residential|res|dhcp|cpe|clients?|compute\S*|rev|static|range|mobile|ip\d?|vps|hosted)[.-]`)
	})
	// cpc123456-acme12-2-0-cust345.1-2.cable.example.net: the number of a subscriber
	lineHost = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[a-z-]*\d{4,}[^.]*\.(?:.*[.-])?(?:dip\d?|dyn\w*|pool\w*|[avx]?dsl\w*|cable\w*|cust\w*|broadband|pppoe?|ftth|residential|dhcp|cpe)\.`)
	})
	// p5b2a1c3d.dip0.t-ipconnect.de: the address in hexadecimal, in a net of subscribers
	hexHost = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[a-z]{0,8}-?[0-9a-f]{8}[.-](?:.*[.-])?(?:dip\d?|dyn\w*|pool\w*|ip\d?|adsl\w*|[avx]?dsl\w*|cable\w*|customers?|cust|broadband|bb|unitymedia\w*|kabel\w*|pppoe?|fibre?|ftth|residential|res|mobile|client|dhcp|cpe|cm|access|vps|rev|hosted|static)\b`)
	})
)

// hostLabel finds host=X and "host":"X"; not: on the host: the GPU.
func hostLabel(f *finder) {
	v := f.v
	for i := 0; i+6 < len(v); {
		n := bytes.Index(v[i:], []byte("host"))
		if n < 0 {
			return
		}
		i += n + 4
		if i-5 >= 0 && isWord(v[i-5]) {
			continue
		}
		k, quoted := i, false
		for k < len(v) && (v[k] == filler || v[k] == '"') {
			quoted = true
			k++
		}
		if k >= len(v) || v[k] != '=' && !(v[k] == ':' && quoted) {
			continue
		}
		for k++; k < len(v) && (v[k] == filler || v[k] == '"' || v[k] == ' ' && quoted || v[k] == '\''); k++ {
			continue
		}
		end := k
		for end < len(v) && (isWord(v[end]) || v[end] == '.' || v[end] == '-' || v[end] == '_') {
			end++
		}
		name := strings.ToLower(strings.TrimRight(string(v[k:end]), ".-"))
		if name != "" && strings.Trim(name, "0123456789.") != "" && !f.set.common(name, "host") && !isAlias(name) && !f.set.common(name, anyKind) && !isContainer(name) {
			f.found("host-label", k, k+len(name))
		}
		i = max(end, i)
	}
}

var (
	// robin.miller@example.com, robin@robins-desktop:~$; not image@sha256:…, user@1000.service, memcpy@@GLIBC_2.14
	mails = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`([0-9A-Za-z_](?:[0-9A-Za-z_.+-]*[0-9A-Za-z_])?)@([A-Za-z][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]*[0-9A-Za-z])*)`)
	})
	// what stands behind @ in names that are nobody's
	notHosts = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:sha\d+|md5|v\d.*|latest|main|master|plt|got|glibc.*|gcc.*|glibcxx.*|tty\w*|pts\w*|stable|edge|npm|.*\.(?:service|slice|scope|socket|target|device|mount|timer|path|swap|so|git))$`)
	})
)

// ats finds mail addresses and logins at a host.
func ats(f *finder) {
	if bytes.IndexByte(f.v, '@') < 0 {
		return
	}
	v := f.v
	f.matrixIDs()
	for _, m := range mails().FindAllSubmatchIndex(v, -1) {
		name, host := string(v[m[2]:m[3]]), string(v[m[4]:m[5]])
		if m[0] > 0 && v[m[0]-1] == '<' {
			f.beforeMail(m[0] - 1)
		}
		switch {
		case notHosts().MatchString(host), isAlias(name), name == "git", strings.Trim(name, "0123456789") == "":
			continue
		case m[0] > 2 && v[m[0]-1] == ':' && f.bareLogin(m[0], m[3], m[1]):
			continue
		case m[0] > 0 && bytes.IndexByte([]byte("/:@"), v[m[0]-1]) >= 0 && !bytes.HasSuffix(v[:m[0]], []byte("mailto:")):
			continue // the end of a path, or a URL's user: both have rules of their own
		case m[1] < len(v) && (v[m[1]] == '@' || v[m[1]] == '\\'):
			continue // memcpy@@GLIBC, systemd-fsck@dev-disk-by\x2dlabel-DATA.service
		case strings.Contains(host, ".") && !isAlias(host):
			f.found("mail", m[0], m[1])
			continue
		}
		if strings.Contains(name, "build") {
			continue // buildd@lcy02-amd64-054: who made a kernel
		}
		if !f.set.common(name, "user") {
			f.found("login", m[2], m[3])
		}
		if !f.set.common(host, "host") && !isAlias(host) && len(host) > 1 {
			f.found("host-label", m[4], m[5])
		}
	}
}

// bareLogin masks a password in front of a host where no scheme goes before:
// robin:kuerbis@tcp(db:3306), admin:x@nas:8080. start and end are those of the
// password, to is where the host ends.
func (f *finder) bareLogin(start, end, to int) bool {
	v := f.v
	from := start - 1
	for from > 0 && (isWord(v[from-1]) || v[from-1] == '_' || v[from-1] == '.' || v[from-1] == '-') {
		from--
	}
	user := strings.ToLower(string(v[from : start-1]))
	if user == "" || user == "mailto" || number(user) || from > 0 && (v[from-1] == '/' || v[from-1] == ':') || to < len(v) && strings.IndexByte(":/( \"'),", v[to]) < 0 || end-start < 4 {
		return false
	}
	if to < len(v) && (v[to] == ' ' || v[to] == ')' || v[to] == ',') && !passwordish(string(v[start:end])) {
		return false
	}
	f.found("random", start, end)
	return true
}

// matrixIDs finds accounts of federated chats: @robin:example.org.
func (f *finder) matrixIDs() {
	v := f.v
	for i := 0; i+6 < len(v); i++ {
		n := bytes.IndexByte(v[i:], '@')
		if n < 0 {
			return
		}
		i += n
		if i > 0 && (isWord(v[i-1]) || v[i-1] == '@' || v[i-1] == '/') {
			continue
		}
		end := i + 1
		for end < len(v) && (isHostByte(v[end]) || v[end] == '=') {
			end++
		}
		name := v[i+1 : end]
		if end == i+1 || end+3 >= len(v) || v[end] != ':' || f.set.common(string(name), "user") || isAlias(string(name)) {
			continue
		}
		to := end + 1
		for to < len(v) && isHostByte(v[to]) {
			to++
		}
		if bytes.IndexByte(bytes.Trim(v[end+1:to], "."), '.') > 0 && isLetter(v[end+1]) {
			f.found("login", i+1, end)
		}
	}
}
