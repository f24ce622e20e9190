package redact

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"wolfdiag/internal/lazyset"
)

// pem finds what stands between the lines of a PEM block (RFC 7468), or from its
// first line to the end when there is no last one.
func pem(f *finder) {
	for from := 0; ; {
		i := bytes.Index(f.v[from:], []byte("-----BEGIN "))
		if i < 0 {
			return
		}
		start := from + i + len("-----BEGIN ")
		for start < len(f.v) && (isLetter(f.v[start]) || isDigit(f.v[start]) || f.v[start] == ' ') {
			start++
		}
		from = start
		if !bytes.HasPrefix(f.v[start:], []byte("-----")) {
			continue
		}
		start += len("-----")
		end := len(f.v)
		if i := bytes.Index(f.v[start:], []byte("-----END ")); i >= 0 {
			end = start + i
		} else if i := bytes.IndexByte(f.v[start:], '"'); i >= 0 {
			end = start + i
		}
		from = end
		if end < len(f.v) && f.v[end] == '-' {
			f.found("pem", start, end)
			continue
		}
		for end > start && (isSpace(f.v[end-1]) || f.v[end-1] == filler) {
			end-- // the end of a line stays
		}
		if end > start {
			f.found("pem", start, end)
		}
	}
}

// dashes finds UUIDs, hardware addresses with dashes, keys in groups, and the
// names that clouds give, by the dashes in them.
func dashes(f *finder) {
	v := f.v
	for i := 0; i < len(v); {
		n := bytes.IndexByte(v[i:], '-')
		if n < 0 {
			return
		}
		i += n
		if i == 0 || isSpace(v[i-1]) || isQuote(v[i-1]) || v[i-1] == '[' {
			for i < len(v) && v[i] == '-' {
				i++
			}
			if i < len(v) && isLetter(v[i]) {
				f.flag(i)
			}
			if i >= len(v) {
				return
			}
		}
		start := i
		for start > 0 && isWord(v[start-1]) {
			start--
		}
		end := i + 1
		for end < len(v) && (isWord(v[end]) || v[end] == '-') {
			end++
		}
		f.dashed(start, end)
		i = end
	}
}

// underscores finds hardware addresses as BlueZ writes them: dev_A0_B1_C2_D3_E4_F5.
func underscores(f *finder) {
	v := f.v
	for i := 0; i < len(v); i++ {
		n := bytes.IndexByte(v[i:], '_')
		if n < 0 {
			return
		}
		i += n
		start, end := i-2, i+15
		if start < 0 || end > len(v) || rowOf(v[start:end], '_') != 6 {
			continue
		}
		if (start == 0 || !isHexDigit(v[start-1])) && (end == len(v) || !isWord(v[end])) {
			f.row(start, end, 6, '_')
			i = end
		}
	}
}

// dashed judges one word with dashes.
func (f *finder) dashed(start, end int) {
	w := f.v[start:end]
	if len(w) < 10 {
		return
	}
	for i := 0; i+36 <= len(w); i++ { // GPU-550e8400-e29b-41d4-a716-446655440000
		if isUUID(w[i:i+36]) && (i == 0 || !isHexDigit(w[i-1])) && (i+36 == len(w) || !isHexDigit(w[i+36])) {
			if !allZero(w[i:i+36]) && !f.everybodys(start+i) {
				f.found("uuid", start+i, start+i+36)
			}
			return
		}
	}
	if pairs := rowOf(w, '-'); pairs > 0 {
		f.row(start, end, pairs, '-')
		return
	}
	if len(w) > 10 && w[0] == 'i' && w[1] == 'p' && w[2] == '-' {
		if ip, n := dashedAddress(w[3:]); n > 0 && !f.nobodys(ip) && (n == len(w)-3 || !isWord(w[3+n])) {
			f.found("ipv4", start, start+3+n)
			return
		}
	}
	if isGroups(w) {
		f.found("groups", start, end)
	}
}

// everybodys reports whether the UUID at i is one that programs and standards give
// to kinds of things: a profile of Bluetooth, an interface of COM.
func (f *finder) everybodys(i int) bool {
	if bytes.EqualFold(f.v[i+8:i+36], []byte("-0000-1000-8000-00805f9b34fb")) {
		return true
	}
	lead := bytes.TrimRight(f.v[max(0, i-24):i], "{ =:(\"")
	if j := bytes.LastIndexAny(lead, " ({:="); j >= 0 {
		lead = lead[j+1:]
	}
	return kindWords.Has(strings.ToLower(string(lead)))
}

// kindWords stand in front of the UUID of a kind of thing.
var kindWords = lazyset.New("clsid iid riid refiid rclsid class interface guid preset profile codec encodeguid presetguid profileguid type parttype")

func allZero(w []byte) bool { return len(bytes.Trim(w, "0-:_")) == 0 }

// isGroups reports whether w is a key in groups, of one case: four or more of
// four characters or more, with letters, and digits in at least two of them. When
// they are not of the same length it must look drawn by a machine; a short first
// group is the vendor's.
func isGroups(w []byte) bool {
	if i := bytes.IndexByte(w, '-'); i > 0 && i < 4 {
		w = w[i+1:]
	}
	groups, digital, upper, low, same := 0, 0, false, false, true
	size := bytes.IndexByte(w, '-')
	for part := range bytes.SplitSeq(w, []byte("-")) {
		same = same && len(part) == size
		digits := 0
		for _, c := range part {
			switch {
			case isDigit(c):
				digits++
			case isUpper(c):
				upper = true
			default:
				low = true
			}
		}
		if len(part) < 4 || len(part) > 16 || digits == len(part) {
			return false
		}
		if digits > 0 {
			digital++
		}
		groups++
	}
	if groups < 4 || digital < 2 || upper == low {
		return false
	}
	if same {
		return size <= 6 || size == 7 && groups == 8 // Syncthing
	}
	sh := shapeOf(string(w))
	return upper && digital >= 3 && !sh.hex && sh.changes*10 >= (len(w)-groups)*3
}

// runs finds long runs of letters and digits that nobody would write.
func runs(f *finder) {
	v := f.v
	for i := 0; i < len(v); i++ {
		if !token[v[i]] {
			continue
		}
		start, value := i, i
		for i < len(v) && token[v[i]] {
			if v[i] == '=' {
				value = i + 1
			}
			i++
		}
		if value+4 <= len(v) && (v[value] == '+' || isUpper(v[value]) || isDigit(v[value])) {
			f.checked(value)
		}
		if i-start >= 20 {
			f.run(start, i)
		}
	}
}

// token marks the characters of tokens and of base64 in both alphabets.
var token = func() (t [256]bool) {
	for c := range t {
		t[c] = isWord(byte(c)) || c == '_' || c == '-' || c == '+' || c == '/' || c == '.' || c == '='
	}
	return t
}()

// run judges a run of token characters: whole when it is base64 or has the dots
// of a token, else piece by piece.
func (f *finder) run(start, end int) {
	w := f.v[start:end]
	if len(w) == 40 && isThumbprint(w) {
		f.found("fingerprint", start, end)
		return
	}
	if f.base64(start, end) || f.longHex(start, end) || modalias(f.v[:start]) {
		return
	}
	if m := dotted3().FindIndex(w); m != nil {
		if sh := shapeOf(string(w[m[0]:m[1]])); sh.upper > 4 && sh.lower > 4 && sh.digit > 0 && sh.changes*10 >= (m[1]-m[0])*3 {
			f.found("random", start+m[0], start+m[1])
			return
		}
	}
	for i := start; i < end; {
		for i < end && !isWord(f.v[i]) && f.v[i] != '_' {
			i++
		}
		from := i
		for i < end && (isWord(f.v[i]) || f.v[i] == '_' || f.v[i] == '-') {
			i++
		}
		if i-from == 32 && f.lone32(from, i) || i-from >= 20 && (isToken(f.v[from:i]) || isSaid(f.v[from:i]) || isDrawn(f.v[from:i]) && !isStore(f.v[:from])) {
			f.found("random", from, i)
		}
	}
}

// longHex finds more hexadecimal digits in a row than a digest has, up to 128:
// certificates, tickets, keys. A monitor's description (EDID) and GStreamer's
// buffers are as long and stay.
func (f *finder) longHex(start, end int) bool {
	w := f.v[start:end]
	for len(w) > 0 && w[len(w)-1] == '.' {
		w = w[:len(w)-1]
	}
	if i := bytes.LastIndexByte(w, '='); i >= 0 {
		start += i + 1
		w = w[i+1:]
	}
	if len(w) <= 64 || len(w) == 96 || len(w) == 128 || bytes.HasPrefix(w, []byte("0x")) || bytes.HasPrefix(w, []byte("00ffffffffffff00")) || bytes.Contains(f.v[max(0, start-300):start], []byte("(buffer)")) {
		return false
	}
	var seen [256]bool
	different := 0
	for _, c := range w {
		if !isHexDigit(c) {
			return false
		}
		if !seen[c] {
			seen[c] = true
			different++
		}
	}
	if different < 10 {
		return false
	}
	f.found("random", start, start+len(w))
	return true
}

// isThumbprint reports whether 40 hexadecimal digits are in capitals, as PGP and
// Windows write fingerprints and git no commit.
func isThumbprint(w []byte) bool {
	letters := 0
	for _, c := range w {
		if !isDigit(c) && (c < 'A' || c > 'F') {
			return false
		}
		if !isDigit(c) {
			letters++
		}
	}
	return letters > 4
}

// modalias reports whether text ends in what begins the id of a device for its
// driver: pci:v00001002d0000744C…
func modalias(text []byte) bool {
	for _, bus := range []string{"pci:", "usb:", "hid:", "acpi:", "input:", "of:", "dmi:", "platform:", "virtio:", "cpu:", "wmi:"} {
		if bytes.HasSuffix(text, []byte(bus)) {
			return true
		}
	}
	return false
}

// base64 finds base64 in a run, whose pieces dots and equals signs separate, and
// reports whether that is all there is to it.
func (f *finder) base64(start, end int) (found bool) {
	for i := start; i < end; i++ {
		from := i
		for i < end && f.v[i] != '.' && f.v[i] != '=' {
			i++
		}
		if isBase64(f.v[from:i]) || isKey32(f.v, from, i) {
			for i < end && f.v[i] == '=' {
				i++
			}
			f.found("random", from, i)
			found = true
		}
	}
	return found
}

// isKey32 reports whether 43 characters and an equals sign are base64 of 32 bytes,
// as keys of WireGuard and others have; not where they are called a digest.
func isKey32(v []byte, from, end int) bool {
	if end-from != 43 || end >= len(v) || v[end] != '=' || bytes.HasPrefix(v[from:], []byte("sha")) || from > 6 && bytes.EqualFold(v[from-7:from], []byte("sha256:")) {
		return false
	}
	sh := shapeOf(string(v[from:end]))
	return !sh.hex && sh.upper > 5 && sh.lower > 5 && sh.digit > 1 && sh.changes*10 >= 43*3
}

// dotted3 is the form of tokens of Discord and others: NzkyNz….GhJk3L.q7Zk…
var dotted3 = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[\w-]{20,}\.[\w-]{5,8}\.[\w-]{24,}`)
})

// isBase64 tells 60 bytes or more of base64 from long paths and from digests,
// which are hexadecimal.
func isBase64(w []byte) bool {
	if len(w) < 60 || bytes.HasPrefix(w, []byte("sha")) || mangled(w) {
		return false
	}
	sh := shapeOf(string(w))
	slashes := bytes.Count(w, []byte("/"))
	mixed := sh.changes*10 >= len(w)*3 && sh.groups > 3 // no path is
	plain := slashes == 0 && sh.worded*2 < sh.letters() // keys in DER have rows of the same letter
	return sh.digit > 0 && sh.upper > 3 && sh.lower > 3 && !sh.hex && slashes*10 < len(w) && bytes.Count(w, []byte("_")) < 6 && (mixed || plain)
}

// isToken judges one run without dots and slashes: some letters of a vendor and
// a random body, or a random body alone.
func isToken(w []byte) bool {
	if mangled(w) || bytes.HasPrefix(w, []byte("sha")) && len(w) > 4 && isDigit(w[3]) {
		return false
	}
	longest, prefix := 0, false
	var body string
	for i, part := range bytes.FieldsFunc(w, func(r rune) bool { return r == '_' || r == '-' }) {
		if len(part) > longest {
			longest, body = len(part), string(part)
			prefix = i > 0
		}
	}
	sh := shapeOf(body)
	switch {
	case sh.hex || sh.digit == 0 || sh.letters() == 0:
		return false
	case sh.upper > 1 && sh.lower > 1:
		if longest >= 20 || longest >= 16 && prefix {
			mixed := prefix && sh.changes*10 >= longest*4 && (sh.groups >= 3 || sh.worded*5 < sh.letters())
			return mixed || sh.groups >= 2 && sh.changes*10 >= longest*3 && sh.worded*5 < sh.letters()*2
		}
		whole := shapeOf(string(w))
		return len(w) >= 36 && whole.groups >= 4 && whole.worded*4 < whole.letters() && whole.changes*10 >= len(w)*3 && whole.other*6 < len(w)
	}
	return prefix && longest >= 20 && sh.groups*6 >= longest && sh.changes*4 >= longest && bytes.IndexByte(w, '_') >= 0
}

// isDrawn reports whether a run of one case was drawn by a machine: 36 letters and
// digits mixed as chance mixes them, alone or behind a few letters of a vendor.
func isDrawn(w []byte) bool {
	if mangled(w) {
		return false
	}
	prefix := bytes.IndexAny(w, "-_")
	body := w[prefix+1:]
	if rest := bytes.TrimLeft(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"); len(body)-len(rest) <= 8 && len(rest) > 0 && isLower(rest[0]) {
		body = rest // EZAK7x…
	}
	if prefix > 8 || len(body) > 128 || bytes.IndexByte(body, '_') >= 0 || bytes.IndexByte(body, '-') >= 0 {
		return false
	}
	sh := shapeOf(string(body))
	least := 24
	if prefix > 0 {
		least = 20
	}
	return len(body) >= least && !sh.hex && (sh.upper == 0) != (sh.lower == 0) && sh.groups >= 4 && sh.groups*9 >= len(body) && sh.changes*5 >= len(body) && (sh.worded*2 < sh.letters() || len(body) >= 32 && sh.worded*4 < sh.letters()*3)
}

// lone32 reports whether 32 hexadecimal digits stand alone, where nothing says that
// they are the name or the checksum of a thing: no path, no file, no such word.
func (f *finder) lone32(from, end int) bool {
	v := f.v
	sh := shapeOf(string(v[from:end]))
	if !sh.hex || sh.groups < 4 || sh.letters() < 5 || sh.upper > 0 && sh.lower > 0 || from > 0 && strings.IndexByte("/\\.@:#%", v[from-1]) >= 0 ||
		end < len(v) && strings.IndexByte("/\\.@", v[end]) >= 0 && end+1 < len(v) && !isSpace(v[end+1]) {
		return false
	}
	for w := range bytes.FieldsFuncSeq(bytes.ToLower(v[max(0, from-48):from]), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if digestWords.HasBytes(w) || thingWords.HasBytes(w) {
			return false
		}
	}
	return true
}

// thingWords are those of things that are named by 32 digits.
var thingWords = lazyset.New("cache shader pipeline container containers docker network sandbox layer layers overlay fossilize manifest file package module font fonts dump build buildid key keys frame data hex buffer codec dxvk vkd3d mesa vulkan pso program texture asset depot hashes")

// tokenWords are parts of a token that say what it is: acme_live_…, acme-pat-….
var tokenWords = lazyset.New("sess sid bearer jwt priv cred refresh live test prod pat key token secret api auth oauth sk pk ak tkn pw")

// isSaid reports whether a run of parts says that it is a token, and ends in one:
// 16 digits of hexadecimal or more, or as many letters and digits that nobody
// would write.
func isSaid(w []byte) bool {
	said := false
	for part := range bytes.FieldsFuncSeq(w, func(r rune) bool { return r == '_' || r == '-' }) {
		if tokenWords.HasBytes(part) {
			said = true
			continue
		}
		if !said || len(part) < 16 {
			continue
		}
		sh := shapeOf(string(part))
		if sh.hex && sh.groups > 1 || !sh.hex && sh.worded*2 < sh.letters() && sh.changes*4 >= len(part) {
			return true
		}
	}
	return false
}

// isStore reports whether a path ends in a place whose names are digests and
// links: a store of Nix, the layers of an image.
func isStore(path []byte) bool {
	return bytes.HasSuffix(path, []byte("/store/")) || bytes.HasSuffix(path, []byte("/l/")) || bytes.HasSuffix(path, []byte("/refs/")) || bytes.HasSuffix(path, []byte("/sha256/"))
}

// mangled reports whether a run is a name as compilers write it.
func mangled(w []byte) bool {
	return bytes.HasPrefix(w, []byte("_Z")) || bytes.HasPrefix(w, []byte("_R")) || bytes.HasPrefix(w, []byte("__Z")) || len(w) > 3 && w[0] == 'Z' && w[1] == 'N' && isDigit(w[2]) ||
		bytes.Contains(w, []byte("_ZN")) || bytes.Contains(w, []byte("_RNv")) || rustHash().Match(w)
}

// rustHash ends a name in Rust's older mangling: 17h0123456789abcdefE.
var rustHash = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`17h[0-9a-f]{16}E`) })
