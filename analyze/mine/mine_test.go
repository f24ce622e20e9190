package mine

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/logline"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"nothing variable", "Failed to open the device", "Failed to open the device"},
		{"empty", "", ""},
		{"number", "retry 17 of 20", "retry <n> of <n>"},
		{"decimal", "took 12.75 s", "took <n> s"},
		{"pointer", "buffer 0x7f12a4001c30 lost", "buffer <hex> lost"},
		{"short hex", "code 0x1f", "code <hex>"},
		{"hex digest", "layer 3f9ac01be2d4 pulled", "layer <hex> pulled"},
		{"word of hex letters without digits stays", "deadbeef facade", "deadbeef facade"},
		{"session id", "[session 14902830128427354177]", "[session <id>]"},
		{"uuid", "id=0b5cf71e-1f0d-4a4b-9c52-1a3e2f60c9ab", "id=<uuid>"},
		{"uuid of a card", "GPU-0b5cf71e-1f0d-4a4b-9c52-1a3e2f60c9ab", "GPU-<uuid>"},
		{"ipv4", "ping from 192.168.1.77", "ping from <ip>"},
		{"ipv4 with port", "bind 10.0.0.2:48010", "bind <ip>"},
		{"ipv6", "peer fe80:0:0:1:2a0:98ff:fe76:1234", "peer <ip>"},
		{"short ipv6", "peer fe80::2a0:98ff:fe76:1234, [2001:db8::5]:47999", "peer <ip>, [<ip>]:<n>"},
		{"scopes are no address", "std::dec face::bad gst::x265enc", "std::dec face::bad gst::x<n>enc"},
		{"hardware address", "uniq a0:b1:c2:d3:e4:f5, AA-BB-CC-DD-EE-FF, 00:11:22:33:44:55", "uniq <mac>, <mac>, <mac>"},
		{"clock", "at 06:40:11.706", "at <time>"},
		{"timestamp", "since 2025-10-02T06:40:11Z", "since <time>"},
		{"date", "on 2025-10-02", "on <time>"},
		{"path", "open /etc/wolf/cfg/config.toml: denied", "open <path>: denied"},
		{"relative path", "load share/egl/vendor.json", "load <path>"},
		{"one slash is no path", "read/write failed", "read/write failed"},
		{"digits inside a word", "nvh265enc10 failed", "nvh<n>enc<n> failed"},
		{"element of a pipeline", "<cudaupload3>", "<cudaupload<n>>"},
		{"quotes and brackets stay", `dev["3"] = (7)`, `dev["<n>"] = (<n>)`},
		{"only the first line", "one 1\ntwo 2", "one <n>"},
		{"tab and other control bytes", "a\tb\x00c\x1bd", "a b c d"},
		{"accents stay", "Zugriff verweigert: für Gerät 3", "Zugriff verweigert: für Gerät <n>"},
		{"hyphenated word", "end-of-stream", "end-of-stream"},
		{"sentence end is no part of a word", "failed at 12. Next 13.", "failed at <n>. Next <n>."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := string(Mask(nil, []byte(tc.text))); got != tc.want {
				t.Errorf("Mask(%q)\n got %q\nwant %q", tc.text, got, tc.want)
			}
			if got := string(Mask([]byte("kept "), []byte(tc.text))); got != "kept "+tc.want {
				t.Errorf("Mask does not append: %q", got)
			}
		})
	}
}

// learn feeds messages of one level and component and returns the ids.
func learn(m *Miner, messages ...string) []int {
	var ids []int
	for _, s := range messages {
		ids = append(ids, m.Learn([]byte(s), logline.LevelError, []byte("encoder")).ID)
	}
	return ids
}

func texts(m *Miner) []string {
	var out []string
	for _, t := range m.Templates() {
		out = append(out, t.Text())
	}
	return out
}

func TestGrouping(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		messages []string
		ids      []int
		texts    []string
	}{
		{"masked parts do not part",
			[]string{"buffer 1 of 8 lost", "buffer 7 of 8 lost"}, []int{0, 0}, []string{"buffer <n> of <n> lost"}},
		{"one word differs",
			[]string{"Failed to open display alpha now", "Failed to open display beta now"}, []int{0, 0}, []string{"Failed to open display <*> now"}},
		{"another length is another shape",
			[]string{"Failed to open display", "Failed to open the display"}, []int{0, 1}, []string{"Failed to open display", "Failed to open the display"}},
		{"another first word is another shape",
			[]string{"Failed to open display alpha", "Unable to open display alpha"}, []int{0, 1},
			[]string{"Failed to open display alpha", "Unable to open display alpha"}},
		{"a first word that varies does not scatter",
			[]string{"14902830128427354177 has no open window", "<gone> has no open window"}, []int{0, 0}, []string{"<*> has no open window"}},
		{"most similar wins, not the oldest",
			[]string{"one two three four five", "one two xxx yyy zzz", "one two xxx yyy five"}, []int{0, 1, 1},
			[]string{"one two three four five", "one two xxx yyy <*>"}},
		{"of equals the oldest",
			[]string{"one two three four aaa bbb ccc ddd", "one two three qqq aaa rrr sss ttt", "one two three qqq aaa bbb uuu vvv"}, []int{0, 1, 0},
			[]string{"one two three <*> aaa bbb <*> <*>", "one two three qqq aaa rrr sss ttt"}},
		{"no words at all", []string{"", "\t ", "\n"}, []int{0, 0, 0}, []string{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := New(Options{})
			if diff := cmp.Diff(tc.ids, learn(m, tc.messages...)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.texts, texts(m)); diff != "" {
				t.Errorf("templates (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevelAndComponentPart(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	msg := []byte("buffer 3 lost")
	a := m.Learn(msg, logline.LevelError, []byte("encoder0"))
	for _, tc := range []struct {
		name      string
		level     logline.Level
		component string
		same      bool
	}{
		{"same", logline.LevelError, "encoder0", true},
		{"another number in the component", logline.LevelError, "encoder17", true},
		{"another level", logline.LevelWarning, "encoder0", false},
		{"another component", logline.LevelError, "decoder0", false},
	} {
		if got := m.Learn(msg, tc.level, []byte(tc.component)) == a; got != tc.same {
			t.Errorf("%s: same template %v, want %v", tc.name, got, tc.same)
		}
	}
	if a.Level != logline.LevelError || a.Component != "encoder<n>" || a.Overflow {
		t.Errorf("template %+v", a)
	}
}

// TestSimilarity stands on the bound: five tokens, k of which are shared.
func TestSimilarity(t *testing.T) {
	t.Parallel()
	base := strings.Fields("alpha beta gamma delta epsilon")
	for _, tc := range []struct {
		bound  float64
		shared int
		joined bool
	}{
		{0.6, 5, true}, {0.6, 4, true}, {0.6, 3, true}, {0.6, 2, false}, {0.6, 1, false},
		{0.8, 4, true}, {0.8, 3, false},
		{1, 5, true}, {1, 4, false},
		{0, 3, true}, {0, 2, false}, // 0: the default
	} {
		t.Run(fmt.Sprintf("%v/%d shared", tc.bound, tc.shared), func(t *testing.T) {
			t.Parallel()
			other := append([]string(nil), base...)
			for i := tc.shared; i < len(other); i++ {
				other[i] = "other"
			}
			m := New(Options{Similarity: tc.bound})
			ids := learn(m, strings.Join(base, " "), strings.Join(other, " "))
			if joined := ids[0] == ids[1]; joined != tc.joined {
				t.Errorf("joined %v, want %v", joined, tc.joined)
			}
		})
	}
}

func TestMaxTokens(t *testing.T) {
	t.Parallel()
	m := New(Options{MaxTokens: 3})
	ids := learn(m, "one two three four", "one two three five six seven")
	if diff := cmp.Diff([]int{0, 0}, ids); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"one two three"}, texts(m)); diff != "" {
		t.Error(diff)
	}
}

// word makes a word of letters only, so that masking leaves it alone, that is
// different for every n.
func word(n int) string {
	var b strings.Builder
	for {
		b.WriteByte('a' + byte(n%26))
		if n /= 26; n == 0 {
			return b.String()
		}
	}
}

func TestOverflow(t *testing.T) {
	t.Parallel()
	m := New(Options{MaxTemplates: 3})
	ids := learn(m, "aa first shape here", "bb second shape here too", "cc third", "dd fourth", "ee fifth shape that is long")
	if diff := cmp.Diff([]int{0, 1, 2, 3, 3}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	o := m.Templates()[3]
	if !o.Overflow || !strings.Contains(o.Text(), "too many shapes") || o.Component != "encoder" || o.Level != logline.LevelError {
		t.Errorf("the fourth template %+v %q is not the overflow of its group", o, o.Text())
	}
	if got := learn(m, "aa first shape here", "cc third"); got[0] != 0 || got[1] != 2 {
		t.Errorf("known shapes went to %v once the room was gone, want 0 and 2", got)
	}
	if other := m.Learn([]byte("dd fourth"), logline.LevelWarning, []byte("encoder")); !other.Overflow || other == o {
		t.Errorf("another level shares the overflow: %+v", other)
	}
}

// TestLeafBound: one leaf holds no more templates than it can be searched for.
func TestLeafBound(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	for i := range 5 * maxLeaf {
		learn(m, "start "+word(1000+i)+" "+word(2000+i))
	}
	if got := len(m.Templates()); got != maxLeaf+1 {
		t.Errorf("%d templates, want %d and one for the rest", got, maxLeaf)
	}
	if last := m.Templates()[maxLeaf]; !last.Overflow {
		t.Errorf("the last template %q is not the overflow", last.Text())
	}
}

// TestBounded learns what no log should hold: every message a shape of its own,
// every one from a component of its own.
func TestBounded(t *testing.T) {
	t.Parallel()
	const messages = 200_000
	levels := []logline.Level{logline.LevelWarning, logline.LevelError}
	for _, tc := range []struct {
		name      string
		component func(i int) string
		most      int
	}{
		{"one component", func(int) string { return "wolf" }, 1000 + len(levels)},
		{"a component for each message", word, 1000 + maxComponents + len(levels)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := New(Options{})
			for i := range messages {
				text := word(i) + " " + word(i*7+1) + " " + word(i*31+5) + strings.Repeat(" x", i%5)
				tpl := m.Learn([]byte(text), levels[i%len(levels)], []byte(tc.component(i)))
				if tpl != m.all[tpl.ID] {
					t.Fatalf("message %d: the template is not the one listed under its id %d", i, tpl.ID)
				}
			}
			if n := len(m.Templates()); n < 1000 || n > tc.most {
				t.Errorf("%d templates, want 1000 to %d", n, tc.most)
			}
			if n := len(m.leaves); n > 1000 {
				t.Errorf("%d leaves", n)
			}
			if n := len(m.other); n > maxComponents+len(levels) {
				t.Errorf("%d groups", n)
			}
		})
	}
}

// TestDeterminism: the same messages in the same order give the same templates,
// and in another order at least no more of them than there are shapes.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 11))
	shapes := []string{"encoder %d refused buffer %d", "open %s failed", "client %s left after %d s", "%s is not a mode"}
	var messages []string
	for range 3000 {
		switch s := shapes[rng.IntN(len(shapes))]; strings.Count(s, "%s")*10 + strings.Count(s, "%d") {
		case 2:
			messages = append(messages, fmt.Sprintf(s, rng.IntN(1e6), rng.IntN(1e6)))
		case 11:
			messages = append(messages, fmt.Sprintf(s, "10.0.0."+fmt.Sprint(rng.IntN(256)), rng.IntN(1e6)))
		default:
			messages = append(messages, fmt.Sprintf(s, fmt.Sprintf("/dev/dri/card%d", rng.IntN(9))))
		}
	}
	run := func() (ids []int, list []string) {
		m := New(Options{})
		ids = learn(m, messages...)
		return ids, texts(m)
	}
	ids1, list1 := run()
	ids2, list2 := run()
	if diff := cmp.Diff(ids1, ids2); diff != "" {
		t.Errorf("ids differ:\n%s", diff)
	}
	if diff := cmp.Diff(list1, list2); diff != "" {
		t.Errorf("templates differ:\n%s", diff)
	}
	if len(list1) != len(shapes) {
		t.Errorf("%d shapes became %q", len(shapes), list1)
	}
	rng.Shuffle(len(messages), func(i, j int) { messages[i], messages[j] = messages[j], messages[i] })
	if _, list := run(); len(list) != len(shapes) {
		t.Errorf("shuffled, %d shapes became %q", len(shapes), list)
	}
}

func TestMaskDoesNotShareMemory(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	text, component := []byte("open failed badly"), []byte("wolf")
	tpl := m.Learn(text, logline.LevelError, component)
	for _, b := range [][]byte{text, component} {
		for i := range b {
			b[i] = '#'
		}
	}
	m.Learn([]byte("another message entirely, longer than the first"), logline.LevelError, []byte("x"))
	if tpl.Text() != "open failed badly" || tpl.Component != "wolf" {
		t.Errorf("a template changed with the caller's buffer: %q of %q", tpl.Text(), tpl.Component)
	}
}

var maskSeeds = []string{
	"", "buffer 1 of 8 lost", "0x7f12a4001c30", "2025-10-02T06:40:11Z /etc/wolf/cfg 10.0.0.2:48010",
	"0b5cf71e-1f0d-4a4b-9c52-1a3e2f60c9ab", "a\x00b\x1b[31mc\x7fd", "für\xff\xfe", strings.Repeat("word ", 400),
	strings.Repeat("/", 700), strings.Repeat("a", 5000), strings.Repeat("1.", 900), strings.Repeat("9a", 900), "x\xc2\x9b31m", "nvh265enc10",
}

func FuzzMask(f *testing.F) {
	for _, s := range maskSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		input := bytes.Clone(text)
		got := Mask(nil, text)
		if len(got) > maxMasked {
			t.Errorf("%d bytes of text became %d, more than %d", len(text), len(got), maxMasked)
		}
		if i := bytes.IndexFunc(got, func(r rune) bool { return r < 0x20 || r == 0x7f }); i >= 0 {
			t.Errorf("control byte %#x at %d of %q", got[i], i, got)
		}
		if utf8.Valid(text) && !utf8.Valid(got) {
			t.Errorf("valid UTF-8 %q became invalid %q", text, got)
		}
		if !bytes.Equal(input, text) {
			t.Errorf("the input was changed to %q", text)
		}
		if two := Mask([]byte("ab"), text); !bytes.Equal(two[2:], got) || string(two[:2]) != "ab" {
			t.Errorf("appended to something, %q is masked as %q", text, two)
		}
		if line, _, _ := bytes.Cut(text, []byte("\n")); !bytes.Equal(Mask(nil, line), got) {
			t.Errorf("what follows the first line of %q counts", text)
		}
	})
}

func FuzzLearn(f *testing.F) {
	for _, s := range maskSeeds {
		f.Add([]byte(s+"\n"+s+" tail\n"), []byte("wolf"), uint8(3))
	}
	f.Add([]byte("a b c\na b d\nq\n\nz z z z\n"), []byte("\xff\x00"), uint8(0))
	f.Fuzz(func(t *testing.T, text, component []byte, level uint8) {
		m := New(Options{MaxTemplates: 8, MaxTokens: 6})
		for i, line := range bytes.Split(text, []byte("\n")) {
			if i == 200 {
				break
			}
			before := len(m.all)
			tpl := m.Learn(line, logline.Level(level), component)
			if tpl == nil || tpl.ID < 0 || tpl.ID >= len(m.all) || m.all[tpl.ID] != tpl {
				t.Fatalf("line %d: %+v is not in the list", i, tpl)
			}
			if n := len(m.all) - before; n < 0 || n > 1 || (n == 1 && tpl.ID != before) {
				t.Fatalf("line %d: %d templates became %d, and it got id %d", i, before, len(m.all), tpl.ID)
			}
			if again := m.Learn(line, logline.Level(level), component); again != tpl {
				t.Fatalf("line %d: learnt again it went from %d to %d", i, tpl.ID, again.ID)
			}
			if len(tpl.tokens) > 6 {
				t.Fatalf("line %d: %d tokens", i, len(tpl.tokens))
			}
		}
		if len(m.all) > 8+1 {
			t.Fatalf("%d templates of one group, want at most 8 and the overflow", len(m.all))
		}
		for i, tpl := range m.all {
			if tpl.ID != i {
				t.Fatalf("template %d has id %d", i, tpl.ID)
			}
		}
	})
}

func BenchmarkLearn(b *testing.B) {
	messages := make([][]byte, 256)
	size := 0
	for i := range messages {
		messages[i] = fmt.Appendf(nil, "encoder %d refused buffer 0x%x of session %d at /dev/dri/renderD%d", i, i*4096, int64(1e18)+int64(i), 128+i%4)
		size += len(messages[i])
	}
	m := New(Options{})
	b.ReportAllocs()
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, msg := range messages {
			m.Learn(msg, logline.LevelError, messages[0][:7])
		}
	}
	if n := len(m.Templates()); n != 1 {
		b.Fatalf("%d templates, want 1", n)
	}
}

// What MasksHex promises: whatever the hex digits of a word are, the mask is one.
func TestMasksHex(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string // @@@@ are the hex digits
		want bool
	}{
		{"fault at 0x@@@@ in wolf", true},
		{"0x@@@@", true},
		{"ptr=0x@@@@.", true},
		{"/dev/0x@@@@", false},
		{"a.0x@@@@", false},
		{"a0x@@@@", false},
		{"id @@@@ gone", false},
	} {
		from := strings.Index(tt.text, "@@@@")
		if got := MasksHex([]byte(tt.text), from); got != tt.want {
			t.Errorf("MasksHex(%q) = %v, want %v", tt.text, got, tt.want)
		}
		if !tt.want {
			continue
		}
		want := string(Mask(nil, []byte(strings.Replace(tt.text, "@@@@", "1234", 1))))
		for _, digits := range []string{"abcd", "0000", "a1b2", "DEAD"} {
			if got := string(Mask(nil, []byte(strings.Replace(tt.text, "@@@@", digits, 1)))); got != want {
				t.Errorf("%q with %s is masked to %q, with 1234 to %q", tt.text, digits, got, want)
			}
		}
	}
}
